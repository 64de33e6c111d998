import type { AssetId, DurationMs, VersionId, WorkspaceId } from "@reelstate/lifecycle";

/** Media whose bytes are verified and visible in storage. Keys are content hashes. */
export interface StoredMedia {
  readonly key: string;
  readonly mime: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly durationMs: DurationMs | null;
  readonly posterKey: string;
  readonly thumbKey: string;
  readonly thumbhash: string;
}

/** What can be found wrong with rows. */
export type CheckName =
  | "no_live_job"
  | "job_and_version_differ"
  | "unknown_live_job"
  | "asset_and_version_differ"
  | "current_version_missing"
  | "made_version_not_shown"
  | "failure_unexplained"
  | "media_not_whole"
  | "waits_for_nothing"
  | "hold_state_wrong"
  | "ledger_lines_wrong"
  | "ledger_sum_wrong"
  | "held_sum_wrong"
  | "spending_wrong"
  | "events_not_dense"
  | "job_stuck"
  | "two_live_jobs"
  | "two_submissions"
  | "submission_untold"
  | "submission_outlived"
  | "paid_unrecoverable"
  | "slot_without_work"
  | "work_without_slot"
  | "schema_changed"
  | "database_damaged";

export interface Finding {
  readonly check: CheckName;
  readonly rule: string;
  /** The id of the asset, version, job or workspace that it is about. */
  readonly subject: string;
  /** Null: it is about the whole database. */
  readonly workspaceId: WorkspaceId | null;
  /** Null: it is about no one asset. */
  readonly assetId: AssetId | null;
  readonly explanation: string;
  /** `mend` may be able to put it right. */
  readonly mendable: boolean;
}

export interface MendRequest {
  readonly check: CheckName;
  readonly subject: string;
}

/** `gone`: it is not broken (any more). `cannot`: it is, and nothing was changed. */
export type Mended = "mended" | "gone" | "cannot";

/** The files of one version, as its row tells of them. */
export interface MediaFiles {
  readonly versionId: VersionId;
  readonly assetId: AssetId;
  readonly workspaceId: WorkspaceId;
  readonly assetName: string;
  readonly key: string;
  readonly bytes: number;
  readonly posterKey: string;
  readonly thumbKey: string;
}

export interface PrunePolicy {
  readonly eventsOlderThanMs: DurationMs;
  readonly jobsOlderThanMs: DurationMs;
  readonly keysOlderThanMs: DurationMs;
  readonly binOlderThanMs: DurationMs;
  /** How many rows of a kind one call removes at most, so that no transaction is long. */
  readonly limit: number;
}

export interface PruneReport {
  readonly events: number;
  readonly jobs: number;
  readonly keys: number;
  readonly assets: number;
}
