import { durationMs } from "@reelstate/lifecycle";
import { SAMPLE_BACKOFF, SAMPLE_LEASE } from "@reelstate/lifecycle/testing";
import { isTRPCClientError } from "@trpc/client";
import { newId } from "../ids.ts";
import { INPUT_MODEL, MAIN_MODEL, TOO_MUCH } from "./openStudio.ts";
import { PICTURE, STORED_PICTURE, STORED_VIDEO } from "./samples.ts";
import { QUOTE } from "./World.ts";
import type { AppRouter } from "@reelstate/api/router";
import type { AttemptOutcome, Offered, SweepReport } from "@reelstate/db";
import type { AssetId, JobId, LifecycleEvent, SubmissionId, VersionId } from "@reelstate/lifecycle";
import type { Step } from "@reelstate/lifecycle/testing";
import type { Studio, Visit } from "./openStudio.ts";
import type { World } from "./World.ts";

const PROVIDER = "simulator";
const ALL: Offered = { models: [MAIN_MODEL, INPUT_MODEL], providers: [PROVIDER] };
const ONLY_INPUTS: Offered = { models: [INPUT_MODEL], providers: [] };

/** What the walker knows of the real things that its world stands for. */
export interface Held {
  assetId: AssetId;
  jobId: JobId | null;
  submissionId: SubmissionId;
  inputId: AssetId | null;
}

export interface Turn {
  readonly studio: Studio;
  readonly visit: Visit;
  readonly held: Held;
  /** As it is before the step. */
  readonly world: World;
  readonly step: Step;
  readonly event: LifecycleEvent | null;
}

/**
 * What the studio said: `ok`; `nothing`, where it only does or does not; the store's reason; or, through the API, the
 * HTTP status and the reason, with the row version of the asset that the refusal carries.
 */
export type Said = string;

type Executor = (turn: Turn) => Promise<Said>;

/** One for each step: people's through the API, a worker's and the sweeper's as they call the store. */
export const EXECUTORS: Readonly<Record<Step, Executor>> = {
  create: (turn) => create(turn, []),
  create_waiting: createWaiting,
  create_unaffordable: (turn) => atPrice(turn, TOO_MUCH, () => create(turn, [])),
  upload: (turn) => upload(turn, PICTURE),
  upload_empty: (turn) => upload(turn, Buffer.alloc(0)),
  cancel: ({ visit, held }) => asked(() => visit.api.assets.cancel.mutate({ id: held.assetId })),
  delete: ({ visit, held }) => asked(() => visit.api.assets.delete.mutate({ id: held.assetId })),
  retry: (turn) => startAgain(turn, "retry"),
  retry_unaffordable: (turn) => atPrice(turn, TOO_MUCH, () => startAgain(turn, "retry")),
  regenerate: (turn) => startAgain(turn, "regenerate"),
  recover: (turn) => startAgain(turn, "recover"),

  claim,
  claim_early: claim,
  progress_submitting: progress,
  progress_at_provider: progress,
  progress_fetching: progress,
  progress_storing: progress,
  progress_behind: progress,
  progress_stale: progress,
  complete,
  complete_stale: complete,
  complete_empty: complete,
  fail_retryable: fail,
  fail_final: fail,
  fail_stale: fail,
  hand_back: (turn) => told(turn.studio.store.handBack(attemptOf(turn))),
  settle: (turn) => told(turn.studio.store.settle(attemptOf(turn))),
  submission_intended: intendSubmission,
  submission_open: async ({ studio, held }) => {
    await studio.store.openSubmission({ submissionId: held.submissionId, providerRef: "sim-1" });
    return "nothing";
  },
  submission_ended: async ({ studio, held }) => {
    await studio.store.endSubmission({ submissionId: held.submissionId, outcome: "failed" });
    return "nothing";
  },

  lose: sweep,
  lose_early: sweep,
  expire_attempt: sweep,
  expire_attempt_early: sweepWithLiveWorker,
  expire_job: sweep,
  expire_job_early: sweepWithLiveWorker,
  ready: (turn) => endInput(turn, "complete"),
  reject: (turn) => endInput(turn, "fail"),
};

