import type { Limit, Offered } from "@reelstate/db";
import type { AssetType } from "@reelstate/lifecycle";
import type { ModelOffer, Provider } from "./Provider.ts";

/** Every model of every provider, in the order in which they are offered. */
export interface Catalogue {
  readonly models: readonly Listed[];
  readonly find: (model: string) => Listed | null;
  readonly provider: (name: string) => Provider | null;
  /** What this process can work on, for the store. */
  readonly offered: Offered;
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

export function openCatalogue(providers: readonly Provider[]): Catalogue {
  const models = providers.flatMap((provider) => provider.models.map((offer) => ({ provider, offer })));
  const byId = new Map(models.map((listed) => [listed.offer.id, listed]));
  if (byId.size !== models.length) throw new Error("Two providers offer a model of the same name.");
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  if (byName.size !== providers.length) throw new Error("Two providers have the same name.");
  return {
    models,
    find: (model) => byId.get(model) ?? null,
    provider: (name) => byName.get(name) ?? null,
    offered: { models: [...byId.keys()], providers: [...byName.keys()] },
    defaultFor: (type) => models.find(({ offer }) => offer.type === type) ?? null,
    limits: providers.flatMap(({ name, slots, models: offers }): readonly Limit[] => [
      ...(slots === undefined ? [] : [{ provider: name, slots }]),
      ...offers.flatMap((offer) => (offer.slots === undefined ? [] : [{ model: offer.id, slots: offer.slots }])),
    ]),
    close: async () => {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}
