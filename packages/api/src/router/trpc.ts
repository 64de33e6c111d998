import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { StudioAway } from "../StudioAway.ts";
import { RefusalError } from "./RefusalError.ts";
import type { Caller, StudioPorts } from "../ports.ts";
import type { Refusal } from "../refusal.ts";

export interface StudioContext {
  readonly caller: Caller;
  readonly ports: StudioPorts;
}

/** What a client finds in `error.data` besides tRPC's own fields. Never a stack. */
export type ErrorFacts = Partial<Pick<Refusal, "why" | "field" | "short" | "budget" | "freeAt" | "asset" | "quote">>;

/** How long a live stream lasts, is silent at most, and may be silent before a browser connects anew; milliseconds. */
export const STREAM = {
  pingMs: 15_000,
  maxDurationMs: 15 * 60_000,
  client: { reconnectAfterInactivityMs: 40_000 },
} as const;

const base = initTRPC.context<StudioContext>().create({
  // Set by hand: tRPC's own guess from NODE_ENV would send stacks to clients of a development server.
  isDev: false,
  sse: {
    ping: { enabled: true, intervalMs: STREAM.pingMs },
    maxDurationMs: STREAM.maxDurationMs,
    client: STREAM.client,
  },
  errorFormatter: ({ shape, error }) => {
    const { message, facts } = factsOf(error, shape.message);
    return { ...shape, message, data: { code: shape.data.code, httpStatus: shape.data.httpStatus, ...facts } };
  },
});

/** What the routers are made of. A studio whose database is away is told as such (503), not as a bug of its own. */
export const trpc = {
  router: base.router,
  procedure: base.procedure.use(async ({ next }) => {
    const result = await next();
    if (result.ok || !(result.error.cause instanceof StudioAway)) return result;
    const { cause } = result.error;
    throw new TRPCError({ code: "SERVICE_UNAVAILABLE", message: cause.message, cause });
  }),
};

function factsOf(error: TRPCError, message: string): { readonly message: string; readonly facts: ErrorFacts } {
  if (error instanceof RefusalError) {
    const { why, field, short, budget, freeAt, asset, quote } = error.refusal;
    return { message, facts: withoutUndefined({ why, field, short, budget, freeAt, asset, quote }) };
  }
  // Only the caller's own input is theirs to mend; zod refusing something inside the studio is a bug like any other.
  if (error.code === "BAD_REQUEST" && error.cause instanceof z.ZodError) {
    const issue = error.cause.issues[0];
    const field = fieldOf(issue);
    return {
      message: issue === undefined ? message : `${field}: ${issue.message}`,
      facts: { why: "invalid_input", field },
    };
  }
  // A bug's message may carry anything; the log has it.
  return {
    message:
      error.code === "INTERNAL_SERVER_ERROR" ? "Something went wrong in the studio. It has been logged." : message,
    facts: {},
  };
}

function fieldOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "input";
  if (issue.code === "unrecognized_keys") return [...issue.path, issue.keys[0] ?? ""].map(String).join(".");
  return issue.path.length === 0 ? "input" : issue.path.map(String).join(".");
}

function withoutUndefined(facts: { [K in keyof ErrorFacts]: ErrorFacts[K] | undefined }): ErrorFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as ErrorFacts;
}
