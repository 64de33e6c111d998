import type { AssetId, EpochMs } from "@reelstate/lifecycle";

/** Everything that can be found wrong with what a studio keeps, in the order in which it is told. */
export const HEALTH_CHECKS = [
  "database_damaged",
  "schema_changed",
  "events_not_dense",
  "two_live_jobs",
  "job_stuck",
  "two_submissions",
  "submission_untold",
  "submission_outlived",
  "paid_unrecoverable",
  "slot_without_work",
  "work_without_slot",
  "current_version_missing",
  "made_version_not_shown",
  "waits_for_nothing",
  "job_and_version_differ",
  "unknown_live_job",
  "asset_and_version_differ",
  "no_live_job",
  "failure_unexplained",
  "media_not_whole",
  "hold_state_wrong",
  "ledger_lines_wrong",
  "ledger_sum_wrong",
  "held_sum_wrong",
  "spending_wrong",
  "file_missing",
  "file_size_wrong",
  "file_changed",
] as const;
export type HealthCheck = (typeof HEALTH_CHECKS)[number];

export interface HealthFinding {
  readonly check: HealthCheck;
  /** The rule of SPEC.md that does not hold. */
  readonly rule: string;
  /** What it is about: the id of an asset, version, job or workspace, or the key of a file. */
  readonly subject: string;
  readonly assetId: AssetId | null;
  /** A repair may be able to put it right. */
  readonly mendable: boolean;
}

/** How well what is kept fits together, as far as somebody has looked. */
export interface HealthState {
  readonly status: "idle" | "checking" | "repairing";
  /** What is being looked at. */
  readonly step: "backup" | "rows" | "files" | "unused" | null;
  readonly files: { readonly done: number; readonly total: number } | null;
  /** When the last whole check ended; null: none since the studio started. */
  readonly checkedAt: EpochMs | null;
  /** Whether that check read every file's bytes. */
  readonly deep: boolean;
  /** The first of them; `found` says how many there are. */
  readonly findings: readonly HealthFinding[];
  readonly found: number;
  /** Files that nothing refers to: no fault, collected after a day. */
  readonly unused: { readonly files: number; readonly bytes: number } | null;
  /** Where repairs begin: on a database server with the operators' command, because the studio cannot copy it first. */
  readonly repairs: "here" | "by_command";
  /** The last check or repair could not be done to its end. */
  readonly failed: boolean;
  /** The last one; `backup` names the copy of the database as it was before, null where nothing was mended. */
  readonly repair: { readonly at: EpochMs; readonly mended: number; readonly backup: string | null } | null;
}
