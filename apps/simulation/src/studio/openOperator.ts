import type { Provider } from "@reelstate/server/providers/Provider.ts";
import type { World } from "../World.ts";

/** Who sets the studio up: what providers and models may do at once (P7). */
export interface Operator {
  readonly limits: boolean;
  /** The provider with the limits of today, as a process has them that starts now. */
  readonly limit: (provider: Provider) => Provider;
}

interface Slots {
  readonly provider: number | null;
  readonly image: number | null;
}

const LIMITED_ODDS = 0.25;
/** How often there are other limits when a process starts. */
const CHANGE_ODDS = 0.15;

export function openOperator(world: World): Operator {
  const chance = world.settings.fork();
  const limits = chance.happens(LIMITED_ODDS);
  const today = new Map<string, Slots>();

  function slotsOf(name: string): Slots {
    const set = today.get(name);
    if (set !== undefined && !(world.trouble && chance.happens(CHANGE_ODDS))) return set;
    const drawn = { provider: chance.pick([null, 1, 1, 2, 3]), image: chance.pick([null, null, 1, 2]) };
    world.tell("operator", "limits", `${name} ${JSON.stringify(drawn)}`);
    today.set(name, drawn);
    return drawn;
  }

  return {
    limits,
    limit: (provider) => {
      if (!limits) return provider;
      const { provider: all, image } = slotsOf(provider.name);
      return {
        ...provider,
        ...(all === null ? {} : { slots: all }),
        models: provider.models.map((offer) =>
          image === null || offer.type !== "image" ? offer : { ...offer, slots: image },
        ),
      };
    },
  };
}
