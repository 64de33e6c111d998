import { describe, expect, it } from "vitest";
import { ask } from "../testing/ask.ts";
import { handMadePorts } from "../testing/ports.ts";
import { appRouter } from "./index.ts";
import type { Question } from "../testing/ask.ts";

/** design.md, "The contract": names that others rely on. */
const CONTRACT = {
  "assets.cancel": "mutation",
  "assets.create": "mutation",
  "assets.delete": "mutation",
  "assets.get": "query",
  "assets.history": "query",
  "assets.list": "query",
  "assets.quote": "query",
  "assets.recover": "mutation",
  "assets.regenerate": "mutation",
  "assets.retry": "mutation",
  "credits.entries": "query",
  "credits.summary": "query",
  "events.live": "subscription",
  "health.check": "mutation",
  "health.repair": "mutation",
  "health.watch": "subscription",
  "jobs.list": "query",
  "models.list": "query",
  "projects.create": "mutation",
  "projects.list": "query",
  "settings.budget.get": "query",
  "settings.budget.set": "mutation",
  "settings.providers.check": "mutation",
  "settings.providers.list": "query",
  "settings.providers.order": "mutation",
  "settings.providers.save": "mutation",
} as const;

const ID = "a-1";

/** Each request, and the one port that hears of it with these words. */
const ROUTES: readonly (readonly [question: Question, port: string, told: unknown])[] = [
  [
    { method: "GET", path: "assets.quote", input: { type: "image", prompt: "p", count: 2 } },
    "assets.quote",
    { type: "image", prompt: "p", count: 2 },
  ],
  [
    { method: "POST", path: "assets.create", input: { type: "video", prompt: "p", inputs: [ID] } },
    "assets.create",
    { type: "video", prompt: "p", inputs: [ID] },
  ],
  [{ method: "GET", path: "assets.list", input: { status: "failed" } }, "assets.list", { status: "failed", limit: 50 }],
  [{ method: "GET", path: "assets.get", input: { id: ID } }, "assets.get", ID],
  [{ method: "GET", path: "assets.history", input: { id: ID } }, "assets.history", ID],
  [{ method: "POST", path: "assets.cancel", input: { id: ID } }, "assets.cancel", { id: ID }],
  [
    { method: "POST", path: "assets.cancel", input: { id: ID, jobId: "job-1" } },
    "assets.cancel",
    { id: ID, jobId: "job-1" },
  ],
  [{ method: "POST", path: "assets.delete", input: { id: ID } }, "assets.delete", ID],
  [
    { method: "POST", path: "assets.retry", input: { id: ID, idempotencyKey: "k" } },
    "assets.start",
    { kind: "retry", id: ID, idempotencyKey: "k" },
  ],
  [
    { method: "POST", path: "assets.recover", input: { id: ID, expectedQuote: 6 } },
    "assets.start",
    { kind: "recover", id: ID, expectedQuote: 6 },
  ],
  [
    { method: "POST", path: "assets.regenerate", input: { id: ID, prompt: "q", params: { seed: 7 } } },
    "assets.start",
    { kind: "regenerate", id: ID, change: { prompt: "q", params: { seed: 7 } } },
  ],
  [
    { method: "POST", path: "assets.regenerate", input: { id: ID } },
    "assets.start",
    { kind: "regenerate", id: ID, change: { prompt: undefined, params: undefined } },
  ],
  [{ method: "GET", path: "jobs.list" }, "jobs.list", { limit: 50 }],
  [
    { method: "GET", path: "jobs.list", input: { status: "failed", limit: 5 } },
    "jobs.list",
    { status: "failed", limit: 5 },
  ],
  [{ method: "GET", path: "models.list" }, "models.list", undefined],
  [{ method: "GET", path: "models.list", input: {} }, "models.list", undefined],
  [{ method: "GET", path: "projects.list" }, "projects.list", undefined],
  [{ method: "POST", path: "projects.create", input: { name: "Film" } }, "projects.create", { name: "Film" }],
  [{ method: "GET", path: "credits.summary" }, "credits.summary", undefined],
  [{ method: "GET", path: "credits.entries" }, "credits.entries", { limit: 50 }],
  [
    { method: "GET", path: "credits.entries", input: { before: 9, limit: 2 } },
    "credits.entries",
    { before: 9, limit: 2 },
  ],
  [{ method: "GET", path: "settings.budget.get" }, "settings.budget.get", undefined],
  [{ method: "POST", path: "settings.budget.set", input: { month: null } }, "settings.budget.set", { month: null }],
  [{ method: "POST", path: "settings.budget.set", input: { day: 0 } }, "settings.budget.set", { day: 0 }],
  [{ method: "GET", path: "settings.providers.list" }, "settings.providers.list", undefined],
  [
    { method: "POST", path: "settings.providers.save", input: { name: "fal", key: " k-1\n", home: null, limit: 3 } },
    "settings.providers.save",
    { name: "fal", key: "k-1", home: null, limit: 3 },
  ],
  [
    { method: "POST", path: "settings.providers.order", input: { names: ["fal", "google"] } },
    "settings.providers.order",
    { names: ["fal", "google"] },
  ],
  [
    { method: "POST", path: "settings.providers.check", input: { name: "fal", key: "k-1" } },
    "settings.providers.check",
    { name: "fal", key: "k-1" },
  ],
];

