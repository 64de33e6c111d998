import { createContext, use } from "react";
import type { CacheWriter } from "./cacheWriter.ts";
import type { LiveHub } from "./liveHub.ts";
import type { PendingActions } from "./pendingActions.ts";
import type { PressKeys } from "./pressKeys.ts";

export interface Live {
  readonly hub: LiveHub;
  readonly writer: CacheWriter;
  readonly pending: PendingActions;
  readonly keys: PressKeys;
}

export const LiveContext = createContext<Live | null>(null);

export function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error("The studio's live feed is read outside of <StudioProviders>.");
  return live;
}
