import { createCacheWriter } from "./cacheWriter.ts";
import { createLiveHub } from "./liveHub.ts";
import { browserPorts } from "./livePorts.ts";
import { createPendingActions } from "./pendingActions.ts";
import { createPressKeys } from "./pressKeys.ts";
import type { QueryClient } from "@tanstack/react-query";
import type { Live } from "./LiveContext.ts";
import type { LivePorts } from "./livePorts.ts";

/** Wires the live layer of one tab. Nothing runs before `LiveProvider` starts it. */
export function createLive(queryClient: QueryClient, ports: LivePorts = browserPorts()): Live {
  const writer = createCacheWriter(queryClient, ports);
  return { writer, hub: createLiveHub({ writer, ports }), pending: createPendingActions(), keys: createPressKeys() };
}