// — people ————————————————————————————————————————————————————————————————————————————————————————————————————————————

async function asked(ask: () => Promise<unknown>): Promise<Said> {
  try {
    await ask();
    return "ok";
  } catch (error) {
    if (!isTRPCClientError<AppRouter>(error) || error.data === undefined || error.data === null) throw error;
    const { httpStatus, why, asset } = error.data;
    return `${httpStatus} ${why ?? error.message}${asset === undefined ? "" : `, row ${asset.rowVersion}`}`;
  }
}

/** On an asset that exists this is the same key again (C4); an upload has none, and the id itself cannot be taken twice. */
async function create({ studio, visit, held, world }: Turn, inputs: readonly AssetId[]): Promise<Said> {
  if (world.rows?.asset.origin === "uploaded") return takenId(studio, visit, held);
  return asked(async () => {
    const { assets } = await visit.api.assets.create.mutate({
      type: "video",
      prompt: "A lighthouse in fog",
      model: MAIN_MODEL,
      inputs: [...inputs],
      idempotencyKey: "the-asset",
    });
    const [asset] = assets;
    if (world.rows === null && asset !== undefined) {
      held.assetId = asset.id;
      held.jobId = asset.liveJob?.id ?? null;
    }
  });
}

async function createWaiting(turn: Turn): Promise<Said> {
  const { visit, held, world } = turn;
  if (world.rows === null) {
    const { assets } = await visit.api.assets.create.mutate({ type: "image", prompt: "The lamp", model: INPUT_MODEL });
    held.inputId = assets[0]?.id ?? null;
  }
  return create(turn, [held.inputId ?? held.assetId]);
}

async function takenId({ store }: Studio, { workspaceId }: Visit, { assetId }: Held): Promise<Said> {
  const upload = {
    projectId: null,
    versionId: newId<VersionId>(),
    type: "image",
    name: "Picture",
    media: STORED_PICTURE,
  } as const;
  return store.addUpload({ workspaceId, assetId, ...upload }).then(
    () => "ok",
    () => "thrown",
  );
}

async function upload({ studio, visit, held, world }: Turn, bytes: Buffer): Promise<Said> {
  if (world.rows !== null) return takenId(studio, visit, held);
  const outcome = await studio.takeUpload({ workspaceId: visit.workspaceId }, { bytes });
  if (!outcome.ok) return `400 ${outcome.why}`;
  held.assetId = outcome.value.id;
  return "ok";
}

async function startAgain({ visit, held }: Turn, kind: "retry" | "regenerate" | "recover"): Promise<Said> {
  return asked(async () => {
    const { liveJob } = await visit.api.assets[kind].mutate({ id: held.assetId });
    if (liveJob === null) throw new Error(`${kind} was answered without a job.`);
    held.jobId = liveJob.id;
    // A recovery takes the submission along.
    if (kind !== "recover") held.submissionId = newId();
  });
}

async function atPrice({ studio }: Turn, price: number, ask: () => Promise<Said>): Promise<Said> {
  studio.now.price = price;
  try {
    return await ask();
  } finally {
    studio.now.price = QUOTE;
  }
}

// — the worker ————————————————————————————————————————————————————————————————————————————————————————————————————————

async function claim({ studio, held }: Turn): Promise<Said> {
  const claimed = await studio.store.claim({
    workerId: "worker",
    limit: 2,
    leaseMs: SAMPLE_LEASE,
    models: [MAIN_MODEL],
    providers: [PROVIDER],
  });
  const others = claimed.filter(({ jobId }) => jobId !== held.jobId);
  if (others.length > 0) throw new Error("Another path's job was left claimable.");
  return claimed.length === 1 ? "ok" : "nothing";
}

