import type { ErrorCode } from "./errorCodes.ts";
import type { Phase, Status } from "./status.ts";
import type { AssetId, Credits, DurationMs, EpochMs, JobId, VersionId } from "./units.ts";

/**
 * The rows of one asset, as far as legality depends on them. A store reads them, asks `advance`, and writes back what
 * changed; every other column (prompt, names, keys) is its own affair.
 */
export interface AssetRows {
  readonly asset: AssetRow;
  /** The version that `job` makes; the current one when there is no job. */
  readonly version: VersionRow;
  /** The live job, else the newest ended one; null for an upload or once purged. */
  readonly job: JobRow | null;
  /** The hold of `job`. */
  readonly hold: HoldRow | null;
}

export interface AssetRow {
  readonly id: AssetId;
  readonly origin: "generated" | "uploaded";
  readonly status: Status;
  readonly currentVersionId: VersionId;
  readonly errorCode: ErrorCode | null;
  readonly errorMessage: string | null;
  readonly rowVersion: number;
  readonly deletedAt: EpochMs | null;
}

export interface VersionRow {
  readonly id: VersionId;
  readonly number: number;
  readonly status: Status;
  /** Whether it has verified media in our storage (A5). */
  readonly hasMedia: boolean;
}

export interface JobRow {
  readonly id: JobId;
  readonly versionId: VersionId;
  readonly status: Status;
  /** Null once ended. */
  readonly phase: Phase | null;
  /** The fence: counts claims, never reused (J9). */
  readonly attempt: number;
  readonly failures: number;
  readonly maxFailures: number;
  readonly losses: number;
  readonly maxLosses: number;
  /** 0…1 when measured. */
  readonly fraction: number | null;
  readonly leaseUntil: EpochMs | null;
  readonly nextTryAt: EpochMs | null;
  /** When the running attempt was claimed. */
  readonly startedAt: EpochMs | null;
  readonly firstClaimedAt: EpochMs | null;
  readonly attemptTimeoutMs: DurationMs;
  readonly jobTimeoutMs: DurationMs;
  readonly cancelRequestedAt: EpochMs | null;
  /**
   * Its newest submission: `intended` and `open` may be alive at the provider and paid for; `ended` ended there, and may have been
   * charged for. What never arrived, or is known to have ended for free, is `none`.
   */
  readonly submission: "none" | "intended" | "open" | "ended";
  /** That submission produced something we could still fetch (P6). */
  readonly recoverable: boolean;
  readonly errorCode: ErrorCode | null;
  readonly errorMessage: string | null;
  readonly endedAt: EpochMs | null;
}

export interface HoldRow {
  readonly state: "held" | "captured" | "released";
  readonly amount: Credits;
}
