/** Why an attempt or a job ended badly. The table of what each means (`errorTable.ts`) is checked against this list. */
export const ERROR_CODES = [
  "content_policy_input",
  "content_policy_output",
  "invalid_input",
  "insufficient_credits",
  "provider_quota",
  "provider_auth",
  "rate_limited",
  "provider_unavailable",
  "timeout",
  "worker_lost",
  "storage_failed",
  "unconfirmed_submit",
  "input_not_ready",
  "internal",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
