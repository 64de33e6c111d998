import { useEffect, useSyncExternalStore } from "react";
import { LeaderStream } from "./LeaderStream.tsx";
import { LiveContext } from "./LiveContext.ts";
import type { ReactNode } from "react";
import type { Live } from "./LiveContext.ts";

/** Runs the live feed while it is mounted, and holds the browser's one subscription while this tab leads. */
export function LiveProvider({ live, children }: { readonly live: Live; readonly children: ReactNode }) {
  const { hub } = live;
  useEffect(() => hub.start(), [hub]);
  const plan = useSyncExternalStore(hub.plan.subscribe, hub.plan.get);
  return (
    <LiveContext value={live}>
      {plan !== null && <LeaderStream key={plan.generation} hub={hub} plan={plan} />}
      {children}
    </LiveContext>
  );
}
