import { checkProviderInput, nothing, orderProvidersInput, saveProviderInput, setBudgetInput } from "../input.ts";
import { RefusalError, valueOf } from "./RefusalError.ts";
import { trpc } from "./trpc.ts";
import type { ProviderPorts } from "../ports.ts";
import type { StudioContext } from "./trpc.ts";

/** What people may change about the studio itself. A key comes in the body of a request, and goes out in no answer. */
export const settingsRouter = trpc.router({
  budget: trpc.router({
    get: trpc.procedure.input(nothing).query(({ ctx }) => ctx.ports.settings.budget.get(ctx.caller)),
    set: trpc.procedure
      .input(setBudgetInput)
      .mutation(async ({ ctx, input }) => valueOf(await ctx.ports.settings.budget.set(ctx.caller, input))),
  }),
  providers: trpc.router({
    list: trpc.procedure
      .input(nothing)
      .query(async ({ ctx }) => ({ providers: await providersOf(ctx).list(ctx.caller) })),
    save: trpc.procedure
      .input(saveProviderInput)
      .mutation(async ({ ctx, input }) => valueOf(await providersOf(ctx).save(ctx.caller, input))),
    order: trpc.procedure
      .input(orderProvidersInput)
      .mutation(async ({ ctx, input }) => ({ providers: valueOf(await providersOf(ctx).order(ctx.caller, input)) })),
    check: trpc.procedure
      .input(checkProviderInput)
      .mutation(async ({ ctx, input }) => valueOf(await providersOf(ctx).check(ctx.caller, input))),
  }),
});

function providersOf({ ports }: StudioContext): ProviderPorts {
  const { providers } = ports.settings;
  if (providers !== null) return providers;
  throw new RefusalError({ ok: false, why: "not_found", message: "This studio's providers are not set up from here." });
}
