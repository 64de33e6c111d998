import { setTimeout as wait } from "node:timers/promises";
import { WORKSPACE } from "./openTestStudio.ts";
import type { FeedPosition, LiveItem } from "@reelstate/api";
import type { Feed } from "../feed/openFeed.ts";

export const HEAD: FeedPosition = { after: null, feedId: null };
export const from = (after: number, feedId: string | null = null): FeedPosition => ({ after, feedId });

/** Listens to a studio's feed; what it heard is in `items`. Stops when disposed of. */
export function listen(feed: Pick<Feed, "live">, position: FeedPosition) {
  const stop = new AbortController();
  const items: LiveItem[] = [];
  const done = (async () => {
    for await (const item of feed.live({ workspaceId: WORKSPACE }, position, stop.signal)) items.push(item);
  })();
  return {
    items,
    done,
    stop: () => stop.abort(),
    /** Waits until the feed has said `count` items of a kind. */
    heard: async <K extends LiveItem["kind"]>(kind: K, count = 1) => {
      const found = () => items.filter((item): item is Extract<LiveItem, { kind: K }> => item.kind === kind);
      for (const end = Date.now() + 15_000; found().length < count; await wait(5)) {
        if (Date.now() > end) throw new Error(`Heard only ${JSON.stringify(items.map((item) => item.kind))}`);
      }
      return found();
    },
    /** Waits for the first item of any of these kinds. */
    first: async (...kinds: readonly LiveItem["kind"][]) => {
      const found = () => items.find(({ kind }) => kinds.includes(kind));
      for (const end = Date.now() + 15_000; found() === undefined && Date.now() < end;) await wait(5);
      return found();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}
