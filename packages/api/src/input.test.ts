import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkProviderInput,
  createInput,
  entriesInput,
  jobsInput,
  LIMITS,
  listInput,
  liveInput,
  orderProvidersInput,
  projectInput,
  regenerateInput,
  saveProviderInput,
  setBudgetInput,
  cancelInput,
  startInput,
  uploadQuery,
} from "./input.ts";
import { ask } from "./testing/ask.ts";
import { handMadePorts } from "./testing/ports.ts";
import type { z } from "zod";

const CREATE = { type: "image", prompt: "A lighthouse in fog" } as const;
const ID = "0199a3c2-7b1e-7000-8000-000000000001";

/** What `assets.create` answers to a body, and what reached the port. */
async function create(body: Readonly<Record<string, unknown>>) {
  const { ports, heard } = handMadePorts(() => ({ ok: true, value: null as never }));
  const { status, error } = await ask(ports, { method: "POST", path: "assets.create", input: body });
  return {
    status,
    field: error?.data["field"],
    why: error?.data["why"],
    message: error?.message,
    heard: heard[0]?.[1],
  };
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : { deeper: nested(levels - 1) });

/** Each limit just kept, and just broken: the field named and the way to mend it. */
const LIMITS_OF_CREATE: readonly (readonly [field: string, kept: object, broken: object, fix: RegExp])[] = [
  ["prompt", { prompt: "x".repeat(4_000) }, { prompt: "x".repeat(4_001) }, /too long: at most 4000 characters/],
  ["prompt", { prompt: "x" }, { prompt: " \t\n" }, /empty; write what you want to see/],
  ["name", { name: "x".repeat(120) }, { name: "x".repeat(121) }, /too long: at most 120 characters/],
  ["name", { name: "x" }, { name: "  " }, /empty; give it a name/],
  ["type", { type: "video" }, { type: "audio" }, /"image"\|"video"/],
  ["projectId", { projectId: "p".repeat(64) }, { projectId: "p".repeat(65) }, /must be an id: 1 to 64/],
  ["projectId", { projectId: "a-Z_9" }, { projectId: "../etc" }, /must be an id/],
  ["model", { model: "m".repeat(128) }, { model: "m".repeat(129) }, /128/],
  ["model", { model: "m" }, { model: "" }, /1/],
  ["inputs", { inputs: Array(4).fill(ID) }, { inputs: Array(5).fill(ID) }, /too many: at most 4/],
  ["inputs.1", { inputs: [ID, ID] }, { inputs: [ID, 7] }, /must be an id/],
  ["count", { count: 8 }, { count: 9 }, /at most 8/],
  ["count", { count: 1 }, { count: 0 }, /at least 1/],
  ["count", { count: 2 }, { count: 1.5 }, /whole number/],
  ["expectedQuote", { expectedQuote: 0 }, { expectedQuote: -1 }, /must not be below zero/],
  ["expectedQuote", { expectedQuote: 6 }, { expectedQuote: 6.5 }, /whole number of credits/],
  ["idempotencyKey", { idempotencyKey: "k".repeat(128) }, { idempotencyKey: "k".repeat(129) }, /1 to 128 printable/],
  ["idempotencyKey", { idempotencyKey: "!~" }, { idempotencyKey: "two words" }, /without spaces/],
  ["idempotencyKey", { idempotencyKey: "0" }, { idempotencyKey: "" }, /1 to 128 printable/],
  [
    "params.aspectRatio",
    { params: { aspectRatio: "16:9" } },
    { params: { aspectRatio: "wide" } },
    /must look like 16:9/,
  ],
  ["params.durationMs", { params: { durationMs: 600_000 } }, { params: { durationMs: 600_001 } }, /at most 600000/],
  ["params.durationMs", { params: { durationMs: 1 } }, { params: { durationMs: 0 } }, /above zero/],
  ["params.durationMs", { params: { durationMs: 2 } }, { params: { durationMs: "2" } }, /whole number of milliseconds/],
  ["params.seed", { params: { seed: 4_294_967_295 } }, { params: { seed: 4_294_967_296 } }, /0 to 4294967295/],
  ["params.seed", { params: { seed: 0 } }, { params: { seed: -1 } }, /0 to 4294967295/],
  ["params.resolution", { params: { resolution: "r".repeat(16) } }, { params: { resolution: "r".repeat(17) } }, /16/],
  [
    "params",
    { params: { own: "x".repeat(8_182) } },
    { params: { own: "x".repeat(8_183) } },
    /too large: at most 8192 bytes/,
  ],
  [
    "params",
    { params: { own: "灯".repeat(2_700) } },
    { params: { own: "灯".repeat(2_731) } },
    /too large: at most 8192 bytes/,
  ],
  ["params", { params: { own: nested(15) } }, { params: { own: nested(16) } }, /nested too deeply: at most 16 levels/],
  ["params", { params: { own: "whole 🏮" } }, { params: { own: "half \ud83c" } }, /broken characters; remove them/],
  ["params", { params: { own: ["a\nb"] } }, { params: { own: ["a\u0000b"] } }, /broken characters; remove them/],
  ["params", { params: { "own key": 1 } }, { params: { "own\u0000key": 1 } }, /broken characters; remove them/],
];

