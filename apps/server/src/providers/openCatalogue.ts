import type { Limit, Offered, Sweep } from "@reelstate/db";
import type { AssetType } from "@reelstate/lifecycle";
import type { ModelOffer, Provider } from "./Provider.ts";

/** Every model of every provider, in the order in which they are offered. It may change between one look at it and the next. */
export interface Catalogue {
  /** What is offered to people. */
  readonly models: readonly Listed[];
  /** Of what is offered: what something new may be begun with. */
  readonly find: (model: string) => Listed | null;
  /** Also what is off: what is under way with it goes on (P1, P6). */
  readonly known: (model: string) => Listed | null;
  readonly provider: (name: string) => Provider | null;
  /** What this process can work on, for the store; what is off as well. */
  readonly offered: Offered;
  /** What is not nobody's, for the sweeper. */
  readonly kept: Pick<Sweep, "models" | "providers" | "awaited" | "settings">;
  /** What is taken when a person names no model: the first of its type. */
  readonly defaultFor: (type: AssetType) => Listed | null;
  /** What providers and models may do at once, for the store (P7). */
  readonly limits: readonly Limit[];
  readonly close: () => Promise<void>;
}

export interface Listed {
  readonly provider: Provider;
  readonly offer: ModelOffer;
}

/** What people have set about what is offered. */
export interface Shown {
  /** Models with which nothing new is begun. */
  readonly off?: ReadonlySet<string>;
  /** How many requests of a provider, by its name, at once: in place of what it says itself. */
  readonly atOnce?: ReadonlyMap<string, number>;
  /** Providers that are set up and cannot be opened here. */
  readonly awaited?: readonly string[];
  /** The revision of the settings that all this is from. */
  readonly settings?: number;
}

export function openCatalogue(
  providers: readonly Provider[],
  { off = new Set(), atOnce = new Map(), awaited = [], settings }: Shown = {},
): Catalogue {
  const all = providers.flatMap((provider) => provider.models.map((offer) => ({ provider, offer })));
  const byId = new Map(all.map((listed) => [listed.offer.id, listed]));
  if (byId.size !== all.length) throw new Error("Two providers offer a model of the same name.");
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  if (byName.size !== providers.length) throw new Error("Two providers have the same name.");
  const offered = { models: [...byId.keys()], providers: [...byName.keys()] };
  const models = all.filter(({ offer }) => !off.has(offer.id));
  return {
    models,
    find: (model) => (off.has(model) ? null : (byId.get(model) ?? null)),
    known: (model) => byId.get(model) ?? null,
    provider: (name) => byName.get(name) ?? null,
    offered,
    kept: { ...offered, awaited, ...(settings === undefined ? {} : { settings }) },
    defaultFor: (type) => models.find(({ offer }) => offer.type === type) ?? null,
    limits: providers.flatMap(({ name, slots = null, models: offers }): readonly Limit[] => {
      const size = atOnce.get(name) ?? slots;
      return [
        ...(size === null ? [] : [{ provider: name, slots: size }]),
        ...offers.flatMap((offer) => (offer.slots === undefined ? [] : [{ model: offer.id, slots: offer.slots }])),
      ];
    }),
    close: async () => {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}

/** Whatever is there at the moment at which it is asked. Several of its parts taken at once fit together. */
export function currentCatalogue(current: () => Catalogue): Catalogue {
  return {
    get models() {
      return current().models;
    },
    get find() {
      return current().find;
    },
    get known() {
      return current().known;
    },
    get provider() {
      return current().provider;
    },
    get offered() {
      return current().offered;
    },
    get kept() {
      return current().kept;
    },
    get defaultFor() {
      return current().defaultFor;
    },
    get limits() {
      return current().limits;
    },
    close: () => current().close(),
  };
}
