import { mediaIsValid } from "./mediaIsValid.ts";
import type { RefusalReason } from "./decision.ts";
import type { JobEvent } from "./jobEvents.ts";
import type { JobRow } from "./rows.ts";
import type { ProcessingPhase } from "./status.ts";

/** A job's columns apart from its place (`status` and `phase`), which is the machine's state. */
export type JobContext = Omit<JobRow, "status" | "phase">;

type Guard = (job: JobContext, event: JobEvent) => boolean;

/** The questions the job machine asks of a row and an event. Each is true in the case that lets more happen. */
export const JOB_GUARDS = {
  /** The event's attempt is the row's (J9). */
  live: (job, event) => "attempt" in event && event.attempt === job.attempt,
  due: (job, event) => job.nextTryAt === null || job.nextTryAt <= event.at,
  leaseOver: (job, event) => job.leaseUntil === null || job.leaseUntil <= event.at,
  attemptOver: (job, event) => job.startedAt !== null && job.startedAt + job.attemptTimeoutMs <= event.at,
  jobOver: (job, event) => job.firstClaimedAt !== null && job.firstClaimedAt + job.jobTimeoutMs <= event.at,
  ofWholeJob: (_job, event) => event.type === "expire" && event.scope === "job",
  wished: (job) => job.cancelRequestedAt !== null,
  unwished: (job) => job.cancelRequestedAt === null,
  nothingAlive: (job) => job.submission === "none" || job.submission === "ended",
  retryable: (_job, event) => event.type === "fail" && event.retryable,
  failuresLeft: (job) => job.failures + 1 < job.maxFailures,
  lossesLeft: (job) => job.losses + 1 < job.maxLosses,
  /** A failure says something to people (A4). */
  explained: (_job, event) => "message" in event && event.message.trim() !== "",
  mediaValid: (_job, event) => event.type === "complete" && mediaIsValid(event.media),
  /** A fraction is a number from 0 to 1, or none. */
  fractionValid: (_job, event) =>
    event.type === "progress" && (event.fraction === null || (event.fraction >= 0 && event.fraction <= 1)),
  fractionNotBehind: (job, event) =>
    event.type === "progress" && (event.fraction === null || job.fraction === null || event.fraction >= job.fraction),
  toSubmitting: reports("submitting"),
  toAtProvider: reports("at_provider"),
  toFetching: reports("fetching"),
  toStoring: reports("storing"),
} as const satisfies Record<string, Guard>;

export type JobGuard = keyof typeof JOB_GUARDS;

/** Why an event is refused when this is the first question answered no; a guard that only chooses a way has no reason. */
export const JOB_GUARD_REFUSALS: Readonly<Partial<Record<JobGuard, RefusalReason>>> = {
  live: "stale_attempt",
  due: "not_due",
  leaseOver: "not_due",
  attemptOver: "not_due",
  jobOver: "not_due",
  unwished: "unsettled",
  nothingAlive: "unsettled",
  explained: "illegal",
  mediaValid: "media_invalid",
  fractionValid: "illegal",
  fractionNotBehind: "backwards",
  toSubmitting: "backwards",
  toAtProvider: "backwards",
  toFetching: "backwards",
  toStoring: "backwards",
};

function reports(phase: ProcessingPhase): Guard {
  return (_job, event) => event.type === "progress" && event.phase === phase;
}
