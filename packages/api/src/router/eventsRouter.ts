import { tracked } from "@trpc/server";
import { liveInput } from "../input.ts";
import { trpc } from "./trpc.ts";
import type { FeedPosition } from "../ports.ts";

export const eventsRouter = trpc.router({
  live: trpc.procedure.input(liveInput).subscription(async function* ({ ctx, input, signal }) {
    const stream = ctx.ports.feed.live(ctx.caller, positionOf(input), signal ?? new AbortController().signal);
    for await (const item of stream) {
      switch (item.kind) {
        case "transition":
        case "removed":
        case "reset":
          yield tracked(String(item.seq), item);
          break;
        case "head":
        case "progress":
        case "queue":
        case "trouble":
          yield item;
      }
    }
  }),
});

/**
 * A reconnecting client sends the input it began with and the last seq it heard. The larger is where it stands, unless a
 * reset moved it back: then the input is the older news, but it is at most a replay, which a view applies at most once.
 */
function positionOf(
  input: { after?: number | undefined; lastEventId?: string | undefined; feedId?: string | undefined } = {},
): FeedPosition {
  const known = [input.after, input.lastEventId === undefined ? undefined : Number(input.lastEventId)].filter(
    (seq) => seq !== undefined,
  );
  return { after: known.length === 0 ? null : Math.max(...known), feedId: input.feedId ?? null };
}
