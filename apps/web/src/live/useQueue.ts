import { useSyncExternalStore } from "react";
import { useLive } from "./LiveContext.ts";
import type { AssetId } from "@reelstate/lifecycle";

export interface Queue {
  /** Jobs that could start and have not. */
  readonly waiting: number;
  readonly first: AssetId | null;
  /** The assets next in line, in order, at most 100. */
  readonly line: readonly AssetId[];
}

/** The queue as the feed last told it, at most once a second. */
export function useQueue(): Queue {
  const { writer } = useLive();
  return useSyncExternalStore(writer.queue.subscribe, writer.queue.get);
}
