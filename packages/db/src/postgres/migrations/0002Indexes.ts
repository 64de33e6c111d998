/**
 * For questions that are asked again and again and read a growing table from its beginning to its end: whose time is over
 * (every sweep), what is past its period (every hour), and a workspace's newest jobs and ledger entries.
 */
export const INDEXES: readonly string[] = [
  `CREATE INDEX job_deadline ON job ((first_claimed_at + job_timeout_ms)) WHERE first_claimed_at IS NOT NULL AND ended_at IS NULL`,
  `CREATE INDEX job_ended ON job (ended_at, id) WHERE ended_at IS NOT NULL AND NOT recoverable`,
  `CREATE INDEX job_newest ON job (workspace_id, id)`,
  `CREATE INDEX asset_bin ON asset (deleted_at) WHERE deleted_at IS NOT NULL`,
  `CREATE INDEX credit_entry_workspace ON credit_entry (workspace_id, id)`,
];
