import { createContext, use, useSyncExternalStore } from "react";
import { openDraft } from "../composer/openDraft.ts";
import { valueStore } from "../../live/valueStore.ts";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { Draft } from "../composer/Draft.ts";
import type { BudgetDraft } from "../budget/BudgetDraft.ts";
import type { ProviderDraft } from "../providers/ProviderDraft.ts";
import type { ValueStore } from "../../live/valueStore.ts";

export type DrawerName = "queue" | "credits" | "settings" | "help" | "rail";

/** What the screens share that belongs to this tab alone: the draft, the open drawer, what is about to be deleted. */
export interface StudioUi {
  readonly draft: ValueStore<Draft>;
  readonly drawer: ValueStore<DrawerName | null>;
  readonly toDelete: ValueStore<Asset | null>;
  /** Keys and addresses that are typed and not saved, by provider. */
  readonly providerDrafts: ValueStore<ReadonlyMap<string, ProviderDraft>>;
  /** Caps that are typed and not saved. */
  readonly budgetDraft: ValueStore<BudgetDraft>;
  /** Prices that a refusal has named: the next press of that asset agrees to them (C1). */
  readonly toldPrices: Map<AssetId, number>;
}

export function createStudioUi(): StudioUi {
  return {
    draft: openDraft(),
    drawer: valueStore<DrawerName | null>(null),
    toDelete: valueStore<Asset | null>(null),
    providerDrafts: valueStore<ReadonlyMap<string, ProviderDraft>>(new Map()),
    budgetDraft: valueStore<BudgetDraft>({ day: null, month: null }),
    toldPrices: new Map(),
  };
}

export const StudioUiContext = createContext<StudioUi | null>(null);

export function useStudioUi(): StudioUi {
  const ui = use(StudioUiContext);
  if (ui === null) throw new Error("The studio's own state is read outside of <StudioUiContext>.");
  return ui;
}

export function useStored<T>(store: ValueStore<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
