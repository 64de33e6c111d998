import { credits, epochMs } from "@reelstate/lifecycle";
import { applyStep, sampleAsset } from "@reelstate/lifecycle/testing";
import { createTRPCClient, isTRPCClientError, localLink } from "@trpc/client";
import { TRPCError } from "@trpc/server";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { ERROR_TABLE } from "../errorTable.ts";
import { REFUSAL_REASONS } from "../refusal.ts";
import { StudioAway } from "../StudioAway.ts";
import { ask, send } from "../testing/ask.ts";
import { CALLER, handMadePorts } from "../testing/ports.ts";
import { appRouter } from "./index.ts";
import type { ApiRefusalReason, Refusal } from "../refusal.ts";
import type { Question } from "../testing/ask.ts";
import type { AppRouter } from "./index.ts";

const { rows } = applyStep(null, "create");
if (rows === null) throw new Error("A create makes an asset.");
const ASSET = sampleAsset(rows);
const ID = ASSET.id;

/** Written by hand from design.md, so that the table cannot agree with itself. */
const HTTP: Readonly<Record<ApiRefusalReason, readonly [status: number, code: string]>> = {
  invalid_input: [400, "BAD_REQUEST"],
  insufficient_credits: [402, "PAYMENT_REQUIRED"],
  budget_exceeded: [402, "PAYMENT_REQUIRED"],
  not_found: [404, "NOT_FOUND"],
  busy: [409, "CONFLICT"],
  already_ended: [409, "CONFLICT"],
  idempotency_conflict: [409, "CONFLICT"],
  quote_changed: [409, "CONFLICT"],
  not_allowed: [409, "CONFLICT"],
  not_recoverable: [409, "CONFLICT"],
  disk_full: [503, "SERVICE_UNAVAILABLE"],
  unavailable: [503, "SERVICE_UNAVAILABLE"],
};

/** Every procedure whose port may refuse. */
const REFUSING: readonly Question[] = [
  { method: "GET", path: "assets.quote", input: { type: "image", prompt: "x" } },
  { method: "POST", path: "assets.create", input: { type: "image", prompt: "x" } },
  { method: "GET", path: "assets.list", input: {} },
  { method: "GET", path: "assets.get", input: { id: ID } },
  { method: "GET", path: "assets.history", input: { id: ID } },
  { method: "POST", path: "assets.cancel", input: { id: ID } },
  { method: "POST", path: "assets.retry", input: { id: ID } },
  { method: "POST", path: "assets.regenerate", input: { id: ID } },
  { method: "POST", path: "assets.recover", input: { id: ID } },
  { method: "POST", path: "assets.delete", input: { id: ID } },
  { method: "POST", path: "projects.create", input: { name: "x" } },
  { method: "POST", path: "settings.budget.set", input: { day: 5 } },
  { method: "POST", path: "settings.providers.save", input: { name: "fal" } },
  { method: "POST", path: "settings.providers.order", input: { names: ["fal"] } },
  { method: "POST", path: "settings.providers.check", input: { name: "fal" } },
];

const CANCEL: Question = { method: "POST", path: "assets.cancel", input: { id: ID } };

function refusing(refusal: Refusal) {
  return handMadePorts(() => refusal).ports;
}

