import { STEP_NAMES } from "@reelstate/lifecycle/testing";
import { NOTHING, playStep } from "./World.ts";
import type { Step } from "@reelstate/lifecycle/testing";
import type { World } from "./World.ts";

/** Tells which worlds count as the same place. */
export type PlaceOf = (world: World) => string;

/** Walks begin alike, so worlds are met again. */
const known = new WeakMap<World, Map<Step, World>>();

function worldAfter(world: World, step: Step): World {
  const steps = known.get(world) ?? new Map<Step, World>();
  known.set(world, steps);
  const next = steps.get(step) ?? playStep(world, step).world;
  steps.set(step, next);
  return next;
}

/** Every path that comes to no place twice, longest continuations only; as `simplePaths` of the lifecycle's kit. */
export function everySimplePath(placeOf: PlaceOf, maxLength: number): readonly (readonly Step[])[] {
  const paths: (readonly Step[])[] = [];
  function onwards(world: World, path: readonly Step[], visited: ReadonlySet<string>): void {
    let goesOn = false;
    for (const step of path.length < maxLength ? STEP_NAMES : []) {
      const next = worldAfter(world, step);
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

export interface Tours {
  readonly walks: readonly (readonly Step[])[];
  readonly places: number;
  /** How many (place, step) pairs the walks try between them: every step in every place. */
  readonly pairs: number;
}

const LONGEST_TOUR = 80;

/**
 * Walks that try every step, legal or not, in every reachable place. As the matrix of the lifecycle's `explore`, but a
 * real store has to walk to each place, so that each walk tries as much as it can on its way.
 */
export function everyPair(identify: PlaceOf): Tours {
  const names = new WeakMap<World, string>();
  const placeOf: PlaceOf = (world) => {
    const name = names.get(world) ?? identify(world);
    names.set(world, name);
    return name;
  };
  const tried = new Set<string>();
  const places = new Set<string>();
  const isNew = (world: World, step: Step): boolean => !tried.has(`${placeOf(world)} × ${step}`);
  const walks: (readonly Step[])[] = [];
  for (let world = NOTHING, walk: Step[] = []; ;) {
    const onwards = walk.length < LONGEST_TOUR ? nearestNew(world, placeOf, isNew) : null;
    if (onwards === null && walk.length === 0) return { walks, places: places.size, pairs: tried.size };
    if (onwards === null) {
      walks.push(walk);
      walk = [];
      world = NOTHING;
      continue;
    }
    for (const step of onwards) {
      places.add(placeOf(world));
      tried.add(`${placeOf(world)} × ${step}`);
      walk.push(step);
      world = worldAfter(world, step);
    }
  }
}

/** The shortest way to a step not tried yet where it leads, that step included; null: all are tried from here on. */
function nearestNew(
  from: World,
  placeOf: PlaceOf,
  isNew: (world: World, step: Step) => boolean,
): readonly Step[] | null {
  const seen = new Set([placeOf(from)]);
  const found: { readonly world: World; readonly path: readonly Step[] }[] = [{ world: from, path: [] }];
  for (const { world, path } of found) {
    const fresh = IN_ORDER.find((step) => isNew(world, step));
    if (fresh !== undefined) return [...path, fresh];
    for (const step of IN_ORDER) {
      const next = worldAfter(world, step);
      const place = placeOf(next);
      if (seen.has(place)) continue;
      seen.add(place);
      found.push({ world: next, path: [...path, step] });
    }
  }
  return null;
}

/** Nothing leads back from the bin. */
const IN_ORDER: readonly Step[] = [...STEP_NAMES.filter((step) => step !== "delete"), "delete"];
