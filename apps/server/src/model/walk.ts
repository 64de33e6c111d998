import { viewOf } from "@reelstate/lifecycle";
import { SAMPLE_START } from "@reelstate/lifecycle/testing";
import { newId } from "../ids.ts";
import { EXECUTORS } from "./executors.ts";
import { expectedSaid, expectedShown, shownOf } from "./expectations.ts";
import { NOTHING, playStep } from "./World.ts";
import type { AssetTransition } from "@reelstate/api";
import type { AssetId, SubmissionId } from "@reelstate/lifecycle";
import type { Step } from "@reelstate/lifecycle/testing";
import type { Held } from "./executors.ts";
import type { Studio, Visit } from "./openStudio.ts";
import type { World } from "./World.ts";

/** Somebody walking through the studio with the model in hand. */
export interface Walker {
  /** Takes a step in both; what differs afterwards, in words, or nothing. */
  readonly take: (step: Step) => Promise<readonly string[]>;
  /** Ends what is still being made, as a cancel does: every walk has a way out. */
  readonly leave: () => Promise<readonly string[]>;
}

interface Balance {
  readonly balance: number;
  readonly held: number;
  readonly seq: number;
}

export async function enterStudio(studio: Studio): Promise<Walker> {
  studio.now.at = SAMPLE_START;
  const visit = await studio.enter();
  const before = await balanceOf(studio, visit);
  const held: Held = { assetId: newId<AssetId>(), jobId: null, submissionId: newId<SubmissionId>(), inputId: null };
  let world = NOTHING;
  const steps: Step[] = [];

  async function take(step: Step): Promise<readonly string[]> {
    // A deleted asset's history is no longer told, and most walks end in the bin.
    const wrongBefore = step === "delete" ? await wrongHistory() : [];
    steps.push(step);
    const played = playStep(world, step);
    studio.now.at = played.event?.at ?? studio.now.at;
    const said = await EXECUTORS[step]({ studio, visit, held, world, step, event: played.event });
    const must = expectedSaid(world, step, played);
    world = played.world;
    const wrong = [
      ...differences("said", said, must),
      ...differences("asset", await seenAsset(visit, held), expectedShown(world)),
      ...differences("job", await seenJob(visit, held, world), jobOf(world)),
      ...differences("workspace", await changesSince(studio, visit, before), {
        balance: world.balance,
        held: world.held,
        seq: world.seq,
      }),
    ];
    return [...wrongBefore, ...wrong.map(onTheWay)];
  }

  async function wrongHistory(): Promise<readonly string[]> {
    const events = await seenEvents(visit, held, world);
    return events === null ? [] : differences("history", events, world.records.map(eventOf)).map(onTheWay);
  }

  function onTheWay(difference: string): string {
    return `${steps.join(" ")}: ${difference}`;
  }

  async function leave(): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (let more = wayOut(world); more !== null; more = wayOut(world)) wrong.push(...(await take(more)));
    wrong.push(...(await wrongHistory()));
    const broken = await studio.store.checkInvariants();
    return [...wrong, ...broken.map(({ rule, explanation }) => onTheWay(`[${rule}] ${explanation}`))];
  }

  return { take, leave };
}

/** The next step of ending everything that is alive; null: nothing is. */
function wayOut({ rows, input }: World): Step | null {
  const job = rows?.job ?? null;
  if (job === null || job.endedAt !== null) return input === "making" ? "ready" : null;
  if (job.cancelRequestedAt === null) return "cancel";
  if (job.submission === "intended" || job.submission === "open") return "submission_ended";
  return job.status === "pending" ? "claim" : "settle";
}

async function seenAsset({ api }: Visit, { assetId }: Held) {
  const found = await api.assets.get.query({ id: assetId }).catch((error: unknown) => {
    if (String(error).includes("There is no such asset")) return null;
    throw error;
  });
  return found === null
    ? null
    : shownOf(
        found,
        viewOf(found).actions.map(({ type }) => type),
      );
}

/** A deleted asset's job goes on to its end, and can be seen in the list of jobs (A8). */
async function seenJob({ api }: Visit, { jobId }: Held, { rows }: World) {
  if (rows === null || rows.asset.deletedAt === null || jobId === null) return null;
  const job = (await api.jobs.list.query()).find(({ id }) => id === jobId);
  if (job === undefined) return "missing";
  const { status, phase, attempt, failures, errorCode, endedAt } = job;
  return { status, phase, attempt, failures, errorCode, endedAt };
}

function jobOf({ rows }: World) {
  if (rows === null || rows.asset.deletedAt === null || rows.job === null) return null;
  const { status, phase, attempt, failures, errorCode, endedAt } = rows.job;
  return { status, phase, attempt, failures, errorCode, endedAt };
}

async function balanceOf({ store }: Studio, { api, workspaceId }: Visit): Promise<Balance> {
  const { balance, held } = await api.credits.summary.query();
  const { seq } = await store.feedHead({ workspaceId });
  return { balance, held, seq };
}

async function changesSince(studio: Studio, visit: Visit, before: Balance): Promise<Balance> {
  const now = await balanceOf(studio, visit);
  return { balance: now.balance - before.balance, held: now.held - before.held, seq: now.seq - before.seq };
}

async function seenEvents({ api }: Visit, { assetId }: Held, { rows }: World) {
  if (rows === null || rows.asset.deletedAt !== null) return null;
  return (await api.assets.history.query({ id: assetId })).transitions.map(eventOf);
}

function eventOf({ event, from, to, attempt, jobFrom, jobTo }: World["records"][number] | AssetTransition) {
  return { event, from, to, attempt, jobFrom, jobTo };
}

function differences(what: string, is: unknown, must: unknown): readonly string[] {
  const [found, wanted] = [JSON.stringify(is), JSON.stringify(must)];
  return found === wanted ? [] : [`${what} is ${found}, must be ${wanted}`];
}
