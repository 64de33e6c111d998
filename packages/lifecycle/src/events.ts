import type { ErrorCode } from "./errorCodes.ts";
import type { ProcessingPhase } from "./status.ts";
import type { AssetId, Credits, DurationMs, EpochMs, JobId, VersionId } from "./units.ts";

/**
 * Everything that can happen to an asset. Each carries `at`, the database's clock; those sent by a worker carry the
 * `attempt` it claimed, which is checked against the row's (J9).
 */
export type LifecycleEvent =
  | CreateEvent
  | UploadEvent
  | StartEvent
  | { readonly type: "delete"; readonly at: EpochMs }
  | { readonly type: "claim"; readonly at: EpochMs; readonly leaseMs: DurationMs }
  | ProgressEvent
  | { readonly type: "complete"; readonly at: EpochMs; readonly attempt: number; readonly media: MediaFacts }
  | FailEvent
  | { readonly type: "hand_back"; readonly at: EpochMs; readonly attempt: number }
  /** The worker has stopped after a cancel wish, and nothing is alive at the provider. */
  | { readonly type: "settle"; readonly at: EpochMs; readonly attempt: number }
  /** The sweeper found the lease over. */
  | { readonly type: "lose"; readonly at: EpochMs; readonly attempt: number; readonly backoffMs: DurationMs }
  /** A deadline passed: the attempt's is a retryable failure, the job's is final (J10). */
  | {
      readonly type: "expire";
      readonly at: EpochMs;
      readonly attempt: number;
      readonly scope: "attempt" | "job";
      readonly backoffMs: DurationMs;
    }
  /** A person's wish to cancel (J7). */
  | { readonly type: "cancel"; readonly at: EpochMs }
  /** The inputs are all completed. */
  | { readonly type: "ready"; readonly at: EpochMs }
  /** Nobody can work on the job: an input failed, its model is gone, or the provider that has its submission. */
  | { readonly type: "reject"; readonly at: EpochMs; readonly code: ErrorCode; readonly message: string };

export type LifecycleEventType = LifecycleEvent["type"];

/** What a new job brings with it. `available` is the workspace's balance − held at this moment (C1). */
export interface NewJob {
  readonly id: JobId;
  readonly maxFailures: number;
  readonly maxLosses: number;
  readonly attemptTimeoutMs: DurationMs;
  readonly jobTimeoutMs: DurationMs;
  readonly quote: Credits;
  readonly available: Credits;
  readonly inputs: "ready" | "waiting";
}

export interface CreateEvent {
  readonly type: "create";
  readonly at: EpochMs;
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly job: NewJob;
}

export interface UploadEvent {
  readonly type: "upload";
  readonly at: EpochMs;
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly media: MediaFacts;
}

/**
 * A person starts work on an asset that has none under way.
 * - `retry` tries the last job's version again; `versionId` must be that version's.
 * - `regenerate` makes a new version `versionId` numbered `versionNumber`.
 * - `recover` takes up the paid submission of a failed job, for the same version (P6).
 */
export interface StartEvent {
  readonly type: "retry" | "regenerate" | "recover";
  readonly at: EpochMs;
  readonly versionId: VersionId;
  readonly versionNumber: number;
  readonly job: NewJob;
}

export interface ProgressEvent {
  readonly type: "progress";
  readonly at: EpochMs;
  readonly attempt: number;
  readonly phase: ProcessingPhase;
  /** 0…1 as the provider measured it, else null. */
  readonly fraction: number | null;
}

export interface FailEvent {
  readonly type: "fail";
  readonly at: EpochMs;
  readonly attempt: number;
  readonly code: ErrorCode;
  /** For people; never empty (A4). */
  readonly message: string;
  readonly retryable: boolean;
  /** The wait before the next attempt, jitter already drawn by the caller (`backoff`), or the provider's Retry-After. */
  readonly backoffMs: DurationMs;
}

/** What must be true of media before a version may complete (A5). */
export interface MediaFacts {
  readonly kind: "image" | "video";
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly durationMs: DurationMs | null;
  readonly hasPoster: boolean;
  readonly hasThumb: boolean;
}
