import { coarseStateKey, STEP_NAMES, assertExecutors } from "@reelstate/lifecycle/testing";
import { describe, expect, it } from "vitest";
import { EXECUTORS } from "./executors.ts";
import { openStudio } from "./openStudio.ts";
import { everyPlace, everySimplePath } from "./paths.ts";
import { enterStudio } from "./walk.ts";
import { playStep } from "./World.ts";
import type { Step } from "@reelstate/lifecycle/testing";
import type { World } from "./World.ts";

/** Walks that share a database; a fresh one keeps `checkInvariants` as quick at the end as at the beginning. */
const WALKS_A_STUDIO = 60;
const TIMEOUT_MS = 180_000;

async function walkAll<T>(walks: readonly T[], walk: (studio: Awaited<ReturnType<typeof openStudio>>, one: T) => Promise<readonly string[]>) {
  const wrong: string[] = [];
  for (let from = 0; from < walks.length; from += WALKS_A_STUDIO) {
    await using studio = await openStudio();
    for (const one of walks.slice(from, from + WALKS_A_STUDIO)) wrong.push(...(await walk(studio, one)));
  }
  return wrong;
}

/** Statuses of asset and job, what a pending job waits for, the wish, and the bin. */
function shownPlace({ rows }: World): string {
  if (rows === null) return "nothing";
  const { asset, job } = rows;
  const parts: (string | null | undefined)[] = [asset.origin, asset.status, job?.status === "pending" ? job.phase : job?.status];
  if (job !== null && job.cancelRequestedAt !== null) parts.push("wished");
  if (asset.deletedAt !== null) parts.push("deleted");
  return parts.join(" ");
}

const detailed = (world: World): string => `${coarseStateKey(world.rows)}, input ${world.input}`;

const places = everyPlace(detailed);
const paths = everySimplePath(shownPlace, 99);

describe("the studio and the model", () => {
  it("[model] every step has an executor", () => {
    expect(() => assertExecutors(EXECUTORS)).not.toThrow();
    expect(places.length).toBeGreaterThanOrEqual(300);
    expect(paths.length).toBeGreaterThanOrEqual(500);
  });

  it(`[model] every one of ${STEP_NAMES.length} steps in every one of ${places.length} places does what the machine says`, { timeout: TIMEOUT_MS }, async () => {
    const wrong = await walkAll(places, async (studio, { world, path }) => {
      const stays = STEP_NAMES.filter((step) => sameWorld(playStep(world, step).world, world));
      const moves = STEP_NAMES.filter((step) => !stays.includes(step));
      const found: string[] = [];
      // What changes nothing can be tried one after the other; what does needs a walk of its own.
      const walks = [[...path, ...stays], ...moves.map((step) => [...path, step])];
      for (const steps of walks) found.push(...(await walked(studio, steps)));
      return found;
    });
    expect(wrong).toEqual([]);
  });

  it(`[model] every one of ${paths.length} simple paths through the API ends as the machine says`, { timeout: TIMEOUT_MS }, async () => {
    expect(await walkAll(paths, walked)).toEqual([]);
  });
});

async function walked(studio: Awaited<ReturnType<typeof openStudio>>, steps: readonly Step[]): Promise<readonly string[]> {
  const walker = await enterStudio(studio);
  const wrong: string[] = [];
  for (const step of steps) {
    wrong.push(...(await walker.take(step)));
    if (wrong.length > 0) return wrong;
  }
  return walker.leave();
}

function sameWorld(a: World, b: World): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
