import type { Provider } from "@reelstate/server/providers/Provider.ts";
import type { Keep } from "@reelstate/server/worker/openJanitor.ts";
import type { World } from "../World.ts";

/** Who sets the studio up: what providers and models may do at once (P7). */
export interface Operator {
  readonly limits: boolean;
  /** Where a janitor cleans: how many of its own days it keeps what is over. */
  readonly keep: Keep | null;
  /** The provider with the limits of today, as a process has them that starts now. */
  readonly limit: (provider: Provider) => Provider;
}

interface Slots {
  readonly provider: number | null;
  readonly image: number | null;
}

const CLEANED_ODDS = 0.06;
const LIMITED_ODDS = 0.18;
/** How often there are other limits when a process starts. */
const CHANGE_ODDS = 0.15;

export function openOperator(world: World): Operator {
  const chance = world.settings.fork();
  const { always } = world.breakage;
  const limits = chance.happens(LIMITED_ODDS) || always === "limits";
  const keep =
    chance.happens(CLEANED_ODDS) || always === "janitor"
      ? {
          eventsDays: chance.pick([0.05, 0.2]),
          // Longer than an attempt may take, as any whole day is.
          jobsDays: chance.pick([0.4, 0.8]),
          binDays: chance.pick([0.4, 0.6]),
        }
      : null;
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
    keep,
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
