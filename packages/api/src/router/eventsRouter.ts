import { tracked } from "@trpc/server";
import { liveInput } from "../input.ts";
import { positionOf } from "./positionOf.ts";
import { seqOf } from "./seqOf.ts";
import { trpc } from "./trpc.ts";

export const eventsRouter = trpc.router({
  live: trpc.procedure.input(liveInput).subscription(async function* ({ ctx, input, signal }) {
    const stream = ctx.ports.feed.live(ctx.caller, positionOf(input), signal ?? new AbortController().signal);
    for await (const item of stream) {
      const seq = seqOf(item);
      yield seq === null ? item : tracked(String(seq), item);
    }
  }),
});