/** They begin something and answer at once; what comes of it is watched. */
const HEALTH = ["health.check", "health.repair", "health.watch"];

describe("the router", () => {
  it.each(["check", "repair"])(
    "health.%s says whether it began, and reads every byte only when told to",
    async (name) => {
      const { ports, heard } = handMadePorts(() => ({ ok: true, value: "answered" as never }));
      const path = `health.${name}`;
      expect((await ask(ports, { method: "POST", path, input: {} })).data).toEqual({ began: true });
      await ask(ports, { method: "POST", path, input: { deep: true } });
      expect(heard).toEqual([
        [path, { deep: false }],
        [path, { deep: true }],
      ]);
      const without = await ask({ ...ports, health: null }, { method: "POST", path, input: {} });
      expect([without.status, without.error?.data]).toEqual([404, expect.objectContaining({ why: "not_found" })]);
    },
  );

  it("a key that cannot be one is refused without being repeated", async () => {
    const { ports, heard } = handMadePorts(() => ({ ok: true, value: null as never }));
    const input = { name: "fal", key: "my secret key" };
    for (const path of ["settings.providers.save", "settings.providers.check"]) {
      const { status, text, error } = await ask(ports, { method: "POST", path, input });
      expect([status, error?.data["field"]]).toEqual([400, "key"]);
      expect(text).not.toContain("secret key");
    }
    expect(heard).toEqual([]);
  });

  it("a studio whose providers are not set up from here says so", async () => {
    const { ports } = handMadePorts(() => ({ ok: true, value: null as never }));
    const without = { ...ports, settings: { ...ports.settings, providers: null } };
    const { status, error } = await ask(without, { method: "GET", path: "settings.providers.list" });
    expect([status, error?.data["why"]]).toEqual([404, "not_found"]);
  });

  it("has every procedure of the contract under its name, and no other", () => {
    const procedures = Object.entries(appRouter._def.procedures) as unknown as readonly (readonly [
      string,
      { readonly _def: { readonly type: string } },
    ])[];
    const found = Object.fromEntries(procedures.map(([name, { _def }]) => [name, _def.type]));
    expect(found).toEqual(CONTRACT);
  });

  it.each(ROUTES)("$path reaches its port with what was asked (%#)", async (question, port, told) => {
    const { ports, heard } = handMadePorts(() => ({ ok: true, value: "answered" as never }));
    const { status, data } = await ask(ports, question);
    expect(status).toBe(200);
    expect(heard).toEqual([[port, told]]);
    // Views without refusals give what the port gave; the others unpack the outcome. Providers come in a list of their own.
    const given = data as { readonly value?: unknown; readonly providers?: { readonly value?: unknown } };
    expect([data, given.value, given.providers, given.providers?.value]).toContain("answered");
  });

  it("every procedure but the stream has been asked", () => {
    const asked = new Set(ROUTES.map(([{ path }]) => path));
    expect(Object.keys(CONTRACT).filter((name) => !asked.has(name))).toEqual(["events.live", ...HEALTH]);
  });

  it.each(["models.list", "projects.list", "credits.summary"])("%s takes nothing, and says so", async (path) => {
    const { ports, heard } = handMadePorts(() => ({ ok: true, value: null as never }));
    const { status, error } = await ask(ports, { method: "GET", path, input: { workspaceId: "w-2" } });
    expect([status, error?.data["field"]]).toEqual([400, "workspaceId"]);
    expect(heard).toEqual([]);
  });
});
