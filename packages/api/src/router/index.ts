export { appRouter } from "./appRouter.ts";
export { liveInput } from "../input.ts";
export { positionOf } from "./positionOf.ts";
export { seqOf } from "./seqOf.ts";
export { STREAM } from "./trpc.ts";
export type { AppRouter } from "./appRouter.ts";
export type { ErrorFacts, StudioContext } from "./trpc.ts";
