import { and, assign, not, setup } from "xstate";
import { JOB_EFFECTS } from "./jobEffects.ts";
import { JOB_GUARDS } from "./jobGuards.ts";
import { newJobContext } from "./newJobContext.ts";
import type { NewJob } from "./events.ts";
import type { JobEffect } from "./jobEffects.ts";
import type { JobEvent } from "./jobEvents.ts";
import type { JobContext, JobGuard } from "./jobGuards.ts";
import type { VersionId } from "./units.ts";

const job = setup({
  types: {
    context: {} as JobContext,
    events: {} as JobEvent,
    input: {} as { readonly job: NewJob; readonly versionId: VersionId },
  },
  guards: machineGuards(),
  actions: {
    ...machineAssignments(),
    captureHold: () => {},
    releaseHold: () => {},
  },
});

const TO_STORING = {
  guard: and(["live", "fractionValid", "fractionNotBehind", "toStoring"]),
  target: "storing",
  actions: "report",
} as const;
const TO_FETCHING = {
  guard: and(["live", "fractionValid", "fractionNotBehind", "toFetching"]),
  target: "fetching",
  actions: "report",
} as const;
const TO_PROVIDER = {
  guard: and(["live", "fractionValid", "fractionNotBehind", "toAtProvider"]),
  target: "at_provider",
  actions: "report",
} as const;
const TO_SUBMITTING = {
  guard: and(["live", "fractionValid", "fractionNotBehind", "toSubmitting"]),
  target: "submitting",
  actions: "report",
} as const;

const CLAIM = { guard: "due", target: "#job.processing", actions: "start" } as const;

/** A whole job's deadline is final wherever it stands (J10). */
const EXPIRE_WAITING = [
  {
    guard: and(["ofWholeJob", "live", "jobOver", "wished", "nothingAlive"]),
    target: "#job.cancelled",
    actions: "endCancelled",
  },
  { guard: and(["ofWholeJob", "live", "jobOver"]), target: "#job.failed", actions: "endFailed" },
] as const;

/** Nobody can work on it. What may be alive at the provider can be recovered; with nothing alive a wish is an ordinary cancel. */
const REJECT = [
  { guard: and(["explained", "nothingAlive", "wished"]), target: "#job.cancelled", actions: "endCancelled" },
  { guard: "explained", target: "#job.failed", actions: "endRejected" },
] as const;

/**
 * The life of one job. Its states are the job's status and, while it lives, its phase; everything else on its row is
 * context. It invokes nothing and waits for nothing: deadlines are columns, and whoever finds one passed sends the
 * event. Ask it about a stored row with `jobMachine.resolveState({ value, context })`; `advance` asks a table compiled
 * from it.
 *
 * `captureHold` and `releaseHold` name what a job's end does to its hold (C2); provide your own to act on them.
 */
export const jobMachine = job.createMachine({
  id: "job",
  context: ({ input }) => newJobContext(input.job, input.versionId),
  initial: "pending",
  states: {
    pending: {
      initial: "queued",
      on: {
        cancel: [
          { guard: "nothingAlive", target: "cancelled", actions: "endCancelled" },
          { guard: "unwished", target: ".queued", actions: "wishToSettle" },
        ],
      },
      states: {
        waiting_inputs: { on: { ready: { target: "queued", actions: "enqueue" }, reject: REJECT } },
        queued: { on: { claim: CLAIM, expire: EXPIRE_WAITING, reject: REJECT } },
        backoff: { on: { claim: CLAIM, expire: EXPIRE_WAITING, reject: REJECT } },
      },
    },
    processing: {
      initial: "submitting",
      on: {
        complete: { guard: and(["live", "mediaValid"]), target: "completed", actions: "endCompleted" },
        fail: [
          { guard: and(["live", "explained", "wished", "nothingAlive"]), target: "cancelled", actions: "endCancelled" },
          {
            guard: and(["live", "explained", "retryable", "failuresLeft", "wished"]),
            target: "pending.queued",
            actions: "requeueToSettle",
          },
          {
            guard: and(["live", "explained", "retryable", "failuresLeft"]),
            target: "pending.backoff",
            actions: "retryLater",
          },
          { guard: and(["live", "explained"]), target: "failed", actions: "endFailed" },
        ],
        expire: [
          {
            guard: and(["live", "ofWholeJob", "jobOver", "wished", "nothingAlive"]),
            target: "cancelled",
            actions: "endCancelled",
          },
          { guard: and(["live", "ofWholeJob", "jobOver"]), target: "failed", actions: "endFailed" },
          {
            guard: and(["live", not("ofWholeJob"), "attemptOver", "wished", "nothingAlive"]),
            target: "cancelled",
            actions: "endCancelled",
          },
          {
            guard: and(["live", not("ofWholeJob"), "attemptOver", "failuresLeft", "wished"]),
            target: "pending.queued",
            actions: "requeueToSettle",
          },
          {
            guard: and(["live", not("ofWholeJob"), "attemptOver", "failuresLeft"]),
            target: "pending.backoff",
            actions: "retryLater",
          },
          { guard: and(["live", not("ofWholeJob"), "attemptOver"]), target: "failed", actions: "endFailed" },
        ],
        lose: [
          { guard: and(["live", "leaseOver", "wished", "nothingAlive"]), target: "cancelled", actions: "endCancelled" },
          {
            guard: and(["live", "leaseOver", "lossesLeft", "wished"]),
            target: "pending.queued",
            actions: "loseToSettle",
          },
          { guard: and(["live", "leaseOver", "lossesLeft"]), target: "pending.backoff", actions: "loseAndRetry" },
          { guard: and(["live", "leaseOver"]), target: "failed", actions: "endLost" },
        ],
        hand_back: [
          { guard: and(["live", "wished", "nothingAlive"]), target: "cancelled", actions: "endCancelled" },
          { guard: "live", target: "pending.queued", actions: "handBack" },
        ],
        settle: { guard: and(["live", "wished", "nothingAlive"]), target: "cancelled", actions: "endCancelled" },
        cancel: { guard: "unwished", actions: "wish" },
      },
      states: {
        submitting: { on: { progress: [TO_SUBMITTING, TO_PROVIDER, TO_FETCHING, TO_STORING] } },
        at_provider: { on: { progress: [TO_PROVIDER, TO_FETCHING, TO_STORING] } },
        fetching: { on: { progress: [TO_FETCHING, TO_STORING] } },
        storing: { on: { progress: TO_STORING } },
      },
    },
    completed: { type: "final", entry: "captureHold" },
    failed: { type: "final", entry: "releaseHold" },
    cancelled: { type: "final", entry: "releaseHold" },
  },
});

interface Args {
  readonly context: JobContext;
  readonly event: JobEvent;
}

function machineGuards(): { [K in JobGuard]: (args: Args) => boolean } {
  return Object.fromEntries(
    Object.entries(JOB_GUARDS).map(([name, guard]) => [name, ({ context, event }: Args) => guard(context, event)]),
  ) as { [K in JobGuard]: (args: Args) => boolean };
}

function assignmentOf(effect: (job: JobContext, event: never) => Partial<JobContext>) {
  return assign<JobContext, JobEvent, undefined, JobEvent, never>(({ context, event }) =>
    effect(context, event as never),
  );
}

function machineAssignments(): { [K in JobEffect]: ReturnType<typeof assignmentOf> } {
  return Object.fromEntries(Object.entries(JOB_EFFECTS).map(([name, effect]) => [name, assignmentOf(effect)])) as {
    [K in JobEffect]: ReturnType<typeof assignmentOf>;
  };
}
