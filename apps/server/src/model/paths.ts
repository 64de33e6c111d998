import { STEP_NAMES } from "@reelstate/lifecycle/testing";
import { NOTHING, playStep } from "./World.ts";
import type { Step } from "@reelstate/lifecycle/testing";
import type { World } from "./World.ts";

/** Tells which worlds count as the same place. */
export type PlaceOf = (world: World) => string;

export interface Place {
  readonly world: World;
  /** A shortest way here. */
  readonly path: readonly Step[];
}

/**
 * Every place, breadth first. As `explore` of the lifecycle's kit, over worlds instead of rows: the store knows a little
 * more than the machine, and a path must be one that the store can walk.
 */
export function everyPlace(placeOf: PlaceOf): readonly Place[] {
  const seen = new Set([placeOf(NOTHING)]);
  const found: Place[] = [{ world: NOTHING, path: [] }];
  for (const { world, path } of found) {
    for (const step of STEP_NAMES) {
      const next = playStep(world, step).world;
      const place = placeOf(next);
      if (seen.has(place)) continue;
      seen.add(place);
      found.push({ world: next, path: [...path, step] });
    }
  }
  return found;
}

/** Every path that comes to no place twice, longest continuations only; as `simplePaths` of the lifecycle's kit. */
export function everySimplePath(placeOf: PlaceOf, maxLength: number): readonly (readonly Step[])[] {
  const paths: (readonly Step[])[] = [];
  function onwards(world: World, path: readonly Step[], visited: ReadonlySet<string>): void {
    let goesOn = false;
    for (const step of path.length < maxLength ? STEP_NAMES : []) {
      const next = playStep(world, step).world;
      const place = placeOf(next);
      if (visited.has(place)) continue;
      goesOn = true;
      onwards(next, [...path, step], new Set([...visited, place]));
    }
    if (!goesOn && path.length > 0) paths.push(path);
  }
  onwards(NOTHING, [], new Set([placeOf(NOTHING)]));
  return paths;
}
