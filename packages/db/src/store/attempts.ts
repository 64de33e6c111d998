import type {
  AssetId,
  AssetParams,
  AssetType,
  Cost,
  Credits,
  DurationMs,
  EpochMs,
  ErrorCode,
  EventRecord,
  JobId,
  RefusalReason,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type { OpenSubmission } from "./submissions.ts";
import type { StoredMedia } from "./keeping.ts";

export interface AttemptRef {
  readonly jobId: JobId;
  readonly attempt: number;
}

/** At most so many submissions of a provider, or of one model, at once. */
export type Limit =
  | { readonly provider: string; readonly slots: number }
  | { readonly model: string; readonly slots: number };

/** What a process can work on; the rest is left to others. */
export interface Offered {
  /** Jobs of these models. */
  readonly models: readonly string[];
  /** Jobs that hold a submission of these providers, whatever their model; of no other provider (P1, P6). */
  readonly providers: readonly string[];
}

/** By the database's clock: whoever arms a timer needs to know no other. */
export interface NextTry {
  readonly now: EpochMs;
  /** How long until a backoff ends; null when nothing waits for its next try. */
  readonly ms: DurationMs | null;
}

export interface Claim extends Offered {
  readonly workerId: string;
  readonly limit: number;
  readonly leaseMs: DurationMs;
  /** Only what a person wished cancelled while something of it may be alive: settling buys nothing (J7). */
  readonly onlyToSettle?: boolean;
}

/** Everything an attempt needs, read in the claiming transaction. */
export interface ClaimedJob extends AttemptRef {
  readonly workspaceId: WorkspaceId;
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly type: AssetType;
  readonly model: string;
  readonly provider: string;
  readonly prompt: string;
  readonly params: AssetParams;
  readonly inputs: readonly { readonly versionId: VersionId; readonly media: StoredMedia }[];
  readonly quote: Credits;
  readonly failures: number;
  readonly losses: number;
  readonly maxFailures: number;
  readonly createdAt: EpochMs;
  readonly attemptDeadlineAt: EpochMs;
  readonly jobDeadlineAt: EpochMs;
  readonly leaseUntil: EpochMs;
  readonly cancelRequested: boolean;
  /** The submission that may still be alive, to be re-attached to (P1). */
  readonly submission: OpenSubmission | null;
}

export interface Completed {
  readonly media: StoredMedia;
  /** What the provider said that it cost (P8). */
  readonly cost?: Cost | undefined;
}

export interface AttemptFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** For the operator's log and the asset's detail; never shown as the reason. */
  readonly detail?: string;
  readonly retryable: boolean;
  readonly backoffMs: DurationMs;
  /** The intended submission can be found by its reference, should it have arrived (P2, P6). */
  readonly recoverable?: boolean;
  /** The provider has made it: what is wrong is on our side, and when the job ends nothing occupies the provider (P7). */
  readonly made?: boolean;
}

/** Zero rows means stop (J9): `ok: false` tells the worker that this attempt is no longer its own. */
export type AttemptOutcome =
  | { readonly ok: true; readonly transition: EventRecord | null; readonly cancelRequested: boolean }
  | { readonly ok: false; readonly why: RefusalReason | "not_found" | "submission_alive" };

export interface Heartbeat extends AttemptRef {
  readonly alive: boolean;
  readonly cancelRequested: boolean;
}

/** Of models and providers, all that any process of this studio has: a waiting job of another is worked on by nobody. */
export interface Sweep extends Offered {
  /** Providers that are set up, and of which nobody can say now what they offer: what waits for them goes on waiting. */
  readonly awaited?: readonly string[];
  /**
   * The revision of the settings that all of this follows from. Where they have changed since, nothing is taken for nobody's: a job
   * may be of a provider that was set up a moment ago. Absent: there are none.
   */
  readonly settings?: number;
  readonly limit: number;
  /** Draws the wait of a job that goes back to pending. */
  readonly drawBackoff: (tries: number) => DurationMs;
}

/** Whose limits stay as they are, for a process that cannot say what they are and shall not take them from those that can (P7). */
export type LimitsKept = Pick<Sweep, "models" | "awaited">;

export interface SweepReport {
  readonly lost: number;
  readonly expired: number;
  readonly released: number;
  readonly rejected: number;
  /** What the log line of each transition needs. */
  readonly transitions: readonly (EventRecord & { readonly assetId: AssetId })[];
}