function attemptOf({ held, world, event }: Turn) {
  const attempt = event !== null && "attempt" in event ? event.attempt : (world.rows?.job?.attempt ?? 1);
  return { jobId: held.jobId ?? newId<JobId>(), attempt };
}

async function told(outcome: Promise<AttemptOutcome>): Promise<Said> {
  const said = await outcome;
  return said.ok ? "ok" : said.why;
}

async function progress(turn: Turn): Promise<Said> {
  if (turn.event?.type !== "progress") throw new Error(`${turn.step} is no progress.`);
  const { phase, fraction } = turn.event;
  return told(turn.studio.store.progress({ ...attemptOf(turn), phase, fraction }));
}

async function complete(turn: Turn): Promise<Said> {
  if (turn.event?.type !== "complete") throw new Error(`${turn.step} completes nothing.`);
  const media = { ...STORED_VIDEO, bytes: turn.event.media.bytes };
  return told(turn.studio.store.complete({ ...attemptOf(turn), media }));
}

async function fail(turn: Turn): Promise<Said> {
  if (turn.event?.type !== "fail") throw new Error(`${turn.step} is no failure.`);
  const { code, message, retryable, backoffMs } = turn.event;
  return told(turn.studio.store.fail({ ...attemptOf(turn), code, message, retryable, backoffMs }));
}

async function intendSubmission(turn: Turn): Promise<Said> {
  const submissionId = newId<SubmissionId>();
  const clientRef = submissionId;
  const said = await told(
    turn.studio.store.intendSubmission({ ...attemptOf(turn), submissionId, clientRef, provider: PROVIDER }),
  );
  if (said === "ok") turn.held.submissionId = submissionId;
  return said;
}

// — the sweeper, and the picture waited for ———————————————————————————————————————————————————————————————————————————

async function sweep({ studio }: Turn, offered: Offered = ALL): Promise<Said> {
  const report: SweepReport = await studio.store.sweep({ limit: 10, drawBackoff: () => SAMPLE_BACKOFF, ...offered });
  return report.transitions.length > 0 ? "ok" : "nothing";
}

/** Just before a deadline, while heartbeats hold the lease; then the lease is set back to what the model says. */
async function sweepWithLiveWorker(turn: Turn): Promise<Said> {
  const { now } = turn.studio;
  const job = turn.world.rows?.job ?? null;
  const at = now.at;
  const attemptEnds = job?.startedAt === null || job === null ? Infinity : job.startedAt + job.attemptTimeoutMs;
  const jobEnds = job?.firstClaimedAt === null || job === null ? Infinity : job.firstClaimedAt + job.jobTimeoutMs;
  const soonest = Math.min(attemptEnds, jobEnds);
  if (Number.isFinite(soonest)) now.at = soonest - 1;
  await beat(turn, SAMPLE_LEASE);
  const said = await sweep(turn);
  now.at = job?.leaseUntil ?? at;
  await beat(turn, 0);
  now.at = at;
  return said;
}

async function beat(turn: Turn, leaseMs: number): Promise<void> {
  await turn.studio.store.heartbeat({ leaseMs: durationMs(leaseMs), attempts: [attemptOf(turn)] });
}

/** The picture that the asset waits for is made or not. Where none is: a sweep re-checks, or finds the model gone. */
async function endInput(turn: Turn, how: "complete" | "fail"): Promise<Said> {
  const { store } = turn.studio;
  if (turn.world.input !== "making") return sweep(turn, how === "fail" ? ONLY_INPUTS : undefined);
  const [input] = await store.claim({ workerId: "worker", limit: 1, leaseMs: SAMPLE_LEASE, ...ONLY_INPUTS });
  if (input === undefined) throw new Error("The picture waited for could not be claimed.");
  const failure = {
    code: "content_policy_input",
    message: "No.",
    retryable: false,
    backoffMs: SAMPLE_BACKOFF,
  } as const;
  return how === "complete"
    ? told(store.complete({ ...input, media: STORED_PICTURE }))
    : told(store.fail({ jobId: input.jobId, attempt: input.attempt, ...failure }));
}