describe("what assets.create takes", () => {
  it.each(LIMITS_OF_CREATE)(
    "%s: the limit itself is taken, one past it is a 400 that names field and fix (%#)",
    async (field, kept, broken, fix) => {
      const taken = await create({ ...CREATE, ...kept });
      expect(taken).toMatchObject({ status: 200, heard: kept });
      const refused = await create({ ...CREATE, ...broken });
      expect(refused).toMatchObject({ status: 400, why: "invalid_input", field, heard: undefined });
      expect(refused.message).toMatch(fix);
      expect(refused.message?.startsWith(`${field}: `)).toBe(true);
    },
  );

  it.each(["type", "prompt"] as const)("%s must be given", async (field) => {
    const { [field]: _left, ...rest } = CREATE;
    expect(await create(rest)).toMatchObject({ status: 400, why: "invalid_input", field, heard: undefined });
  });

  it("control characters are taken out of texts; tabs, line breaks and every script stay", async () => {
    const { heard } = await create({
      ...CREATE,
      prompt: "\u0000灯\u0007塔\u001b 🏮\n\tline\u0085\u009b ",
      name: "\u007fA\u0000B",
    });
    expect(heard).toEqual({ type: "image", prompt: "灯塔 🏮\n\tline", name: "AB" });
  });

  it("a prompt of nothing but control characters is empty", async () => {
    expect(await create({ ...CREATE, prompt: "\u0000\u0001" })).toMatchObject({ status: 400, field: "prompt" });
  });

  it.each(["\ud800", "\udc00 back to front \ud800", "🏮\ud83c"])(
    "half a surrogate pair is refused, not mended in silence (%#)",
    async (prompt) => {
      const refused = await create({ ...CREATE, prompt });
      expect(refused).toMatchObject({ status: 400, field: "prompt", heard: undefined });
      expect(refused.message).toMatch(/broken characters; remove them/);
    },
  );

  it("the length counts what is kept, not what was taken out", async () => {
    const { status, heard } = await create({ ...CREATE, prompt: `${"x".repeat(4_000)}${"\u0000".repeat(50)}  ` });
    expect(status).toBe(200);
    expect(heard).toMatchObject({ prompt: "x".repeat(4_000) });
  });

  it("parameters nested a hundred thousand deep are refused with words, not with a broken stack", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const parsed = createInput.safeParse({ ...CREATE, params: { own: JSON.parse(deep) as unknown } });
    expect(parsed.error?.issues).toMatchObject([
      { path: ["params"], message: expect.stringMatching(/nested too deeply/) },
    ]);
  });

  it("any text comes out whole, trimmed, without control characters, and the same when parsed again; or is refused", () => {
    const units = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(fc.oneof(units, fc.string({ unit: "binary" })), (prompt) => {
        const { data, success } = createInput.safeParse({ ...CREATE, prompt });
        if (!prompt.isWellFormed()) return !success;
        if (!success) return prompt.replace(/\p{Cc}/gu, "").trim() === "";
        const again = createInput.parse(data).prompt;
        return data.prompt === again && !/(?![\t\n\r])\p{Cc}/u.test(again) && again === again.trim();
      }),
    );
  });

  it("a field that is not known is refused by its name: a misspelt one never means its default", async () => {
    expect(await create({ ...CREATE, promt: "x" })).toMatchObject({
      status: 400,
      why: "invalid_input",
      field: "promt",
    });
  });

  it("[C1] a price from the caller is not something that can be sent", async () => {
    expect(await create({ ...CREATE, quote: 0 })).toMatchObject({ status: 400, field: "quote" });
  });

  it.each([null, 7, "text", [], [CREATE]])("a body that is no object is refused (%#)", async (body) => {
    const { ports, heard } = handMadePorts(() => ({ ok: true, value: null as never }));
    const { status, error } = await ask(ports, { method: "POST", path: "assets.create", input: body });
    expect(status).toBe(400);
    expect(error?.data["field"]).toBe("input");
    expect(heard).toEqual([]);
  });
});

