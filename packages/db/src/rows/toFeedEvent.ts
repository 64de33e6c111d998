import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { FeedEvent } from "../store/feed.ts";
import type { event } from "../sqlite/schema.ts";

export type EventRow = Pick<typeof event.$inferSelect, "seq" | "at" | "event" | "assetId" | "from" | "to">;

/** An event with its asset as it is now; of an asset that is not shown any more, that it is gone (E5). */
export function toFeedEvent(row: EventRow, assets: ReadonlyMap<AssetId, Asset>): FeedEvent {
  const found = assets.get(row.assetId);
  if (found === undefined) return { kind: "removed", seq: row.seq, assetId: row.assetId };
  const { seq, at, event, from, to } = row;
  return { kind: "transition", seq, at, event, from, to, asset: found };
}
