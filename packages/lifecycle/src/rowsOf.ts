import type { Asset, LastJob, LiveJob } from "./asset.ts";
import type { AssetRows, HoldRow, JobRow } from "./rows.ts";
import type { Credits, DurationMs } from "./units.ts";

/**
 * The rows behind an asset as far as an answer shows them: enough for `permittedActions` to agree with the server.
 * Budgets, leases and deadlines are not in an answer and are filled in; never write these rows anywhere.
 */
export function rowsOf(asset: Asset): AssetRows {
  const { currentVersion, liveJob, lastJob } = asset;
  const job = liveJob ?? lastJob;
  const makesCurrent = job === null || job.versionId === currentVersion.id;
  return {
    asset: {
      id: asset.id,
      origin: asset.origin,
      status: asset.status,
      currentVersionId: currentVersion.id,
      errorCode: asset.errorCode,
      errorMessage: asset.errorMessage,
      rowVersion: asset.rowVersion,
      deletedAt: null,
    },
    version: {
      id: job?.versionId ?? currentVersion.id,
      number: makesCurrent ? currentVersion.number : currentVersion.number + 1,
      status: job?.status ?? currentVersion.status,
      hasMedia: makesCurrent && currentVersion.media !== null,
    },
    job: liveJob !== null ? liveJobRow(liveJob) : lastJob !== null ? lastJobRow(lastJob) : null,
    hold: holdOf(liveJob, lastJob),
  };
}

const UNSEEN = {
  losses: 0,
  maxLosses: 1,
  leaseUntil: null,
  firstClaimedAt: null,
  attemptTimeoutMs: 1 as DurationMs,
  jobTimeoutMs: 1 as DurationMs,
} as const;

function liveJobRow(job: LiveJob): JobRow {
  return {
    ...UNSEEN,
    id: job.id,
    versionId: job.versionId,
    status: job.status,
    phase: job.phase,
    attempt: job.attempt,
    failures: job.failures,
    maxFailures: job.maxFailures,
    fraction: job.progress.fraction,
    nextTryAt: job.nextTryAt,
    startedAt: job.startedAt,
    cancelRequestedAt: job.cancelRequested ? SOMETIME : null,
    submission: job.openSubmission ? "open" : "none",
    recoverable: false,
    errorCode: null,
    errorMessage: null,
    endedAt: null,
  };
}

function lastJobRow(job: LastJob): JobRow {
  return {
    ...UNSEEN,
    id: job.id,
    versionId: job.versionId,
    status: job.status,
    phase: null,
    attempt: 0,
    failures: 0,
    maxFailures: 1,
    fraction: null,
    nextTryAt: null,
    startedAt: null,
    cancelRequestedAt: job.cancelRequested ? SOMETIME : null,
    submission: job.endedAtProvider ? "ended" : "none",
    recoverable: job.recoverable,
    errorCode: job.errorCode,
    errorMessage: job.errorMessage,
    endedAt: job.endedAt,
  };
}

const SOMETIME = 0 as NonNullable<JobRow["cancelRequestedAt"]>;

function holdOf(liveJob: LiveJob | null, lastJob: LastJob | null): HoldRow | null {
  if (liveJob !== null) return { state: "held", amount: liveJob.quote };
  if (lastJob === null) return null;
  return lastJob.status === "completed"
    ? { state: "captured", amount: lastJob.charged }
    : { state: "released", amount: 0 as Credits };
}
