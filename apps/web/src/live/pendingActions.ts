import { valueStore } from "./valueStore.ts";
import type { AssetAction, AssetId } from "@reelstate/lifecycle";
import type { ValueStore } from "./valueStore.ts";

/** Which action of which asset has been asked and not answered: a second press in between does nothing. */
export interface PendingActions {
  readonly all: ValueStore<ReadonlyMap<AssetId, AssetAction>>;
  /** False when one of this asset is already on its way. */
  begin(id: AssetId, action: AssetAction): boolean;
  end(id: AssetId): void;
}

export function createPendingActions(): PendingActions {
  const all = valueStore<ReadonlyMap<AssetId, AssetAction>>(new Map());
  return {
    all,
    begin(id, action) {
      if (all.get().has(id)) return false;
      all.set(new Map(all.get()).set(id, action));
      return true;
    },
    end(id) {
      const rest = new Map(all.get());
      rest.delete(id);
      all.set(rest);
    },
  };
}
