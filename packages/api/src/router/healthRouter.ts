import { healthInput, nothing } from "../input.ts";
import { RefusalError } from "./RefusalError.ts";
import { trpc } from "./trpc.ts";
import type { HealthPorts } from "../ports.ts";
import type { StudioContext } from "./trpc.ts";

/** Whether what is kept fits together. Both mutations only begin: what comes of it is told to whoever watches. */
export const healthRouter = trpc.router({
  watch: trpc.procedure.input(nothing).subscription(async function* ({ ctx, signal }) {
    yield* healthOf(ctx).watch(ctx.caller, signal ?? new AbortController().signal);
  }),
  check: trpc.procedure
    .input(healthInput)
    .mutation(({ ctx, input }) => ({ began: healthOf(ctx).check(ctx.caller, input) })),
  repair: trpc.procedure
    .input(healthInput)
    .mutation(({ ctx, input }) => ({ began: healthOf(ctx).repair(ctx.caller, input) })),
});

function healthOf({ ports }: StudioContext): HealthPorts {
  if (ports.health !== null) return ports.health;
  throw new RefusalError({ ok: false, why: "not_found", message: "This studio is not looked after from here." });
}
