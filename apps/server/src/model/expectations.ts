import { permittedActions } from "@reelstate/lifecycle";
import { STEPS } from "@reelstate/lifecycle/testing";
import { inputRefuses } from "./World.ts";
import type { Asset, JobRow, RefusalReason } from "@reelstate/lifecycle";
import type { Step } from "@reelstate/lifecycle/testing";
import type { Said } from "./executors.ts";
import type { Played, World } from "./World.ts";

const STARTS: readonly Step[] = ["retry", "retry_unaffordable", "regenerate", "recover"];
/** Those who send these are not answered: they act, or find nothing to act on. */
const UNANSWERED: readonly Step[] = STEP_SET("claim", "lose", "expire", "ready", "reject");

function STEP_SET(...events: readonly string[]): readonly Step[] {
  return (Object.keys(STEPS) as readonly Step[]).filter((step) => events.includes(STEPS[step] ?? ""));
}

/** Written by hand from design.md: what people are told where the machine refuses. */
const REFUSED_TO_PEOPLE: Readonly<Partial<Record<RefusalReason, Said>>> = {
  illegal: "409 not_allowed",
  already_ended: "409 already_ended",
  busy: "409 busy",
  not_recoverable: "409 not_recoverable",
  insufficient_credits: "402 insufficient_credits",
  media_invalid: "400 invalid_input",
};

/** What the studio must say to a step, in a world as it was before it. */
export function expectedSaid(world: World, step: Step, { decision, world: next }: Played): Said {
  const { rows } = world;
  const event = STEPS[step];
  if (event === null) return expectedOfEvidence(world, step);
  if (event === "create" || event === "upload") return expectedOfBirth(world, step, decision?.ok ?? false);
  if (step === "cancel" || step === "delete" || STARTS.includes(step)) {
    if (rows === null) return "404 not_found";
    const asItIs = `, row ${rows.asset.rowVersion}`;
    if (inputRefuses(world, step)) return `400 invalid_input${asItIs}`;
    if (decision === null || decision.ok) return "ok";
    // Asking twice for what has been asked for is answered like the first time.
    if (step === "cancel" && decision.why === "unsettled") return "ok";
    if (step === "delete" && decision.why === "deleted") return "ok";
    if (decision.why === "deleted") return "404 not_found";
    return `${REFUSED_TO_PEOPLE[decision.why] ?? decision.why}${asItIs}`;
  }
  // Whoever ended the picture is told so, whatever that means to who waits for it.
  if (next.input !== world.input) return "ok";
  if (UNANSWERED.includes(step)) return decision?.ok === true ? "ok" : "nothing";
  if (rows === null || rows.job === null) return "not_found";
  return decision === null || decision.ok ? "ok" : decision.why;
}

function expectedOfEvidence({ rows }: World, step: Step): Said {
  if (step !== "submission_intended") return "nothing";
  const job = rows?.job ?? null;
  if (job === null) return "not_found";
  if (job.status !== "processing") return job.endedAt === null ? "stale_attempt" : "already_ended";
  if (isAlive(job)) return "submission_alive";
  return job.cancelRequestedAt === null ? "ok" : "unsettled";
}

/** C4: the same key with the same request is the same answer, with another one a conflict. */
function expectedOfBirth({ rows, createdBy }: World, step: Step, taken: boolean): Said {
  if (rows === null) {
    if (taken) return "ok";
    return step === "upload_empty" ? "400 invalid_input" : "402 insufficient_credits";
  }
  if (step === "upload" || step === "upload_empty" || rows.asset.origin === "uploaded") return "thrown";
  const waits = step === "create_waiting";
  return waits === (createdBy === "create_waiting") ? "ok" : "409 idempotency_conflict";
}

function isAlive(job: JobRow): boolean {
  return job.submission === "intended" || job.submission === "open";
}

/** An asset as far as the world tells it: the same from the world's rows and from an answer. */
export interface Shown {
  readonly status: string;
  readonly origin: string;
  readonly rowVersion: number;
  readonly errorCode: string | null;
  readonly explained: boolean;
  readonly version: number;
  readonly hasMedia: boolean;
  readonly live: object | null;
  readonly last: object | null;
  readonly actions: readonly string[];
}

/** What `assets.get` must show; null: nothing, because it is deleted or was never made. */
export function expectedShown({ rows }: World): Shown | null {
  if (rows === null || rows.asset.deletedAt !== null) return null;
  const { asset, version, job, hold } = rows;
  const live = job !== null && job.endedAt === null;
  const shown = asset.currentVersionId === version.id;
  return {
    status: asset.status,
    origin: asset.origin,
    rowVersion: asset.rowVersion,
    errorCode: asset.errorCode,
    explained: asset.errorMessage !== null && asset.errorMessage.trim() !== "",
    version: Number(asset.currentVersionId.slice("version-".length)),
    hasMedia: shown ? version.hasMedia : true,
    live: live ? liveOf(job, isAlive(job)) : null,
    last:
      job !== null && !live
        ? {
            ...lastOf(job),
            charged: hold?.state === "captured" ? hold.amount : 0,
            wished: job.cancelRequestedAt !== null,
          }
        : null,
    actions: permittedActions(rows),
  };
}

/** The same of an answer; `actions` are the card's. */
export function shownOf(asset: Asset, actions: readonly string[]): Shown {
  const { currentVersion, liveJob, lastJob } = asset;
  return {
    status: asset.status,
    origin: asset.origin,
    rowVersion: asset.rowVersion,
    errorCode: asset.errorCode,
    explained: asset.errorMessage !== null && asset.errorMessage.trim() !== "",
    version: currentVersion.number,
    hasMedia: currentVersion.media !== null,
    live:
      liveJob === null
        ? null
        : {
            ...liveOf(
              {
                ...liveJob,
                fraction: liveJob.progress.fraction,
                cancelRequestedAt: liveJob.cancelRequested ? 0 : null,
              },
              liveJob.openSubmission,
            ),
          },
    last: lastJob === null ? null : { ...lastOf(lastJob), charged: lastJob.charged, wished: lastJob.cancelRequested },
    actions,
  };
}

interface Live {
  readonly status: string;
  readonly phase: string | null;
  readonly attempt: number;
  readonly failures: number;
  readonly maxFailures: number;
  readonly fraction: number | null;
  readonly nextTryAt: number | null;
  readonly startedAt: number | null;
  readonly cancelRequestedAt: number | null;
}

/** A submission is shown with a wish only: by itself it is not news (A9). */
function liveOf(job: Live, alive: boolean): object {
  const { status, phase, attempt, failures, maxFailures, fraction, nextTryAt, startedAt } = job;
  const wished = job.cancelRequestedAt !== null;
  return {
    status,
    phase,
    attempt,
    failures,
    maxFailures,
    fraction,
    nextTryAt,
    startedAt,
    wished,
    open: wished && alive,
  };
}

function lastOf(job: {
  readonly status: string;
  readonly errorCode: string | null;
  readonly recoverable: boolean;
  readonly endedAt: number | null;
}): object {
  const { status, errorCode, recoverable, endedAt } = job;
  return { status, errorCode, recoverable, endedAt };
}
