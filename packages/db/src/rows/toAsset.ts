import type {
  Asset,
  AssetVersion,
  Credits,
  LastJob,
  LiveJob,
  Media,
  Progress,
  Span,
  WaitedFor,
} from "@reelstate/lifecycle";
import type { AssetRecord, JobRecord, VersionRecord } from "./records.ts";
import type { RunTime } from "./usualRun.ts";

/** What an answer needs to know besides rows. */
export interface Surroundings {
  /** Where a browser finds the media with a key. */
  readonly mediaUrl: (key: string) => string;
  /** Whether any process of this studio offers a model. */
  readonly offers: (model: string) => boolean;
}

export interface AssetParts {
  readonly asset: AssetRecord;
  /** The current one. */
  readonly version: VersionRecord;
  /** The newest one. */
  readonly job: JobRecord | null;
}

/** What a live job's own row does not tell. */
export interface JobFacts {
  /** Its place in line, while it is queued and the line is not longer than anyone counts. */
  readonly place: number | null;
  readonly startsIn: Span | null;
  readonly waitingFor: readonly WaitedFor[];
  /** Its model's usual run time, where it has a history. */
  readonly usual: RunTime | null;
}

export const NO_FACTS: JobFacts = { place: null, startsIn: null, waitingFor: [], usual: null };

function isLive({ status }: Pick<JobRecord, "status">): boolean {
  return status === "pending" || status === "processing";
}

/** Rows as an answer shows them. */
export function toAsset(around: Surroundings, record: AssetParts, facts: JobFacts): Asset {
  const { asset: row, job: newest } = record;
  const live = newest !== null && isLive(newest);
  return {
    id: row.id,
    projectId: row.projectId,
    type: row.type,
    origin: row.origin,
    name: row.name,
    status: row.status,
    rowVersion: row.rowVersion,
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    currentVersion: toVersion(around, record.version),
    liveJob: live ? toLiveJob(newest, facts) : null,
    lastJob: newest === null || live ? null : toLastJob(newest),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function toVersion(around: Surroundings, row: VersionRecord): AssetVersion {
  const { id, number, status, prompt, model, params, inputs, createdAt } = row;
  // An upload has no model, which is no loss.
  const gone = model !== "" && !around.offers(model) ? ({ modelGone: true } as const) : {};
  const media = toMedia(around, row);
  return { id, number, status, prompt, model, ...gone, params, inputs, media, ...costOf(row), createdAt };
}

function costOf({ costMicros, costBasis }: VersionRecord): Pick<AssetVersion, "cost"> {
  return costMicros === null || costBasis === null ? {} : { cost: { usdMicros: costMicros, basis: costBasis } };
}

function toMedia({ mediaUrl }: Surroundings, row: VersionRecord): Media | null {
  const { mediaKey, mime, bytes, sha256, width, height, posterKey, thumbKey, thumbhash } = row;
  if (mediaKey === null || mime === null || bytes === null || sha256 === null || width === null || height === null)
    return null;
  if (posterKey === null || thumbKey === null || thumbhash === null) return null;
  return {
    url: mediaUrl(mediaKey),
    mime,
    bytes,
    sha256,
    width,
    height,
    durationMs: row.durationMs,
    posterUrl: mediaUrl(posterKey),
    thumbUrl: mediaUrl(thumbKey),
    thumbhash,
  };
}

function toLiveJob(row: JobRecord, facts: JobFacts): LiveJob {
  const wished = row.cancelRequestedAt !== null;
  return {
    id: row.id,
    versionId: row.versionId,
    status: row.status as LiveJob["status"],
    attempt: row.attempt,
    failures: row.failures,
    maxFailures: row.maxFailures,
    phase: row.phase ?? "queued",
    nextTryAt: row.nextTryAt,
    startedAt: row.startedAt,
    progress: toProgress(row.fraction, facts.usual),
    queuePosition: facts.place,
    startsIn: facts.startsIn,
    waitingFor: facts.waitingFor,
    cancelRequested: wished,
    // Shown only with a wish, which raises the row version; by itself a submission's coming and going is not news (A9).
    openSubmission: wished && (row.submission === "open" || row.submission === "intended"),
    quote: row.quote,
  };
}

function toLastJob(row: JobRecord): LastJob | null {
  if (row.endedAt === null) return null;
  return {
    id: row.id,
    versionId: row.versionId,
    status: row.status as LastJob["status"],
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    quote: row.quote,
    charged: row.holdState === "captured" ? row.quote : (0 as Credits),
    cancelRequested: row.cancelRequestedAt !== null,
    recoverable: row.recoverable,
    endedAtProvider: row.submission === "ended" && !row.recoverable,
    endedAt: row.endedAt,
  };
}

/** Measured when the provider gave a number; else the model's own history, when it has one (U3). */
export function toProgress(fraction: number | null, usual: RunTime | null): Progress {
  if (fraction !== null) return { kind: "measured", fraction, low: null, high: null };
  if (usual !== null) return { kind: "estimated", fraction: null, ...usual };
  return { kind: "unknown", fraction: null, low: null, high: null };
}
