import { describe, expect, it } from "vitest";
import { applyStep } from "./applyStep.ts";
import { explore } from "./explore.ts";
import { shortestPaths } from "./shortestPaths.ts";
import { simplePaths } from "./simplePaths.ts";
import { coarseStateKey, shownStateKey } from "./stateKey.ts";
import { assertExecutors, STEP_NAMES } from "./steps.ts";
import { STATUSES } from "../status.ts";
import type { AssetRows } from "../rows.ts";
import type { Step } from "./steps.ts";

function keysAlong(steps: readonly Step[]): readonly string[] {
  let rows: AssetRows | null = null;
  return steps.map((step) => shownStateKey((rows = applyStep(rows, step).rows)));
}

describe("paths", () => {
  it("[model] a shortest path leads to every status", () => {
    const paths = shortestPaths((rows) => rows?.asset.status ?? "nothing");
    expect([...paths.keys()].toSorted()).toEqual([...STATUSES, "nothing"].toSorted());
    expect(paths.get("pending")?.steps).toEqual(["create"]);
    expect(paths.get("processing")?.steps).toEqual(["create", "claim"]);
    expect(paths.get("cancelled")?.steps).toEqual(["create", "cancel"]);
    expect(shortestPaths().get("completed, job at_provider")?.steps).toEqual([
      "create",
      "claim",
      "complete",
      "regenerate",
      "claim",
      "progress_at_provider",
    ]);
  });

  it("[model] a simple path comes nowhere twice, and each of its steps leads somewhere", () => {
    const paths = [...simplePaths({ maxLength: 6 })];
    expect(paths.length).toBe(670);
    for (const { steps, key } of paths) {
      const keys = keysAlong(steps);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.at(-1)).toBe(key);
    }
    expect(new Set(paths.map(({ steps }) => steps.join(" "))).size).toBe(paths.length);
  });

  it("[model] simple paths visit all that can be seen", () => {
    const seen = new Set([...simplePaths({ maxLength: 9 })].flatMap(({ steps }) => keysAlong(steps)));
    const reachable = [...explore().values()].map(({ rows }) => shownStateKey(rows)).filter((key) => key !== "nothing");
    expect([...new Set(reachable)].filter((key) => !seen.has(key))).toEqual([]);
  });

  it("[model] chosen steps and a coarser eye make a smaller model", () => {
    const few = explore({ steps: ["create", "claim", "complete"], identify: coarseStateKey });
    expect([...few.values()].map(({ path }) => path.join(" "))).toEqual([
      "",
      "create",
      "create claim",
      "create claim complete",
    ]);
  });

  it("[model] a suite without an executor for every step is told so", () => {
    const all = Object.fromEntries(STEP_NAMES.map((step) => [step, () => {}]));
    expect(() => assertExecutors(all)).not.toThrow();
    const { claim: _claim, ...without } = all;
    expect(() => assertExecutors(without)).toThrow("No executor for: claim");
    expect(() => assertExecutors({ ...all, clam: () => {} })).toThrow("no step: clam");
  });
});
