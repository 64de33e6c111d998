import type { JobEvent, JobEventType } from "./jobEvents.ts";
import type { JobContext } from "./jobGuards.ts";

type EventOf<T extends JobEventType> = Extract<JobEvent, { readonly type: T }>;
type Patch = Partial<JobContext>;

const STOPPED = { leaseUntil: null, startedAt: null, nextTryAt: null, fraction: null } as const;

/** What each transition writes on the job's row, its place aside. Shared by the machine's `assign` and by `advance`. */
export const JOB_EFFECTS = {
  start: (job: JobContext, event: EventOf<"claim">): Patch => ({
    attempt: job.attempt + 1,
    leaseUntil: (event.at + event.leaseMs) as JobContext["leaseUntil"],
    startedAt: event.at,
    firstClaimedAt: job.firstClaimedAt ?? event.at,
    nextTryAt: null,
    fraction: null,
  }),
  /** A report without a number keeps the last one: the attempt is no less far than it was. */
  report: (job: JobContext, event: EventOf<"progress">): Patch => ({ fraction: event.fraction ?? job.fraction }),
  wish: (_job: JobContext, event: EventOf<"cancel">): Patch => ({ cancelRequestedAt: event.at }),
  /** The wish makes a waiting job claimable at once, so that a worker can settle it. */
  wishToSettle: (_job: JobContext, event: EventOf<"cancel">): Patch => ({
    cancelRequestedAt: event.at,
    nextTryAt: null,
  }),
  enqueue: (): Patch => ({ nextTryAt: null }),
  handBack: (): Patch => STOPPED,
  retryLater: (job: JobContext, event: EventOf<"fail" | "expire">): Patch => ({
    ...STOPPED,
    ...failureOf(event),
    failures: job.failures + 1,
    nextTryAt: (event.at + event.backoffMs) as JobContext["nextTryAt"],
  }),
  requeueToSettle: (job: JobContext, event: EventOf<"fail" | "expire">): Patch => ({
    ...STOPPED,
    ...failureOf(event),
    failures: job.failures + 1,
  }),
  loseAndRetry: (job: JobContext, event: EventOf<"lose">): Patch => ({
    ...STOPPED,
    losses: job.losses + 1,
    nextTryAt: (event.at + event.backoffMs) as JobContext["nextTryAt"],
  }),
  loseToSettle: (job: JobContext): Patch => ({ ...STOPPED, losses: job.losses + 1 }),
  endCompleted: (_job: JobContext, event: EventOf<"complete">): Patch => ({
    ...STOPPED,
    errorCode: null,
    errorMessage: null,
    recoverable: false,
    endedAt: event.at,
  }),
  endFailed: (job: JobContext, event: EventOf<"fail" | "expire">): Patch => ({
    ...STOPPED,
    ...finalFailureOf(job, event),
    failures: event.type === "expire" && event.scope === "job" ? job.failures : job.failures + 1,
    recoverable: paidFor(job),
    endedAt: event.at,
  }),
  endRejected: (job: JobContext, event: EventOf<"reject">): Patch => ({
    ...STOPPED,
    ...(unconfirmed(job) ?? { errorCode: event.code, errorMessage: event.message }),
    recoverable: paidFor(job),
    endedAt: event.at,
  }),
  endLost: (job: JobContext, event: EventOf<"lose">): Patch => ({
    ...STOPPED,
    ...(unconfirmed(job) ?? { errorCode: "worker_lost", errorMessage: WORKER_LOST }),
    losses: job.losses + 1,
    recoverable: paidFor(job),
    endedAt: event.at,
  }),
  endCancelled: (job: JobContext, event: JobEvent): Patch => ({
    ...STOPPED,
    errorCode: null,
    errorMessage: null,
    cancelRequestedAt: job.cancelRequestedAt ?? event.at,
    recoverable: false,
    endedAt: event.at,
  }),
};

export type JobEffect = keyof typeof JOB_EFFECTS;

const WORKER_LOST = "The worker making this stopped answering, too many times in a row.";
const UNCONFIRMED = "Whether the provider accepted the request is not known: its answer never came.";
const TIMEOUT_ATTEMPT = "This attempt took longer than the model is allowed.";
const TIMEOUT_JOB = "This took longer than the model is allowed.";

function failureOf(event: EventOf<"fail" | "expire">): Pick<JobContext, "errorCode" | "errorMessage"> {
  if (event.type === "fail") return { errorCode: event.code, errorMessage: event.message };
  return { errorCode: "timeout", errorMessage: event.scope === "job" ? TIMEOUT_JOB : TIMEOUT_ATTEMPT };
}

/** A job that ends while nobody knows whether its request arrived says so, whatever ended it (P2). */
function finalFailureOf(
  job: JobContext,
  event: EventOf<"fail" | "expire">,
): Pick<JobContext, "errorCode" | "errorMessage"> {
  return unconfirmed(job) ?? failureOf(event);
}

function unconfirmed(
  job: JobContext,
): { readonly errorCode: "unconfirmed_submit"; readonly errorMessage: string } | null {
  return job.submission === "intended" ? { errorCode: "unconfirmed_submit", errorMessage: UNCONFIRMED } : null;
}

/** An open submission is paid for and may still produce something; whether an intended one can be found, its row says (P6). */
function paidFor(job: JobContext): boolean {
  return job.recoverable || job.submission === "open";
}
