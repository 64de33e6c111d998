import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { realTimers } from "../Timers.ts";
import { openTestBucket, useS3Server } from "../testing/openTestBucket.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { openJanitor } from "./openJanitor.ts";
import type { Store } from "@reelstate/db";
import type { Janitor, Keep } from "./openJanitor.ts";
import type { TestStudio } from "../testing/openTestStudio.ts";

const HOUR_MS = 3_600_000;

afterEach(() => void vi.useRealTimers());

type JanitorStore = Pick<Store, "prune" | "referencedKeys">;

const KEEP: Keep = { jobsDays: 30, eventsDays: 7, binDays: 7 };

function open({ store, storage, log }: TestStudio, change: { store?: JanitorStore; keep?: Keep } = {}): Janitor {
  return openJanitor({ ...realTimers, store, storage, log, ...change }, change.keep ?? KEEP);
}

async function rounds(studio: TestStudio, count: number): Promise<void> {
  while (studio.lines.filter(({ msg }) => msg === "cleaned").length < count) await wait(5);
}

/** The janitor's first round, which it begins by itself. */
async function clean(studio: TestStudio, change: Parameters<typeof open>[1] = {}): Promise<void> {
  const before = studio.lines.filter(({ msg }) => msg === "cleaned").length;
  const janitor = open(studio, change);
  await rounds(studio, before + 1);
  await janitor.close();
}

async function keys(studio: TestStudio): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { key } of studio.storage.list()) found.add(key);
  return found;
}

async function age(studio: TestStudio, key: string, hours: number): Promise<void> {
  const at = (Date.now() - hours * HOUR_MS) / 1000;
  await utimes(join(studio.folder, "media", key.slice(0, 2), key), at, at);
}

describe("the janitor", () => {
  const server = useS3Server();

  it("[A8] takes away files that nothing refers to and nobody has touched for a day, and no others", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    await studio.ended((await studio.create()).id);
    const used = await keys(studio);
    expect(used.size).toBe(3);
    const put = (text: string) =>
      studio.storage.put(Readable.from([Buffer.from(text)]), { ext: "png", maxBytes: 100 }).then(({ key }) => key);
    const [old, young] = [await put("old"), await put("young")];
    for (const key of [...used, old]) await age(studio, key, 25);
    await age(studio, young, 23);
    await clean(studio);
    expect(await keys(studio)).toEqual(new Set([...used, young]));
  });

  it("[A8] does so in a bucket", async () => {
    await using bucket = await openTestBucket(server());
    await using studio = await openTestStudio({ wrapStorage: () => bucket.storage });
    studio.startWorker();
    await studio.ended((await studio.create()).id);
    const used = await keys(studio);
    const put = (text: string) =>
      studio.storage.put(Readable.from([Buffer.from(text)]), { ext: "png", maxBytes: 100 }).then(({ key }) => key);
    const [old, young] = [await put("old"), await put("young")];
    const at = Date.now() / 1000 - 25 * 3_600;
    for (const key of [...used, old]) await utimes(server().pathOf(`${bucket.prefix}${key}`), at, at);
    await clean(studio);
    expect(await keys(studio)).toEqual(new Set([...used, young]));
  });

  it("[A8] leaves a file that was kept again after it was listed: somebody is about to refer to it", async () => {
    await using studio = await openTestStudio();
    const put = (text: string) =>
      studio.storage.put(Readable.from([Buffer.from(text)]), { ext: "png", maxBytes: 100 }).then(({ key }) => key);
    const [again, old] = [await put("again"), await put("old")];
    for (const key of [again, old]) await age(studio, key, 25);
    const store: JanitorStore = {
      prune: studio.store.prune,
      referencedKeys: async () => {
        expect(await put("again")).toBe(again);
        return studio.store.referencedKeys();
      },
    };
    await clean(studio, { store });
    expect(await keys(studio)).toEqual(new Set([again]));
  });

  it("begins at once, and again every hour", async () => {
    await using studio = await openTestStudio();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const janitor = open(studio);
    await rounds(studio, 1);
    await wait(5);
    vi.advanceTimersByTime(HOUR_MS);
    vi.useRealTimers();
    await rounds(studio, 2);
    await janitor.close();
    expect(studio.lines.filter(({ msg }) => msg === "cleaned")).toHaveLength(2);
  });

  it("[E3] goes on piece by piece until nothing is left that is past its period", async () => {
    await using studio = await openTestStudio();
    for (let made = 0; made < 5; made += 1) await studio.create();
    const limits: number[] = [];
    const prune: Store["prune"] = (policy) => {
      limits.push(policy.limit);
      return studio.store.prune({ ...policy, limit: 2 });
    };
    await wait(5);
    await clean(studio, { store: { ...studio.store, prune }, keep: { ...KEEP, eventsDays: 0 } });
    // Two and two and one, and a look that finds nothing; none longer than it should be.
    expect(limits).toEqual([500, 500, 500, 500]);
    expect(studio.rows("SELECT seq FROM event")).toEqual([]);
    expect(studio.lines.find(({ msg }) => msg === "cleaned")).toMatchObject({ events: 5 });
  });

  it("[A4] [E3] events go after a week, jobs after a month; status, error and history stay", async () => {
    let ahead = 0;
    await using studio = await openTestStudio({ clock: () => Date.now() + ahead });
    studio.startWorker();
    const { id } = await studio.create({ fail: { code: "content_policy_output", at: 0 } });
    const failed = await studio.ended(id);
    const history = await studio.api.assets.history({ id });
    const counts = () =>
      ["event", "job"].map((table) => Number(studio.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)[0]?.n));
    const before = counts();
    const kept = [];
    for (const days of [6, 8, 29, 31]) {
      ahead = days * 24 * HOUR_MS;
      await clean(studio);
      kept.push(counts());
    }
    expect(kept).toEqual([before, [0, 1], [0, 1], [0, 0]]);
    const { status, errorCode, errorMessage } = failed;
    expect(await studio.get(id)).toMatchObject({ status, errorCode, errorMessage, lastJob: null });
    expect(await studio.api.assets.history({ id })).toEqual(history);
    expect(await studio.api.assets.retry({ id })).toMatchObject({ status: "pending" });
  });

  it("goes on after a round that failed", async () => {
    await using studio = await openTestStudio();
    let broken = true;
    const store = {
      ...studio.store,
      prune: (policy: Parameters<typeof studio.store.prune>[0]) =>
        broken ? Promise.reject(new Error("locked")) : studio.store.prune(policy),
    };
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const janitor = open(studio, { store });
    while (!studio.lines.some(({ level }) => level === 40)) await wait(5);
    await wait(5);
    broken = false;
    vi.advanceTimersByTime(HOUR_MS);
    vi.useRealTimers();
    while (!studio.lines.some(({ msg }) => msg === "cleaned")) await wait(5);
    await janitor.close();
    expect(studio.lines.filter(({ msg }) => msg === "cleaned")).toHaveLength(1);
  });
});
