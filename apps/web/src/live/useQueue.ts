import { useSyncExternalStore } from "react";
import { useLive } from "./LiveContext.ts";
import type { InLine } from "@reelstate/api";
import type { AssetId } from "@reelstate/lifecycle";

export interface Queue {
  /** Jobs that could start and have not. */
  readonly waiting: number;
  readonly first: AssetId | null;
  /** For each model the assets next in line for it, in order, at most 50. */
  readonly line: readonly InLine[];
}

/** The queue as the feed last told it, at most once a second. */
export function useQueue(): Queue {
  const { writer } = useLive();
  return useSyncExternalStore(writer.queue.subscribe, writer.queue.get);
}
