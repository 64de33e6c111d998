import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openTestBucket, useS3Server } from "../../testing/openTestBucket.ts";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import { openLocalCopies } from "./openLocalCopies.ts";

const server = useS3Server();
afterEach(() => void vi.useRealTimers());

async function openCopies() {
  const folder = await temporaryFolder();
  const copies = openLocalCopies(folder.path, { keptMs: 1_000, idleBytes: 25 });
  const fetched: string[] = [];
  return {
    ...copies,
    fetched,
    /** Lends a copy of ten bytes that are the key's first letter. */
    lend: <T>(key: string, work: (path: string) => Promise<T>) =>
      copies.use(
        key,
        async (path) => {
          fetched.push(key);
          await writeFile(path, (key[0] ?? "").repeat(10));
        },
        work,
      ),
    files: async () => (await readdir(folder.path)).length,
    path: folder.path,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const contents = (path: string): Promise<string> => readFile(path, "utf8");

describe("local copies", () => {
  it("are fetched once for all who want one at the same time, and again when they went", async () => {
    await using copies = await openCopies();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    expect(await Promise.all([1, 2, 3].map(() => copies.lend("a.png", contents)))).toEqual(Array(3).fill("aaaaaaaaaa"));
    expect(await copies.lend("a.png", contents)).toBe("aaaaaaaaaa");
    expect(copies.fetched).toEqual(["a.png"]);
    vi.advanceTimersByTime(1_001);
    vi.useRealTimers();
    await expect.poll(copies.files).toBe(0);
    await copies.lend("a.png", contents);
    expect(copies.fetched).toEqual(["a.png", "a.png"]);
  });

  it("stay where they are while somebody uses them, whoever forgets them", async () => {
    await using copies = await openCopies();
    await copies.lend("a.png", async (path) => {
      await copies.forget("a.png");
      expect(await contents(path)).toBe("aaaaaaaaaa");
    });
    expect(await copies.files()).toBe(0);
  });

  it("that nobody uses make room, the oldest first", async () => {
    await using copies = await openCopies();
    for (const key of ["a.png", "b.png", "c.png", "d.png"]) await copies.lend(key, contents);
    expect(await copies.files()).toBe(3);
    for (const key of ["d.png", "c.png", "b.png"]) await copies.lend(key, contents);
    expect(copies.fetched).toEqual(["a.png", "b.png", "c.png", "d.png"]);
    await copies.close();
    expect(await copies.files()).toBe(0);
  });

  it("that could not be fetched, or were of no use, are not kept", async () => {
    await using copies = await openCopies();
    const away = new Error("away");
    const fail = () => Promise.reject(away);
    const trying = [1, 2].map(() => copies.use("a.png", fail, contents));
    for (const tried of trying) await expect(tried).rejects.toBe(away);
    await expect(copies.lend("a.png", fail)).rejects.toBe(away);
    expect(await copies.files()).toBe(0);
    expect(await copies.lend("a.png", contents)).toBe("aaaaaaaaaa");
  });

  it("take over a file, or do without it when they have one", async () => {
    await using copies = await openCopies();
    for (let turn = 0; turn < 2; turn += 1) {
      const path = join(copies.path, `new-${turn}`);
      await writeFile(path, "given");
      await copies.keep("a.png", path);
    }
    expect(await copies.files()).toBe(1);
    expect(await copies.lend("a.png", contents)).toBe("given");
    expect(copies.fetched).toEqual([]);
  });
});

describe("a file of a bucket, as a local one", () => {
  const isRead = ({ method, url }: { readonly method: string; readonly url: string }): boolean =>
    method === "GET" && !url.includes("list-type");

  it("is there at once after it was put, and is fetched and compared with its hash otherwise", async () => {
    await using bucket = await openTestBucket(server());
    const given = randomBytes(100_000);
    const { key } = await bucket.storage.put(Readable.from([given]), { ext: "png", maxBytes: 100_000 });
    const since = server().requests.length;
    const reads = () => server().requests.slice(since).filter(isRead).length;
    expect((await bucket.storage.withLocalFile(key, (path) => readFile(path))).equals(given)).toBe(true);
    expect(reads()).toBe(0);
    await using other = await openTestBucket({ ...server(), settings: () => bucket.settings });
    expect((await other.storage.withLocalFile(key, (path) => readFile(path))).equals(given)).toBe(true);
    expect(await other.storage.withLocalFile(key, async (path) => path)).toMatch(/\.png$/);
    expect(reads()).toBe(1);
    await using third = await openTestBucket({ ...server(), settings: () => bucket.settings });
    await writeFile(server().pathOf(`${bucket.prefix}${key}`), randomBytes(100_000));
    await expect(third.storage.withLocalFile(key, async () => {})).rejects.toMatchObject({ reason: "broken" });
    expect(await readdir(join(third.workDir, "copies"))).toEqual([]);
  });
});
