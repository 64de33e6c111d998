import { applyStep, assertExecutors, coarseStateKey, explore, STEP_NAMES, STEPS } from "@reelstate/lifecycle/testing";
import { expect, it } from "vitest";
import { openStudio } from "./openStudio.ts";
import { playedAsset } from "./stepExecutors.ts";
import type { AssetRows } from "@reelstate/lifecycle";
import type { ReachableState, Step } from "@reelstate/lifecycle/testing";
import type { OpenStore, Studio } from "./openStudio.ts";
import type { Answer, PlayedAsset } from "./stepExecutors.ts";

/** Evidence first: after a wish a store takes no new intent, and the shortest paths should not need one. */
const ORDER = STEP_NAMES.toSorted((a, b) => Number(STEPS[a] !== null) - Number(STEPS[b] !== null));
const MODEL_TIMEOUT_MS = 60_000;

/**
 * Every state of the lifecycle's model × every step, legal or not, on a real store: its statuses, phase, attempt, budgets
 * and row version must be the model's afterwards, its refusals the model's, and its invariants whole. Where each step costs a
 * server's answers, one state in so many.
 */
export function storeModel(openStore: OpenStore, { oneIn = 1 }: { readonly oneIn?: number } = {}): void {
  it(
    "[model] the store does in every reachable state what the machine says of every step",
    async () => {
      const states = [...explore({ steps: ORDER, identify: coarseStateKey }).values()];
      expect(states.length).toBeGreaterThan(100);
      const wrong: string[] = [];
      for (const state of states.filter((_state, at) => at % oneIn === 0))
        wrong.push(...(await wrongIn(openStore, state)));
      expect(wrong).toEqual([]);
    },
    MODEL_TIMEOUT_MS,
  );
}

async function wrongIn(openStore: OpenStore, state: ReachableState): Promise<readonly string[]> {
  await using studio = await openStudio(openStore);
  const wrong: string[] = [];
  const told = (steps: readonly Step[], findings: readonly string[]): void => {
    for (const finding of findings) wrong.push(`${steps.join(" ")}: ${finding}`);
  };
  // What a refused step leaves as it was can be asked one after the other, of one asset.
  const refused = STEP_NAMES.filter((step) => applyStep(state.rows, step).rows === state.rows);
  const still = await arrive(studio, state.path);
  for (const step of refused) told([...state.path, step], await play(studio, still, step, state.rows));
  for (const step of STEP_NAMES) {
    if (refused.includes(step)) continue;
    const asset = await arrive(studio, state.path);
    told([...state.path, step], await play(studio, asset, step, state.rows));
  }
  return wrong;
}

async function arrive(studio: Studio, path: readonly Step[]): Promise<PlayedAsset> {
  const asset = playedAsset(studio);
  assertExecutors(asset.execute);
  let rows: AssetRows | null = null;
  for (const step of path) {
    await asset.execute[step](rows);
    rows = applyStep(rows, step).rows;
  }
  return asset;
}

async function play(
  studio: Studio,
  asset: PlayedAsset,
  step: Step,
  before: AssetRows | null,
): Promise<readonly string[]> {
  const answer = await asset.execute[step](before);
  const { rows, decision } = applyStep(before, step);
  const stricter = step === "submission_intended" && wished(before) && rows !== before;
  const wrong: string[] = [];
  const must = shownOf(stricter ? before : rows);
  const is = await seen(studio, asset, rows);
  if (JSON.stringify(is) !== JSON.stringify(must))
    wrong.push(`is ${JSON.stringify(is)}, must be ${JSON.stringify(must)}`);
  const why = wrongAnswer(answer, decision === null ? null : decision.ok ? "ok" : decision.why, step, before);
  if (why !== null) wrong.push(why);
  for (const { rule, explanation } of await studio.store.checkInvariants()) wrong.push(`${rule} ${explanation}`);
  return wrong;
}

/** A store says the same as the machine, save that what nobody can see is not found, and that a repeated wish is granted. */
function wrongAnswer(answer: Answer, must: string | null, step: Step, before: AssetRows | null): string | null {
  const is = answer.ok ? "ok" : answer.why;
  const byPerson = ["cancel", "delete", "retry", "regenerate", "recover"].includes(STEPS[step] ?? "");
  const hidden = before === null || (byPerson ? before.asset.deletedAt !== null : before.job === null);
  if (must === null || is === must || (is === null && must !== "ok")) return null;
  if (hidden && is === "not_found" && must !== "ok") return null;
  if (step === "cancel" && wished(before) && is === "ok") return null;
  if (step === "delete" && must === "deleted" && is === "ok") return null;
  if ((STEPS[step] === "create" || STEPS[step] === "upload") && must === "illegal" && is !== "ok") return null;
  return `the store said ${is}, the machine ${must}`;
}

function wished(rows: AssetRows | null): boolean {
  return (rows?.job?.cancelRequestedAt ?? null) !== null;
}

interface Shown {
  readonly asset: unknown;
  readonly job: unknown;
}

function shownOf(rows: AssetRows | null): Shown {
  if (rows === null) return { asset: null, job: null };
  const { asset, job, version, hold } = rows;
  const live = job !== null && job.endedAt === null;
  return {
    asset:
      asset.deletedAt !== null
        ? null
        : {
            status: asset.status,
            rowVersion: asset.rowVersion,
            failed: asset.errorCode !== null,
            showsJobsVersion: version.id === asset.currentVersionId,
            wished: live && job.cancelRequestedAt !== null,
            recoverable: !live && job !== null && job.recoverable,
            charged: hold?.state === "captured" ? 6 : 0,
          },
    job: job === null ? null : { status: job.status, phase: job.phase, attempt: job.attempt, failures: job.failures },
  };
}

async function seen({ store, workspaceId }: Studio, { assetId }: PlayedAsset, model: AssetRows | null): Promise<Shown> {
  const asset = await store.getAsset({ workspaceId, assetId });
  const job = (await store.listJobs({ workspaceId, limit: 200 })).find((one) => one.assetId === assetId);
  const newest = asset?.liveJob ?? asset?.lastJob ?? null;
  // Evidence that comes after the end is kept by a store and unknown to the model (P6).
  const late = model?.job?.status === "failed" && asset?.lastJob?.recoverable === true && !model.job.recoverable;
  return {
    asset:
      asset === null
        ? null
        : {
            status: asset.status,
            rowVersion: asset.rowVersion - (late ? 1 : 0),
            failed: asset.errorCode !== null,
            showsJobsVersion: newest === null || newest.versionId === asset.currentVersion.id,
            wished: asset.liveJob?.cancelRequested ?? false,
            recoverable: (asset.lastJob?.recoverable ?? false) && !late,
            charged: asset.lastJob?.charged ?? 0,
          },
    job:
      job === undefined ? null : { status: job.status, phase: job.phase, attempt: job.attempt, failures: job.failures },
  };
}
