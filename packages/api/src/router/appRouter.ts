import { entriesInput, jobsInput, nothing, projectInput } from "../input.ts";
import { assetsRouter } from "./assetsRouter.ts";
import { eventsRouter } from "./eventsRouter.ts";
import { healthRouter } from "./healthRouter.ts";
import { valueOf } from "./RefusalError.ts";
import { settingsRouter } from "./settingsRouter.ts";
import { trpc } from "./trpc.ts";

/** Every procedure of the studio, over the ports in the context. */
export const appRouter = trpc.router({
  assets: assetsRouter,
  events: eventsRouter,
  health: healthRouter,
  jobs: trpc.router({
    list: trpc.procedure
      .input(jobsInput.default({ limit: 50 }))
      .query(({ ctx, input }) => ctx.ports.jobs.list(ctx.caller, input)),
  }),
  models: trpc.router({
    list: trpc.procedure.input(nothing).query(({ ctx }) => ctx.ports.models.list(ctx.caller)),
  }),
  settings: settingsRouter,
  projects: trpc.router({
    list: trpc.procedure.input(nothing).query(({ ctx }) => ctx.ports.projects.list(ctx.caller)),
    create: trpc.procedure
      .input(projectInput)
      .mutation(async ({ ctx, input }) => valueOf(await ctx.ports.projects.create(ctx.caller, input))),
  }),
  credits: trpc.router({
    summary: trpc.procedure.input(nothing).query(({ ctx }) => ctx.ports.credits.summary(ctx.caller)),
    entries: trpc.procedure
      .input(entriesInput.default({ limit: 50 }))
      .query(({ ctx, input }) => ctx.ports.credits.entries(ctx.caller, input)),
  }),
});

export type AppRouter = typeof appRouter;
