import { advance, credits } from "@reelstate/lifecycle";
import { applyStep, stepEvent } from "@reelstate/lifecycle/testing";
import type { AssetRows, Decision, ErrorCode, EventRecord, JobRow, LifecycleEvent } from "@reelstate/lifecycle";
import type { Step } from "@reelstate/lifecycle/testing";

/**
 * One asset and its surroundings as they must be: the machine's rows, and what else the studio keeps about them. Each
 * step's time is the model's, and the store's clock is set to it, so that every column can be compared.
 */
export interface World {
  readonly rows: AssetRows | null;
  /** The picture that `create_waiting` waits for. */
  readonly input: "none" | "making" | "made" | "failed";
  /** Which request, with its idempotency key, made the asset. */
  readonly createdBy: Step | null;
  /** Changes since the workspace began (C3). */
  readonly balance: number;
  readonly held: number;
  readonly seq: number;
  /** The asset's events, oldest first. */
  readonly records: readonly EventRecord[];
}

export const NOTHING: World = {
  rows: null,
  input: "none",
  createdBy: null,
  balance: 0,
  held: 0,
  seq: 0,
  records: [],
};

export interface Played {
  readonly world: World;
  /** Null where no machine decides: evidence, and what the studio refuses before asking it. */
  readonly decision: Decision | null;
  readonly event: LifecycleEvent | null;
}

export const QUOTE = credits(6);

/** What a step does to the world. The machine decides; the rest is what design.md says of the store around it. */
export function playStep(world: World, step: Step): Played {
  const event = eventOf(world, step);
  if (event === null) return { world: withEvidence(world, step), decision: null, event };
  if (inputRefuses(world, step)) return { world, decision: null, event };
  const around = withInput(world, step);
  const decision = advance(world.rows, event);
  return { world: decision.ok ? withDecision(around, decision, step) : around, decision, event };
}

/** A retry of what was waiting for a picture waits for it again (A7), and what nobody can work on has codes of its own. */
function eventOf(world: World, step: Step): LifecycleEvent | null {
  const event = stepEvent(world.rows, step);
  if (event === null) return null;
  if (event.type === "reject" && world.input !== "making") return { ...event, code: nobodysCode(world) };
  const starts = event.type === "retry" || event.type === "regenerate" || event.type === "recover";
  return starts && world.input === "making" ? { ...event, job: { ...event.job, inputs: "waiting" } } : event;
}

/** The model is gone, or the provider that has its submission. */
function nobodysCode({ rows }: World): ErrorCode {
  const submission = rows?.job?.submission;
  return submission === "intended" || submission === "open" ? "provider_unavailable" : "invalid_input";
}

/** A7: inputs are frozen, so what waited for a picture that was not made can never be made. */
export function inputRefuses({ rows, input }: World, step: Step): boolean {
  const starts = step === "retry" || step === "retry_unaffordable" || step === "regenerate" || step === "recover";
  return starts && input === "failed" && rows !== null && rows.asset.deletedAt === null;
}

/** The picture waited for is claimed and then made or not: two events of its own, and the end of its own hold. */
function withInput(world: World, step: Step): World {
  if (world.input !== "making" || (step !== "ready" && step !== "reject")) return world;
  const seq = world.seq + 2;
  const held = world.held - QUOTE;
  return step === "ready"
    ? { ...world, seq, held, balance: world.balance - QUOTE, input: "made" }
    : { ...world, seq, held, input: "failed" };
}

function withDecision(world: World, decision: Extract<Decision, { ok: true }>, step: Step): World {
  const { next, ledger, record } = decision;
  const born = world.rows === null;
  const waits = born && step === "create_waiting";
  return {
    rows: next,
    input: waits ? "making" : world.input,
    createdBy: born ? step : world.createdBy,
    balance: world.balance + (ledger?.balance ?? 0),
    held: world.held + (ledger?.held ?? 0) + (waits ? QUOTE : 0),
    seq: world.seq + (record === null ? 0 : 1) + (waits ? 1 : 0),
    records: record === null ? world.records : [...world.records, record],
  };
}

/** P1, P6: evidence is recorded about a failed job too; a wish lets no new request begin (J7). */
function withEvidence(world: World, step: Step): World {
  const { rows } = world;
  const job = rows?.job ?? null;
  if (rows === null || job === null) return world;
  if (job.status === "failed") return lateEvidence(world, rows, job, step);
  if (step === "submission_intended" && job.cancelRequestedAt !== null) return world;
  return { ...world, rows: applyStep(rows, step).rows };
}

function lateEvidence(world: World, rows: AssetRows, job: JobRow, step: Step): World {
  if (step === "submission_open" && job.submission === "intended") {
    const open = { ...rows, job: { ...job, submission: "open" as const, recoverable: true } };
    return job.recoverable ? { ...world, rows: open } : toldAgain(world, open, job);
  }
  const alive = job.submission === "intended" || job.submission === "open";
  if (step !== "submission_ended" || !alive) return world;
  return { ...world, rows: { ...rows, job: { ...job, submission: "ended" } } };
}

/** What the failure means has changed: the asset's answer is another, and one more event tells it. A deleted one has no answer. */
function toldAgain(world: World, rows: AssetRows, job: JobRow): World {
  if (rows.asset.deletedAt !== null) return { ...world, rows };
  const { status, rowVersion } = rows.asset;
  const record: World["records"][number] = {
    event: "fail",
    from: status,
    to: status,
    jobId: job.id,
    versionId: job.versionId,
    attempt: job.attempt,
    jobFrom: job.status,
    jobTo: job.status,
  };
  const asset = { ...rows.asset, rowVersion: rowVersion + 1 };
  return { ...world, rows: { ...rows, asset }, seq: world.seq + 1, records: [...world.records, record] };
}
