import type { LiveItem, LiveRemoved, LiveTransition } from "@reelstate/api";

export type NumberedItem = LiveTransition | LiveRemoved;

/** The last numbered items that the leader heard, for tabs that missed some of them. */
export interface ReplayRing {
  keep(item: LiveItem): void;
  /** Everything kept after the position; null when that far back is not kept. */
  after(position: number): readonly NumberedItem[] | null;
  /** Begins again, complete from this position on; null: from the first item kept. */
  begin(position: number | null): void;
}

export function createReplayRing(size = 500): ReplayRing {
  let items: NumberedItem[] = [];
  let completeFrom: number | null = null;
  return {
    keep(item) {
      if (item.kind !== "transition" && item.kind !== "removed") return;
      completeFrom ??= item.prev;
      items.push(item);
      if (items.length <= size) return;
      const dropped = items.shift();
      completeFrom = Math.max(completeFrom, dropped?.seq ?? 0);
    },
    after(position) {
      if (completeFrom === null || position < completeFrom) return null;
      return items.filter(({ seq }) => seq > position);
    },
    begin(position) {
      items = [];
      completeFrom = position;
    },
  };
}
