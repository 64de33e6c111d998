import { credits } from "../units.ts";
import { SAMPLE_START } from "./samples.ts";
import type { Asset, AssetVersion, LastJob, LiveJob, Media, Progress } from "../asset.ts";
import type { AssetRows, HoldRow, JobRow } from "../rows.ts";
import type { ProjectId } from "../units.ts";

/** The answer that a server would give about these rows, with everything the rows do not know filled in. */
export function sampleAsset(rows: AssetRows, change: Partial<Asset> = {}): Asset {
  const { asset, job, hold } = rows;
  const live = job !== null && job.endedAt === null;
  return {
    id: asset.id,
    projectId: "project-1" as ProjectId,
    type: "image",
    origin: asset.origin,
    name: "A lighthouse in fog",
    status: asset.status,
    rowVersion: asset.rowVersion,
    errorCode: asset.errorCode,
    errorMessage: asset.errorMessage,
    currentVersion: currentVersion(rows),
    liveJob: live ? liveJob(job, hold) : null,
    lastJob: job !== null && !live ? lastJob(job, hold) : null,
    createdAt: SAMPLE_START,
    updatedAt: SAMPLE_START,
    ...change,
  };
}

/** Media as an answer shows it. */
export const SAMPLE_MEDIA: Media = {
  url: "/media/9f86d081.png",
  mime: "image/png",
  bytes: 70_000,
  sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  width: 1_024,
  height: 576,
  durationMs: null,
  posterUrl: "/media/9f86d081.png",
  thumbUrl: "/media/9f86d081.webp",
  thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
};

/** The version an asset shows is the job's, or one that completed before it. */
function currentVersion({ asset, version }: AssetRows): AssetVersion {
  const shown =
    asset.currentVersionId === version.id
      ? version
      : ({ ...version, number: version.number - 1, status: "completed", hasMedia: true } as const);
  return {
    id: asset.currentVersionId,
    number: shown.number,
    status: shown.status,
    prompt: "A lighthouse in fog",
    model: "sim/image",
    params: { aspectRatio: "16:9", seed: 7 },
    inputs: [],
    media: shown.hasMedia ? SAMPLE_MEDIA : null,
    createdAt: SAMPLE_START,
  };
}

function liveJob(job: JobRow, hold: HoldRow | null): LiveJob {
  return {
    id: job.id,
    versionId: job.versionId,
    status: job.status === "processing" ? "processing" : "pending",
    attempt: job.attempt,
    failures: job.failures,
    maxFailures: job.maxFailures,
    phase: job.phase ?? "queued",
    nextTryAt: job.nextTryAt,
    startedAt: job.startedAt,
    progress: progressOf(job),
    queuePosition: job.phase === "queued" ? 1 : null,
    startsIn: null,
    waitingFor: [],
    cancelRequested: job.cancelRequestedAt !== null,
    openSubmission: job.submission === "intended" || job.submission === "open",
    quote: hold?.amount ?? credits(0),
  };
}

function lastJob(job: JobRow, hold: HoldRow | null): LastJob {
  return {
    id: job.id,
    versionId: job.versionId,
    status: job.status === "completed" || job.status === "cancelled" ? job.status : "failed",
    errorCode: job.errorCode,
    errorMessage: job.errorMessage,
    quote: hold?.amount ?? credits(0),
    charged: hold?.state === "captured" ? hold.amount : credits(0),
    cancelRequested: job.cancelRequestedAt !== null,
    recoverable: job.recoverable,
    endedAtProvider: job.submission === "ended" && !job.recoverable,
    endedAt: job.endedAt ?? SAMPLE_START,
  };
}

function progressOf({ fraction }: JobRow): Progress {
  return { kind: fraction === null ? "unknown" : "measured", fraction, low: null, high: null };
}
