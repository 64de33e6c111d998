import { openWorld } from "./openWorld.ts";
import { castName, playCast } from "./playCast.ts";
import type { OpenStore } from "../openStudio.ts";
import type { World } from "./openWorld.ts";
import type { Cast } from "./playCast.ts";

export interface Tally {
  readonly casts: number;
  readonly orders: number;
  readonly steps: number;
  /** Of each cast that broke a rule, the first order that did. */
  readonly stories: readonly string[];
}

/** A store stays quick while little is in it. */
const ORDERS_IN_A_STORE = 256;
/** Enough to see what they have in common. */
const STORIES = 5;

/** Plays all orders of all casts, in stores that are opened anew now and then. Stops when enough went wrong. */
export async function playCasts(
  openStore: OpenStore,
  casts: Iterable<Cast>,
  options: { readonly only?: string; readonly onCast?: (tally: Tally, name: string) => void } = {},
): Promise<Tally> {
  const worlds = worldsOf(openStore);
  let tally: Tally = { casts: 0, orders: 0, steps: 0, stories: [] };
  try {
    for (const cast of casts) {
      const { orders, steps, story } = await playCast(worlds.next, cast, options.only);
      tally = {
        casts: tally.casts + 1,
        orders: tally.orders + orders,
        steps: tally.steps + steps,
        stories: story === null ? tally.stories : [...tally.stories, story],
      };
      options.onCast?.(tally, castName(cast));
      // What a broken order left behind would be claimed and swept by the next.
      if (story !== null) await worlds.close();
      if (tally.stories.length >= STORIES) break;
    }
  } finally {
    await worlds.close();
  }
  return tally;
}

function worldsOf(openStore: OpenStore) {
  let world: World | null = null;
  let used = 0;
  async function close(): Promise<void> {
    await world?.[Symbol.asyncDispose]();
    world = null;
  }
  return {
    close,
    next: async (): Promise<World> => {
      if (used >= ORDERS_IN_A_STORE) await close();
      if (world === null) used = 0;
      used += 1;
      world ??= await openWorld(openStore);
      return world;
    },
  };
}
