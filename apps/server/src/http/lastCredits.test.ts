import { describe, expect, it } from "vitest";
import { openTestHttp } from "../testing/openTestHttp.ts";
import type { CreditEntry } from "@reelstate/api";
import type { Asset } from "@reelstate/lifecycle";

const FOG = { type: "image", prompt: "fog", model: "sim/image" };
const PRICE = 6;

interface Answer {
  readonly status: number;
  readonly why: string | null;
  readonly ids: readonly string[];
}

/** A studio that listens, and what is asked of it through a socket as a browser would. */
async function openListening(grant: number) {
  const http = await openTestHttp({ grant });
  const origin = await http.app.listen({ port: 0, host: "127.0.0.1" });
  const ask = async <T>(path: string, init: RequestInit = {}): Promise<{ status: number; body: T }> => {
    const response = await fetch(`${origin}/trpc/${path}`, init);
    return { status: response.status, body: (await response.json()) as T };
  };
  async function create(input: object): Promise<Answer> {
    interface Body {
      readonly result?: { readonly data: { readonly assets: readonly Asset[] } };
      readonly error?: { readonly data: { readonly why: string } };
    }
    const headers = { "content-type": "application/json" };
    const { status, body } = await ask<Body>("assets.create", { method: "POST", headers, body: JSON.stringify(input) });
    return { status, why: body.error?.data.why ?? null, ids: body.result?.data.assets.map(({ id }) => id) ?? [] };
  }
  async function entries(limit: number, before?: number): Promise<readonly CreditEntry[]> {
    const input = encodeURIComponent(JSON.stringify(before === undefined ? { limit } : { limit, before }));
    interface Body {
      readonly result: { readonly data: readonly CreditEntry[] };
    }
    return (await ask<Body>(`credits.entries?input=${input}`)).body.result.data;
  }
  return { create, entries, studio: http.studio, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
}

describe("many requests at once", () => {
  it("[C1] [C3] of fifty creates for the last credits exactly as many are made as can be paid", async () => {
    await using http = await openListening(100);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => http.create({ ...FOG, prompt: `fog ${n}`, idempotencyKey: `press-${n}` })),
    );
    const made = answers.filter(({ status }) => status === 200);
    expect(made).toHaveLength(16);
    expect(answers.filter(({ status, why }) => status === 402 && why === "insufficient_credits")).toHaveLength(34);
    expect(await http.studio.api.credits.summary()).toEqual({ balance: 100, held: 16 * PRICE });
    expect(http.studio.rows("SELECT id FROM asset")).toHaveLength(16);
  });

  it("[C4] the same one forty times is one creation with one hold, and everybody hears of the same asset", async () => {
    await using http = await openListening(1_000);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => http.create({ ...FOG, count: 2, idempotencyKey: "press" })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ ids }) => ids.join()))).toHaveProperty("size", 1);
    expect(await http.studio.api.credits.summary()).toEqual({ balance: 1_000, held: 2 * PRICE });
    expect(await http.entries(10)).toHaveLength(3);
  });

  it("[C4] two different ones under one key are one creation and conflicts", async () => {
    await using http = await openListening(1_000);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => http.create({ ...FOG, prompt: `fog ${n % 2}`, idempotencyKey: "press" })),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(10);
    expect(new Set(refused.map(({ status, why }) => `${status} ${why}`))).toEqual(
      new Set(["409 idempotency_conflict"]),
    );
    expect(await http.studio.api.credits.summary()).toEqual({ balance: 1_000, held: PRICE });
  });
});

describe("the ledger", () => {
  it("[C3] is read to its first line in pages, each line with its job and asset, and sums to the balance", async () => {
    await using http = await openListening(1_000);
    for (let n = 0; n < 10; n += 1) await http.create(FOG);
    for (const { id } of (await http.studio.api.assets.list({})).items.slice(0, 4))
      await http.studio.api.assets.cancel({ id });
    const read: CreditEntry[] = [];
    for (let page = await http.entries(4); page.length > 0; page = await http.entries(4, read.at(-1)?.id))
      read.push(...page);
    expect(read.map(({ id }) => id)).toEqual([...new Set(read.map(({ id }) => id))].toSorted((a, b) => b - a));
    expect(read.map(({ kind }) => kind).toSorted()).toEqual([
      "grant",
      ...Array<string>(10).fill("hold"),
      ...Array<string>(4).fill("release"),
    ]);
    for (const { kind, jobId, assetId, assetName } of read) {
      if (kind === "grant") expect([jobId, assetId]).toEqual([null, null]);
      else
        expect({ jobId, assetId, assetName }).toEqual({
          jobId: expect.any(String),
          assetId: expect.any(String),
          assetName: "fog",
        });
    }
    const sum = (of: "balance" | "held"): number => read.reduce((total, entry) => total + entry[of], 0);
    expect({ balance: sum("balance"), held: sum("held") }).toEqual(await http.studio.api.credits.summary());
  });
});
