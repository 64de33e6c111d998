/**
 * Slots, and one line for each model: a claim walks only what could start now, so that thousands of retries which wait for
 * their time, or jobs whose provider is full, cost it nothing.
 */
export const SLOTS: readonly string[] = [
  `CREATE TABLE slot (
  pool text NOT NULL,
  number integer NOT NULL,
  job_id text,
  PRIMARY KEY(pool, number)
) WITHOUT ROWID, STRICT`,
  `CREATE INDEX slot_free ON slot (pool,number) WHERE job_id IS NULL`,
  `CREATE UNIQUE INDEX slot_holder ON slot (job_id,pool) WHERE job_id IS NOT NULL`,
  `DROP INDEX IF EXISTS job_ready`,
  `CREATE INDEX job_queued ON job (workspace_id,model,priority DESC,id) WHERE status = 'pending' AND phase = 'queued'`,
  `CREATE INDEX job_due ON job (workspace_id,model,next_try_at) WHERE status = 'pending' AND phase = 'backoff'`,
];
