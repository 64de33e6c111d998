import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { openFolderMarks } from "./openFolderMarks.ts";
import { openFolderStorage } from "./openFolderStorage.ts";
import type * as Fs from "node:fs/promises";
import type { Storage } from "./Storage.ts";

type Step = "rm" | "rename" | "stat";

/** Stops the next call of a step, on a real folder, until somebody lets it go on. */
const stops = new Map<Step, { readonly reached: () => void; readonly goOn: Promise<void> }>();

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof Fs>();
  const stopping = <A extends readonly unknown[], T>(step: Step, call: (...given: A) => Promise<T>) =>
    async function stopped(...given: A): Promise<T> {
      const stop = stops.get(step);
      stops.delete(step);
      stop?.reached();
      await stop?.goOn;
      return call(...given);
    };
  return {
    ...real,
    rm: stopping("rm", real.rm),
    rename: stopping("rename", real.rename),
    stat: stopping("stat", real.stat as (path: string) => Promise<unknown>),
  };
});

afterEach(() => stops.clear());

/** Runs `first` up to the step, then `second` as far as it gets, then lets both end. */
async function between<A, B>(step: Step, first: () => Promise<A>, second: () => Promise<B>): Promise<readonly [A, B]> {
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  stops.set(step, { reached: reached.resolve, goOn: goOn.promise });
  const one = first();
  await reached.promise;
  const other = second();
  // Where nothing holds it back it ends now; where it has to wait its turn, it waits.
  await Promise.race([other, wait(200)]);
  goOn.resolve();
  return Promise.all([one, other]);
}

const put = (storage: Storage, bytes: string) =>
  storage.put(Readable.from([Buffer.from(bytes)]), { ext: "png", maxBytes: 100 });

describe("a file that is put again while it is collected", () => {
  it.each([
    ["has been found old", "stat"],
    ["is about to be removed", "rm"],
  ] as const)("[A8] is there afterwards, put when it %s", async (_when, step) => {
    await using folder = await temporaryFolder();
    const storage = await openFolderStorage(folder.path);
    const { key } = await put(storage, "again");
    const since = Date.now() + 60_000;
    await between(
      step,
      () => storage.deleteUntouched(key, since),
      () => put(storage, "again"),
    );
    expect(await storage.head(key)).toMatchObject({ bytes: 5 });
  });

  it("[A8] is there afterwards, collected when it is about to be visible again", async () => {
    await using folder = await temporaryFolder();
    const storage = await openFolderStorage(folder.path);
    const { key } = await put(storage, "again");
    const { modifiedAt } = (await storage.head(key)) ?? { modifiedAt: 0 };
    await wait(20);
    const [, removed] = await between(
      "rename",
      () => put(storage, "again"),
      () => storage.deleteUntouched(key, modifiedAt),
    );
    // The put came first, and so the file is no longer an old one.
    expect(removed).toBe(false);
    expect(await storage.head(key)).toMatchObject({ bytes: 5 });
  });

  it.each([
    ["it has been found old", "stat"],
    ["its collector is about to take it out of sight", "rename"],
    ["its collector is about to remove it", "rm"],
  ] as const)(
    "[A8] is there afterwards, put when %s in another process that shares the folder: its bytes once went with the old ones",
    async (_when, step) => {
      await using folder = await temporaryFolder();
      const [ours, theirs] = [await openFolderStorage(folder.path), await openFolderStorage(folder.path)];
      const { key } = await put(ours, "again");
      const { modifiedAt } = (await ours.head(key)) ?? { modifiedAt: 0 };
      await wait(20);
      const [, said] = await between(
        step,
        () => ours.deleteUntouched(key, modifiedAt),
        () => put(theirs, "again").catch((error: unknown) => error),
      );
      expect(said).toMatchObject({ key, bytes: 5 });
      expect(await theirs.head(key)).toMatchObject({ bytes: 5 });
      expect(await readdir(join(folder.path, "tmp"))).toEqual([]);
    },
  );

  it("[A8] is there once its put is answered, and not only once its collector has put it back", async () => {
    await using folder = await temporaryFolder();
    const [ours, theirs] = [await openFolderStorage(folder.path), await openFolderStorage(folder.path)];
    const { key } = await put(ours, "again");
    const { modifiedAt } = (await ours.head(key)) ?? { modifiedAt: 0 };
    await wait(20);
    let answered = false;
    const [, removed] = await between(
      "rename",
      () => ours.deleteUntouched(key, modifiedAt).then((was) => [was, answered]),
      async () => {
        await put(theirs, "again");
        answered = true;
      },
    ).then(([first]) => [null, first] as const);
    // It was put back, and only then was its put answered.
    expect(removed).toEqual([false, false]);
    expect(await theirs.head(key)).toMatchObject({ bytes: 5 });
  });

  it("[A8] is put although a collector that was killed has left its mark", async () => {
    await using folder = await temporaryFolder();
    const marks = join(folder.path, "tmp");
    const storage = await openFolderStorage(folder.path);
    const { key } = await put(storage, "again");
    await writeFile(join(marks, `collecting-${key}`), "");
    expect(await storage.deleteUntouched(key, Number.POSITIVE_INFINITY)).toBe(false);
    await openFolderMarks(marks, 50).untilNone(key);
    expect(await readdir(marks)).toEqual([]);
    expect(await storage.deleteUntouched(key, Number.POSITIVE_INFINITY)).toBe(true);
  });

  it("[A8] keeps nobody waiting who puts or collects another", async () => {
    await using folder = await temporaryFolder();
    const storage = await openFolderStorage(folder.path);
    const { key } = await put(storage, "again");
    const { promise, resolve } = Promise.withResolvers<void>();
    stops.set("rm", { reached: () => {}, goOn: promise });
    const removing = storage.deleteUntouched(key, Date.now() + 60_000);
    const other = await put(storage, "another");
    resolve();
    expect(await removing).toBe(true);
    expect(await storage.head(other.key)).toMatchObject({ bytes: 7 });
  });
});
