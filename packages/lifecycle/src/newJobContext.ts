import type { NewJob } from "./events.ts";
import type { JobContext } from "./jobGuards.ts";
import type { VersionId } from "./units.ts";

/** What a job is born with (J1), its place aside. */
export function newJobContext(job: NewJob, versionId: VersionId): JobContext {
  return {
    id: job.id,
    versionId,
    attempt: 0,
    failures: 0,
    maxFailures: job.maxFailures,
    losses: 0,
    maxLosses: job.maxLosses,
    fraction: null,
    leaseUntil: null,
    nextTryAt: null,
    startedAt: null,
    firstClaimedAt: null,
    attemptTimeoutMs: job.attemptTimeoutMs,
    jobTimeoutMs: job.jobTimeoutMs,
    cancelRequestedAt: null,
    submission: "none",
    recoverable: false,
    errorCode: null,
    errorMessage: null,
    endedAt: null,
  };
}
