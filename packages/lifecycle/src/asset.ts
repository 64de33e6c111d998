import type { ErrorCode } from "./errorCodes.ts";
import type { AssetType, Phase, Status } from "./status.ts";
import type { AssetId, Credits, DurationMs, EpochMs, JobId, ProjectId, VersionId } from "./units.ts";

/**
 * An asset as it stands in every answer, event and cache: the one shape that `viewOf` reads. Plain JSON: times are
 * epoch milliseconds, ids are strings, what is unknown is null.
 */
export interface Asset {
  readonly id: AssetId;
  readonly projectId: ProjectId;
  readonly type: AssetType;
  /** How its first version came to be. An upload was born completed and can be neither retried nor regenerated. */
  readonly origin: "generated" | "uploaded";
  readonly name: string;
  readonly status: Status;
  /** Raised by every change that can be seen here, latest values of `liveJob` aside (A9). Newer wins; older is dropped (E5). */
  readonly rowVersion: number;
  readonly errorCode: ErrorCode | null;
  readonly errorMessage: string | null;
  readonly currentVersion: AssetVersion;
  readonly liveJob: LiveJob | null;
  readonly lastJob: LastJob | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

export interface AssetVersion {
  readonly id: VersionId;
  /** 1, 2, 3… within the asset. */
  readonly number: number;
  readonly status: Status;
  readonly prompt: string;
  readonly model: string;
  /** Nobody offers its model here any more: what needs it cannot be asked for. A latest value (A9); absent while it is offered. */
  readonly modelGone?: true;
  readonly params: AssetParams;
  readonly inputs: readonly { readonly assetId: AssetId; readonly versionId: VersionId }[];
  readonly media: Media | null;
  /** What its provider said it cost, all tries together; absent where none has told. */
  readonly cost?: Cost;
  readonly createdAt: EpochMs;
}

/** Where an amount comes from: tokens, time or units that the provider reported, at its listed price; or the amount itself. */
export const COST_BASES = ["tokens", "time", "units", "stated"] as const;

/** Real money, as a provider told of it. Nothing is counted in it: credits are held and captured as quoted (C1). */
export interface Cost {
  /** Millionths of a US dollar. */
  readonly usdMicros: number;
  readonly basis: (typeof COST_BASES)[number];
}

/** Everything a person chose, with the model's defaults filled in; frozen at submit. */
export type AssetParams = Readonly<Record<string, unknown>> & {
  readonly aspectRatio?: string;
  readonly resolution?: string;
  /** Milliseconds; video only. */
  readonly durationMs?: number;
  readonly seed?: number;
};

/** What a completed version has (A5). URLs are same-origin paths. */
export interface Media {
  readonly url: string;
  readonly mime: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** Above zero for video, null for images. */
  readonly durationMs: DurationMs | null;
  readonly posterUrl: string;
  readonly thumbUrl: string;
  /** Base64 of a ThumbHash, about 28 bytes: the soft placeholder a picture develops from. */
  readonly thumbhash: string;
}

/**
 * How far an attempt is, labelled honestly (U3).
 * - `measured`: `fraction` 0…1 is the provider's own number; low and high are null.
 * - `estimated`: no number from the provider; `low` and `high` are this model's usual run time in milliseconds (20th
 *   and 80th percentile of its own history), to be read against `startedAt`; fraction is null.
 * - `unknown`: all three are null; show phase and elapsed time.
 */
export interface Progress {
  readonly kind: "measured" | "estimated" | "unknown";
  readonly fraction: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** From a short time to a long one, in milliseconds. */
export interface Span {
  readonly low: DurationMs;
  readonly high: DurationMs;
}

/** A reference picture that is still being made. */
export interface WaitedFor {
  readonly assetId: AssetId;
  readonly name: string;
}

/** `progress`, `queuePosition`, `startsIn`, `waitingFor` and `openSubmission` are latest values: they change without a new row version (A9, E4). */
export interface LiveJob {
  readonly id: JobId;
  readonly versionId: VersionId;
  readonly status: "pending" | "processing";
  readonly attempt: number;
  readonly failures: number;
  readonly maxFailures: number;
  readonly phase: Phase;
  /** When a job in backoff may be claimed again. */
  readonly nextTryAt: EpochMs | null;
  /** When the running attempt was claimed; null while pending. */
  readonly startedAt: EpochMs | null;
  readonly progress: Progress;
  /** Its place in the line for its model: 1 is next; null unless queued, or when the line is longer than is counted. */
  readonly queuePosition: number | null;
  /** How long until it is likely to start, from the model's own history; null without one, or without a limit (U3). */
  readonly startsIn: Span | null;
  /** The references it waits for, while it waits for any (A7). */
  readonly waitingFor: readonly WaitedFor[];
  readonly cancelRequested: boolean;
  /** A submission at the provider may still be alive: a cancel must be settled and may still be charged (J7). */
  readonly openSubmission: boolean;
  readonly quote: Credits;
}

export interface LastJob {
  readonly id: JobId;
  readonly versionId: VersionId;
  readonly status: "completed" | "failed" | "cancelled";
  readonly errorCode: ErrorCode | null;
  readonly errorMessage: string | null;
  /** What it was quoted and held: the price that a person who tries again has seen last (C1). */
  readonly quote: Credits;
  /** Credits taken; 0 when the hold was released. */
  readonly charged: Credits;
  readonly cancelRequested: boolean;
  /** A submission that was paid for can be taken up again by `recover` (P6). */
  readonly recoverable: boolean;
  /** A provider had taken on what it asked for, and ended it: unless that is known to be free, it may have charged for it. */
  readonly endedAtProvider: boolean;
  readonly endedAt: EpochMs;
}
