import { openTestDatabase } from "@reelstate/db/testing";
import { pino } from "pino";
import { expect, it } from "vitest";
import { parseConfig } from "./config.ts";
import { startStudio } from "./startStudio.ts";
import { temporaryFolder } from "./testing/temporaryFolder.ts";
import type { LiveItem } from "@reelstate/api";
import type { Asset } from "@reelstate/lifecycle";

/*
 * The same program several times on one PostgreSQL database: who answers, who works, and how they hear of each other.
 */

const PATIENCE_MS = 60_000;
const patience = { timeout: PATIENCE_MS, interval: 20 };

async function openProcesses() {
  const database = await openTestDatabase({ empty: true });
  const folder = await temporaryFolder();
  const log = pino({ level: "silent" });
  const running: { readonly stop: () => Promise<void> }[] = [];

  async function start(role: "all" | "api" | "worker", env: Readonly<Record<string, string>> = {}) {
    const config = parseConfig({
      ROLE: role,
      DATABASE_URL: database.url,
      DATA_DIR: folder.path,
      PORT: "0",
      DRAIN_MS: "0",
      REELSTATE_SIMULATOR: "1",
      ...env,
    });
    const studio = await startStudio(config, log);
    running.push(studio);
    const call = async <T>(path: string, body?: unknown): Promise<T> => {
      const post = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const answer = await fetch(`${studio.url}/trpc/${path}`, body === undefined ? {} : post);
      expect([path, answer.status]).toEqual([path, 200]);
      return ((await answer.json()) as { readonly result: { readonly data: T } }).result.data;
    };
    return {
      ...studio,
      call,
      get: (id: string) => call<Asset>(`assets.get?input=${encodeURIComponent(JSON.stringify({ id }))}`),
      create: async (script: Record<string, unknown> = {}) => {
        const params = { script: { queueMs: 0, runMs: 0, ...script } };
        const { assets } = await call<{ assets: Asset[] }>("assets.create", {
          type: "image",
          prompt: "fog",
          model: "sim/image",
          params,
        });
        return assets[0]?.id ?? "";
      },
      ready: async () => {
        const answer = await fetch(`${studio.url}/readyz`);
        return [answer.status, ((await answer.json()) as { readonly why?: string }).why ?? null] as const;
      },
    };
  }

  return {
    database,
    start,
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((studio) => studio.stop()));
      await folder[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Listens to a process's live stream; ends with the process or with `stop`. */
function listen(url: string) {
  const stop = new AbortController();
  const items: LiveItem[] = [];
  const done = (async () => {
    const answer = await fetch(`${url}/trpc/events.live`, { signal: stop.signal });
    let text = "";
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      const ends = text.lastIndexOf("\n\n");
      if (ends === -1) continue;
      for (const [, data] of text.slice(0, ends).matchAll(/^data: (\{"kind".*)$/gm))
        items.push(JSON.parse(data ?? "") as LiveItem);
      text = text.slice(ends);
    }
  })().catch(() => {});
  return { items, stop: () => stop.abort(), done };
}

const told = (items: readonly LiveItem[], id: string): readonly string[] =>
  items.flatMap((item) => (item.kind === "transition" && item.asset.id === id ? [item.event] : []));

it("[E2] browsers at one process hear at once of what was asked of another and made by a third", async () => {
  await using processes = await openProcesses();
  // All at the same moment: the tables are made once.
  const [asked, heard] = await Promise.all([processes.start("api"), processes.start("api"), processes.start("worker")]);
  const stream = listen(heard.url);
  await expect.poll(() => stream.items.length, patience).toBeGreaterThan(0);
  const id = await asked.create();
  await expect.poll(() => told(stream.items, id), patience).toEqual(["create", "claim", "complete"]);
  const asset = await heard.get(id);
  expect(asset).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
  const media = await fetch(`${heard.url}${asset.currentVersion.media?.url ?? ""}`);
  expect(media.status).toBe(200);
  expect((await media.arrayBuffer()).byteLength).toBe(asset.currentVersion.media?.bytes);
  stream.stop();
  await stream.done;
});

it("[J7] a cancel that is asked of one process stops the worker in another", async () => {
  await using processes = await openProcesses();
  const [front] = await Promise.all([processes.start("api"), processes.start("worker", { LEASE_MS: "600000" })]);
  const id = await front.create({ hang: true });
  await expect.poll(async () => (await front.get(id)).liveJob?.phase, patience).toBe("at_provider");
  await front.call("assets.cancel", { id });
  // With a lease of ten minutes no heartbeat can have told it.
  await expect.poll(async () => (await front.get(id)).status, patience).toBe("cancelled");
});

it("[J6] what a stopped worker hands back is made by another, and no try is spent", async () => {
  await using processes = await openProcesses();
  const front = await processes.start("api");
  const first = await processes.start("worker");
  const id = await front.create({ runMs: 700 });
  await expect.poll(async () => (await front.get(id)).liveJob?.phase, patience).toBe("at_provider");
  await first.stop();
  expect((await front.get(id)).liveJob).toMatchObject({ status: "pending", failures: 0 });
  await processes.start("worker");
  await expect.poll(async () => (await front.get(id)).status, patience).toBe("completed");
});

it("a worker answers probes and nothing else, and every process says why it is not ready", async () => {
  await using processes = await openProcesses();
  const [front, worker] = await Promise.all([processes.start("api"), processes.start("worker")]);
  expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);
  expect(await worker.ready()).toEqual([200, null]);
  for (const path of ["/", "/trpc/assets.list", "/media/a"])
    expect((await fetch(`${worker.url}${path}`)).status).toBe(404);
  await processes.database[Symbol.asyncDispose]();
  await expect.poll(() => front.ready(), patience).toEqual([503, expect.stringMatching(/database/)]);
  await expect.poll(() => worker.ready(), patience).toEqual([503, expect.stringMatching(/database/)]);
  expect((await fetch(`${front.url}/healthz`)).status).toBe(200);
});
