/** What stands in line, waits or runs, by its phase alone: see `phases.ts`. */
export const PHASES: readonly string[] = [
  `DROP INDEX job_queued`,
  `DROP INDEX job_due`,
  `DROP INDEX job_backoff`,
  `DROP INDEX job_waiting`,
  `DROP INDEX job_processing`,
  `CREATE INDEX job_queued ON job (workspace_id, model, priority DESC, id) WHERE phase = 'queued'`,
  `CREATE INDEX job_due ON job (workspace_id, model, next_try_at) WHERE phase = 'backoff'`,
  `CREATE INDEX job_backoff ON job (next_try_at) WHERE phase = 'backoff'`,
  `CREATE INDEX job_waiting ON job (id) WHERE phase = 'waiting_inputs'`,
  `CREATE INDEX job_processing ON job (workspace_id, id) WHERE phase IN ('submitting', 'at_provider', 'fetching', 'storing')`,
];
