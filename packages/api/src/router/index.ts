export { appRouter } from "./appRouter.ts";
export type { AppRouter } from "./appRouter.ts";
export type { ErrorFacts, StudioContext } from "./trpc.ts";
