import { assetInput, cancelInput, createInput, listInput, regenerateInput, startInput } from "../input.ts";
import { valueOf } from "./RefusalError.ts";
import { trpc } from "./trpc.ts";

export const assetsRouter = trpc.router({
  quote: trpc.procedure
    .input(createInput)
    .query(async ({ ctx, input }) => valueOf(await ctx.ports.assets.quote(ctx.caller, input))),
  create: trpc.procedure
    .input(createInput)
    .mutation(async ({ ctx, input }) => valueOf(await ctx.ports.assets.create(ctx.caller, input))),
  list: trpc.procedure
    .input(listInput)
    .query(async ({ ctx, input }) => valueOf(await ctx.ports.assets.list(ctx.caller, input))),
  get: trpc.procedure
    .input(assetInput)
    .query(async ({ ctx, input }) => valueOf(await ctx.ports.assets.get(ctx.caller, input.id))),
  history: trpc.procedure
    .input(assetInput)
    .query(async ({ ctx, input }) => valueOf(await ctx.ports.assets.history(ctx.caller, input.id))),
  cancel: trpc.procedure
    .input(cancelInput)
    .mutation(async ({ ctx, input }) => valueOf(await ctx.ports.assets.cancel(ctx.caller, input))),
  retry: trpc.procedure
    .input(startInput)
    .mutation(async ({ ctx, input }) => valueOf(await ctx.ports.assets.start(ctx.caller, { kind: "retry", ...input }))),
  regenerate: trpc.procedure.input(regenerateInput).mutation(async ({ ctx, input }) => {
    const { prompt, params, inputs, ...rest } = input;
    return valueOf(
      await ctx.ports.assets.start(ctx.caller, { kind: "regenerate", ...rest, change: { prompt, params, inputs } }),
    );
  }),
  recover: trpc.procedure
    .input(startInput)
    .mutation(async ({ ctx, input }) =>
      valueOf(await ctx.ports.assets.start(ctx.caller, { kind: "recover", ...input })),
    ),
  delete: trpc.procedure
    .input(assetInput)
    .mutation(async ({ ctx, input }) => valueOf(await ctx.ports.assets.delete(ctx.caller, input.id))),
});
