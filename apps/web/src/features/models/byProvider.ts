import type { ModelCard } from "@reelstate/api";

export interface ProvidersModels {
  readonly provider: string;
  readonly providerLabel: string;
  readonly models: readonly ModelCard[];
}

/** Models under those who make them, both in the order in which they are offered. */
export function byProvider(models: readonly ModelCard[]): readonly ProvidersModels[] {
  const groups = Map.groupBy(models, ({ provider }) => provider);
  return [...groups].map(([provider, offered]) => ({
    provider,
    providerLabel: offered[0]?.providerLabel ?? provider,
    models: offered,
  }));
}