describe("refusals", () => {
  it.each(REFUSAL_REASONS)("%s has its code and HTTP status, and says why", async (why) => {
    const [status, code] = HTTP[why];
    expect(ERROR_TABLE[why]).toBe(code);
    const answered = await ask(refusing({ ok: false, why, message: "Said to people." }), CANCEL);
    expect(answered.status).toBe(status);
    expect(answered.error).toMatchObject({ message: "Said to people.", data: { code, httpStatus: status, why } });
  });

  it.each(REFUSING)("$path passes a refusal on with everything it carries", async (question) => {
    const refusal: Refusal = {
      ok: false,
      why: "quote_changed",
      field: "expectedQuote",
      message: "The price has changed.",
      short: credits(3),
      asset: ASSET,
      quote: { total: credits(12), each: credits(6) },
    };
    const { ports, heard } = handMadePorts(() => refusal);
    const { status, data, error } = await ask(ports, question);
    expect(heard).toHaveLength(1);
    expect(status).toBe(409);
    expect(data).toBeNull();
    const { ok: _ok, message, ...facts } = refusal;
    expect(error?.message).toBe(message);
    expect(error?.data).toEqual({ code: "CONFLICT", httpStatus: 409, ...facts });
  });

  it("what a refusal does not carry is not in the answer, not even as null", async () => {
    const { error } = await ask(refusing({ ok: false, why: "busy", message: "m" }), CANCEL);
    expect(Object.keys(error?.data ?? {}).toSorted()).toEqual(["code", "httpStatus", "why"]);
  });

  it("the typed client finds the facts in error.data, and the reason among those it knows", async () => {
    const refusal: Refusal = { ok: false, why: "insufficient_credits", message: "m", short: credits(3) };
    const createContext = async () => ({ caller: CALLER, ports: refusing(refusal) });
    const client = createTRPCClient<AppRouter>({ links: [localLink({ router: appRouter, createContext })] });
    const error = await client.assets.retry.mutate({ id: ID }).catch((cause: unknown) => cause);
    if (!isTRPCClientError<AppRouter>(error)) throw error;
    expectTypeOf(error.data?.why).toEqualTypeOf<ApiRefusalReason | undefined>();
    expect(error.data).toEqual({ code: "PAYMENT_REQUIRED", httpStatus: 402, why: "insufficient_credits", short: 3 });
  });

  it.each([1_795_996_800_000, null])(
    "[C5] a budget's refusal says by how much, of which, and until when (%s)",
    async (at) => {
      const freeAt = at === null ? null : epochMs(at);
      const told = { why: "budget_exceeded", short: credits(4), budget: "month", freeAt } as const;
      const { status, error } = await ask(refusing({ ok: false, message: "m", ...told }), CANCEL);
      expect([status, error?.data]).toEqual([402, { code: "PAYMENT_REQUIRED", httpStatus: 402, ...told }]);
    },
  );

  it("no answer carries a stack, whatever the environment is called", async () => {
    const { text } = await ask(refusing({ ok: false, why: "busy", message: "m" }), CANCEL);
    expect(text).not.toMatch(/stack|at .*\.ts|node_modules/);
  });
});

const SECRET = "SQLITE_IOERR at /srv/reelstate/data, key=sk-12345";

/** Everything a port may throw that is a bug. */
const BUGS: readonly (readonly [name: string, thrown: unknown])[] = [
  ["an error", new Error(SECRET)],
  [
    "an error that looks like a refusal",
    Object.assign(new Error(SECRET), { code: "CONFLICT", refusal: { why: "busy" } }),
  ],
  ["an error inside an error", new Error(SECRET, { cause: new Error(SECRET) })],
  ["a text", SECRET],
  ["an object", { message: SECRET }],
  [
    "zod's refusal of something inside the studio",
    z.object({ [SECRET]: z.string({ error: SECRET }) }).safeParse({}).error,
  ],
  ["an internal TRPCError", new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: SECRET })],
];

describe("a studio whose database is away", () => {
  it.each(REFUSING)(
    "[A1] $path was told as a bug: it is a 503, and no refusal, since it may have been done",
    async (question) => {
      const { ports } = handMadePorts(async () => {
        throw new StudioAway("Said to people.");
      });
      const { status, error } = await ask(ports, question);
      expect([status, error?.message]).toEqual([503, "Said to people."]);
      expect(error?.data).toEqual({ code: "SERVICE_UNAVAILABLE", httpStatus: 503 });
    },
  );
});

describe("bugs", () => {
  it.each(BUGS)("%s thrown inside is a 500 that says nothing of what it was", async (_name, thrown) => {
    const { ports } = handMadePorts(async () => {
      throw thrown;
    });
    for (const question of [...REFUSING, { method: "GET", path: "models.list" } as const]) {
      const { status, text, error } = await ask(ports, question);
      expect(status).toBe(500);
      expect(text).not.toContain("SQLITE");
      expect(text).not.toContain("sk-");
      expect(error?.data).toEqual({ code: "INTERNAL_SERVER_ERROR", httpStatus: 500 });
      expect(error?.message).toBe("Something went wrong in the studio. It has been logged.");
    }
  });

  it("a feed that breaks tells its listener no more than that", async () => {
    const { ports } = handMadePorts(() => ({ ok: true, value: null as never }), {
      live: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error(SECRET)) }),
      }),
    });
    const response = await send(
      ports,
      new Request("http://studio.test/trpc/events.live", { headers: { accept: "text/event-stream" } }),
    );
    const text = await response.text();
    expect(text).toContain("Something went wrong in the studio.");
    expect(text).not.toMatch(/SQLITE|sk-|stack/);
  });

  it("a procedure that does not exist, and a query asked as a mutation, are refused as such", async () => {
    const { ports, heard } = handMadePorts(() => ({ ok: true, value: null as never }));
    expect((await ask(ports, { method: "GET", path: "assets.drop", input: {} })).status).toBe(404);
    expect((await ask(ports, { method: "GET", path: "assets.delete", input: { id: ID } })).status).toBe(405);
    expect(heard).toEqual([]);
  });
});
