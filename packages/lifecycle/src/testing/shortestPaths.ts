import { explore } from "./explore.ts";
import { shownStateKey } from "./stateKey.ts";
import type { AssetRows } from "../rows.ts";
import type { ReachableState } from "./explore.ts";
import type { Identify } from "./stateKey.ts";
import type { Step } from "./steps.ts";

export interface Path {
  readonly steps: readonly Step[];
  /** Where it leads. */
  readonly rows: AssetRows | null;
  readonly key: string;
}

/**
 * One shortest path to everything that `identify` tells apart, over all reachable states; by default to every pair of
 * asset status and job phase that a card can show.
 */
export function shortestPaths(
  identify: Identify = shownStateKey,
  states: ReadonlyMap<string, Pick<ReachableState, "rows" | "path">> = explore(),
): ReadonlyMap<string, Path> {
  const paths = new Map<string, Path>();
  // States come in the order of their distance, so the first of each kind is the nearest.
  for (const { rows, path } of states.values()) {
    const key = identify(rows);
    if (!paths.has(key)) paths.set(key, { steps: path, rows, key });
  }
  return paths;
}
