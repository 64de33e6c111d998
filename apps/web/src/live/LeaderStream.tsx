import { useEffect } from "react";
import { trpc } from "../trpc.ts";
import type { LiveHub, StreamPlan } from "./liveHub.ts";

/** The browser's one subscription. A new generation is a new mount: the hook's own reset would keep its first position. */
export function LeaderStream({ hub, plan }: { readonly hub: LiveHub; readonly plan: StreamPlan }) {
  const { generation, input } = plan;
  const { status } = trpc.events.live.useSubscription(input, {
    onStarted: () => hub.streamIs(generation, "open"),
    onData: (received) => hub.heard(generation, "data" in received ? received.data : received),
    onComplete: () => hub.streamEnded(generation),
  });
  useEffect(() => {
    if (status === "connecting") hub.streamIs(generation, "opening");
  }, [generation, hub, status]);
  return null;
}
