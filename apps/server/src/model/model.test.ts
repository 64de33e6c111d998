import { assertExecutors, coarseStateKey, STEP_NAMES } from "@reelstate/lifecycle/testing";
import { describe, expect, it } from "vitest";
import { EXECUTORS } from "./executors.ts";
import { openStudio } from "./openStudio.ts";
import { everyPair, everySimplePath } from "./paths.ts";
import { enterStudio } from "./walk.ts";
import type { Step } from "@reelstate/lifecycle/testing";
import type { Studio } from "./openStudio.ts";
import type { World } from "./World.ts";

/** Walks that share a database; a fresh one keeps `checkInvariants` as quick at the end as at the beginning. */
const WALKS_A_STUDIO = 60;
/** Differences to be told of at once. */
const ENOUGH = 20;
const TIMEOUT_MS = 180_000;

/** Statuses of asset and job, what a pending job waits for, the wish, and the bin. */
function shownPlace({ rows }: World): string {
  if (rows === null) return "nothing";
  const { asset, job } = rows;
  const parts: (string | null | undefined)[] = [
    asset.origin,
    asset.status,
    job?.status === "pending" ? job.phase : job?.status,
  ];
  if (job !== null && job.cancelRequestedAt !== null) parts.push("wished");
  if (asset.deletedAt !== null) parts.push("deleted");
  return parts.join(" ");
}

const detailed = (world: World): string => `${coarseStateKey(world.rows)}, input ${world.input}`;

const tours = everyPair(detailed);
const paths = everySimplePath(shownPlace, 99);

describe("the studio and the model", () => {
  it("[model] every step has an executor, and the model has not shrunk", () => {
    expect(() => assertExecutors(EXECUTORS)).not.toThrow();
    expect(tours.places).toBeGreaterThanOrEqual(300);
    expect(tours.pairs).toBe(tours.places * STEP_NAMES.length);
    expect(paths.length).toBeGreaterThanOrEqual(700);
  });

  it(
    `[model] each of ${STEP_NAMES.length} steps in each of ${tours.places} places, legal or not, does through the API what the machine says`,
    { timeout: TIMEOUT_MS },
    async () => expect(await walkAll(tours.walks)).toEqual([]),
  );

  it(
    `[model] every one of ${paths.length} simple paths through the API goes and ends as the machine says`,
    { timeout: TIMEOUT_MS },
    async () => expect(await walkAll(paths)).toEqual([]),
  );
});

async function walkAll(walks: readonly (readonly Step[])[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (let from = 0; from < walks.length; from += WALKS_A_STUDIO) {
    if (wrong.length > ENOUGH) break;
    await using studio = await openStudio();
    for (const steps of walks.slice(from, from + WALKS_A_STUDIO)) wrong.push(...(await walked(studio, steps)));
  }
  return wrong;
}

/** Stops at the first difference: after that the model is no guide. */
async function walked(studio: Studio, steps: readonly Step[]): Promise<readonly string[]> {
  const walker = await enterStudio(studio);
  for (const step of steps) {
    const wrong = await walker.take(step);
    if (wrong.length > 0) return wrong;
  }
  return walker.leave();
}
