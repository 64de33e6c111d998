import type { Asset, AssetVersion, Credits, LastJob, LiveJob, Media, Progress, WaitedFor } from "@reelstate/lifecycle";
import { placeInLine, startsIn } from "./placeInLine.ts";
import { usualRunTime } from "./usualRunTime.ts";
import type { AssetRecord, JobRecord, VersionRecord } from "../rowStatements.ts";
import type { Session } from "../Session.ts";

export interface AssetParts {
  readonly asset: AssetRecord;
  /** The current one. */
  readonly version: VersionRecord;
  /** The newest one. */
  readonly job: JobRecord | null;
}

const NOTHING: readonly WaitedFor[] = [];

/** Rows as an answer shows them. */
export function toAsset(session: Session, record: AssetParts): Asset {
  const { asset: row, job: newest } = record;
  const live = newest !== null && (newest.status === "pending" || newest.status === "processing");
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
    currentVersion: toVersion(session, record.version),
    liveJob: live ? toLiveJob(session, newest) : null,
    lastJob: newest === null || live ? null : toLastJob(newest),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function toVersion(session: Session, row: VersionRecord): AssetVersion {
  const { id, number, status, prompt, model, params, inputs, createdAt } = row;
  // An upload has no model, which is no loss.
  const gone = model !== "" && !session.offers(model) ? ({ modelGone: true } as const) : {};
  return { id, number, status, prompt, model, ...gone, params, inputs, media: toMedia(session, row), createdAt };
}

function toMedia({ mediaUrl }: Session, row: VersionRecord): Media | null {
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

function toLiveJob(session: Session, row: JobRecord): LiveJob {
  const wished = row.cancelRequestedAt !== null;
  const place = row.phase === "queued" && session.offers(row.model) ? placeInLine(session, row) : null;
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
    progress: toProgress(session, row),
    queuePosition: place,
    startsIn: place === null ? null : startsIn(session, row, place),
    waitingFor: row.phase === "waiting_inputs" ? (session.sql.waitsForAssets.all(row.id) as WaitedFor[]) : NOTHING,
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
    endedAt: row.endedAt,
  };
}

/** Measured when the provider gave a number; else the model's own history, when it has one (U3). */
export function toProgress(session: Session, row: Pick<JobRecord, "fraction" | "model" | "status">): Progress {
  if (row.fraction !== null) return { kind: "measured", fraction: row.fraction, low: null, high: null };
  if (row.status === "processing") {
    const usual = usualRunTime(session, row.model);
    if (usual !== null) return { kind: "estimated", fraction: null, ...usual };
  }
  return { kind: "unknown", fraction: null, low: null, high: null };
}
