import { castName } from "../playCast.ts";
import { openStoppedWorld } from "./openStoppedWorld.ts";
import { playStopped } from "./playStopped.ts";
import type { Cast } from "../playCast.ts";
import type { Tally } from "../playCasts.ts";
import type { StoppedWorld } from "./openStoppedWorld.ts";

/** One cast, played once in the way that a seed says. */
export interface SeededCast {
  readonly cast: Cast;
  readonly seed: number;
}

export interface StoppedTally extends Tally {
  /** Statements that waited for another's lock. */
  readonly waits: number;
  /** What the last one came to. */
  readonly course: string;
}

/** A database stays quick while little is in it. */
const PLAYS_IN_A_WORLD = 256;
/** Enough to see what they have in common. */
const STORIES = 5;
const ACTORS_AT_MOST = 3;

/** Plays each in turn, on a database that is opened anew now and then. Stops when enough went wrong. */
export async function playStoppedCasts(
  plays: Iterable<SeededCast>,
  onPlay: (tally: StoppedTally, name: string) => void = () => undefined,
): Promise<StoppedTally> {
  let tally: StoppedTally = { casts: 0, orders: 0, steps: 0, waits: 0, course: "", stories: [] };
  let world: StoppedWorld | null = null;
  let used = 0;
  let last: Cast | null = null;
  async function close(): Promise<void> {
    await world?.[Symbol.asyncDispose]();
    world = null;
    used = 0;
  }
  try {
    for (const { cast, seed } of plays) {
      if (used >= PLAYS_IN_A_WORLD) await close();
      used += 1;
      world ??= await openStoppedWorld(ACTORS_AT_MOST);
      const { turns, waits, course, story } = await playStopped(world, cast, seed);
      tally = {
        casts: tally.casts + (cast === last ? 0 : 1),
        orders: tally.orders + 1,
        steps: tally.steps + turns,
        waits: tally.waits + waits,
        course,
        stories: story === null ? tally.stories : [...tally.stories, story],
      };
      last = cast;
      onPlay(tally, `${castName(cast)}:${seed}`);
      // What was broken would be claimed and swept by the next.
      if (story !== null) await close();
      if (tally.stories.length >= STORIES) break;
    }
  } finally {
    await close();
  }
  return tally;
}
