import { useSyncExternalStore } from "react";
import { useLive } from "./LiveContext.ts";
import type { Trouble } from "@reelstate/api";

/** What keeps the whole studio from its work, as the feed last told it. */
export function useTrouble(): Trouble | null {
  const { writer } = useLive();
  return useSyncExternalStore(writer.trouble.subscribe, writer.trouble.get);
}