/** Every other input: what it makes of a small one, and everything it must not take, by field. */
const OTHERS: readonly (readonly [
  name: string,
  schema: z.ZodType,
  given: unknown,
  parsed: unknown,
  refused: readonly (readonly [field: string, value: unknown])[],
])[] = [
  [
    "listInput",
    listInput,
    {},
    { limit: 50 },
    [
      ["limit", { limit: 0 }],
      ["limit", { limit: LIMITS.listItems + 1 }],
      ["limit", { limit: 1.5 }],
      ["status", { status: "done" }],
      ["type", { type: "audio" }],
      ["cursor", { cursor: "c".repeat(201) }],
      ["search", { search: "s".repeat(201) }],
      ["search", { search: "\ud800" }],
      ["projectId", { projectId: "" }],
      ["", { workspaceId: "w-2" }],
    ],
  ],
  [
    "cancelInput",
    cancelInput,
    { id: ID, jobId: "job-1" },
    { id: ID, jobId: "job-1" },
    [
      ["id", { jobId: "job-1" }],
      ["jobId", { id: ID, jobId: "a b" }],
    ],
  ],
  [
    "startInput",
    startInput,
    { id: ID },
    { id: ID },
    [
      ["id", {}],
      ["id", { id: "a b" }],
      ["expectedQuote", { id: ID, expectedQuote: -1 }],
      ["", { id: ID, prompt: "x" }],
    ],
  ],
  [
    "regenerateInput",
    regenerateInput,
    { id: ID, prompt: " \u0000new " },
    { id: ID, prompt: "new" },
    [
      ["prompt", { id: ID, prompt: "" }],
      ["params", { id: ID, params: { own: "x".repeat(8_193) } }],
      ["", { id: ID, model: "other" }],
    ],
  ],
  [
    "jobsInput",
    jobsInput,
    {},
    { limit: 50 },
    [
      ["limit", { limit: 101 }],
      ["status", { status: "stuck" }],
      ["", { asset: ID }],
    ],
  ],
  [
    "projectInput",
    projectInput,
    { name: " Film " },
    { name: "Film" },
    [
      ["name", { name: "" }],
      ["name", {}],
      ["", { name: "a", id: "mine" }],
    ],
  ],
  [
    "saveProviderInput",
    saveProviderInput,
    { name: "fal", key: " fal-k:1 \n", home: " https://gateway.example/v1 ", limit: null },
    { name: "fal", key: "fal-k:1", home: "https://gateway.example/v1", limit: null },
    [
      ["name", { name: "" }],
      ["key", { name: "fal", key: "" }],
      ["key", { name: "fal", key: "two words" }],
      ["key", { name: "fal", key: "“k-1”" }],
      ["key", { name: "fal", key: "k".repeat(1_001) }],
      ["home", { name: "fal", home: "192.168.1.9:8188" }],
      ["home", { name: "fal", home: "ftp://host" }],
      ["home", { name: "fal", home: "https://user:secret@host" }],
      ["home", { name: "fal", home: "https://host/?key=secret" }],
      ["home", { name: "fal", home: "https://host/#part" }],
      ["limit", { name: "fal", limit: 0 }],
      ["limit", { name: "fal", limit: 1_001 }],
      ["limit", { name: "fal", limit: 1.5 }],
      ["enabled", { name: "fal", enabled: "yes" }],
      ["models.off", { name: "fal", models: { order: [] } }],
      ["", { name: "fal", secret: "k-1" }],
    ],
  ],
  [
    "checkProviderInput",
    checkProviderInput,
    { name: "fal", key: "k-1 " },
    { name: "fal", key: "k-1" },
    [
      ["name", {}],
      ["key", { name: "fal", key: null }],
      ["home", { name: "fal", home: "nowhere" }],
    ],
  ],
  [
    "orderProvidersInput",
    orderProvidersInput,
    { names: ["fal"] },
    { names: ["fal"] },
    [
      ["names", { names: [] }],
      ["names.0", { names: [""] }],
    ],
  ],
  [
    "setBudgetInput",
    setBudgetInput,
    { day: 0, month: null },
    { day: 0, month: null },
    [
      ["day", { day: -1 }],
      ["day", { day: 1.5 }],
      ["month", { month: "9" }],
      ["month", { month: 1_000_000_000_001 }],
      ["month", { month: Number.NaN }],
      ["", { week: 5 }],
    ],
  ],
  [
    "entriesInput",
    entriesInput,
    { before: 1 },
    { limit: 50, before: 1 },
    [
      ["before", { before: 0 }],
      ["limit", { limit: 101 }],
      ["", { kind: "grant" }],
    ],
  ],
  [
    "liveInput",
    liveInput,
    { after: 0, lastEventId: "7", feedId: "f" },
    { after: 0, lastEventId: "7", feedId: "f" },
    [
      ["after", { after: -1 }],
      ["after", { after: 1.5 }],
      ["lastEventId", { lastEventId: "-1" }],
      ["lastEventId", { lastEventId: "9".repeat(16) }],
      ["feedId", { feedId: "f".repeat(65) }],
      ["", { workspaceId: "w-2" }],
    ],
  ],
];

describe("what the other procedures take", () => {
  it.each(OTHERS)("%s", (_name, schema, given, parsed, refused) => {
    expect(schema.parse(given)).toEqual(parsed);
    for (const [field, value] of refused) {
      const { success, error } = schema.safeParse(value);
      expect([value, success, error?.issues[0]?.path.join(".")]).toEqual([value, false, field]);
    }
  });

  it("an upload's query may carry more than is asked of it, but its name keeps to the limits", () => {
    expect(uploadQuery.parse({ name: "IMG_0001\u0000.jpg", utm: "x" })).toEqual({ name: "IMG_0001.jpg" });
    expect(uploadQuery.safeParse({ name: "n".repeat(121) }).error?.issues[0]?.path).toEqual(["name"]);
  });
});
