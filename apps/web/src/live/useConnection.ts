import { useSyncExternalStore } from "react";
import { useLive } from "./LiveContext.ts";
import type { Connection } from "./shownConnection.ts";

/** Whether what is shown is live. Calm: a break of under 1.5 s does not show. */
export function useConnection(): Connection {
  const { hub } = useLive();
  return useSyncExternalStore(hub.connection.subscribe, hub.connection.get);
}
