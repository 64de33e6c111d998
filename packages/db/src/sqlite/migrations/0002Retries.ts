/**
 * The next job whose backoff ends, found without looking through the line. And of what the first version recovered, only
 * the job that inherited the submission answers for it (P6).
 */
export const RETRIES: readonly string[] = [
  `CREATE INDEX job_backoff ON job (next_try_at) WHERE status = 'pending' AND phase = 'backoff'`,
  `UPDATE job SET submission = 'none', recoverable = 0
   WHERE status IN ('completed', 'failed', 'cancelled') AND submission IN ('intended', 'open')
     AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.job_id = job.id AND s.state <> 'ended')`,
];
