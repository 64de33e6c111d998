import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { realTimers } from "../Timers.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { openJanitor } from "./openJanitor.ts";
import type { Store } from "@reelstate/db";
import type { TestStudio } from "../testing/openTestStudio.ts";

const HOUR_MS = 3_600_000;

afterEach(() => void vi.useRealTimers());

/** One round of the janitor, an hour from now by the timers alone. */
async function clean(studio: TestStudio, store: Pick<Store, "prune" | "referencedKeys"> = studio.store): Promise<void> {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const janitor = openJanitor({ store, storage: studio.storage, ...realTimers, log: studio.log });
  vi.advanceTimersByTime(HOUR_MS);
  vi.useRealTimers();
  const cleaned = (): number => studio.lines.filter(({ msg }) => msg === "cleaned").length;
  for (const before = cleaned(); cleaned() === before;) await wait(5);
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

  it("[A8] leaves a file that was kept again after it was listed: somebody is about to refer to it", async () => {
    await using studio = await openTestStudio();
    const put = (text: string) =>
      studio.storage.put(Readable.from([Buffer.from(text)]), { ext: "png", maxBytes: 100 }).then(({ key }) => key);
    const [again, old] = [await put("again"), await put("old")];
    for (const key of [again, old]) await age(studio, key, 25);
    await clean(studio, {
      ...studio.store,
      referencedKeys: async () => {
        expect(await put("again")).toBe(again);
        return studio.store.referencedKeys();
      },
    });
    expect(await keys(studio)).toEqual(new Set([again]));
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
    const janitor = openJanitor({ store, storage: studio.storage, ...realTimers, log: studio.log });
    vi.advanceTimersByTime(HOUR_MS);
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
