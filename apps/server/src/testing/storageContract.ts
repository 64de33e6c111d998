import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { Storage } from "../storage/Storage.ts";

/** A new, empty storage; removed when disposed of. */
export interface OpenedStorage extends AsyncDisposable {
  readonly storage: Storage;
  /** How many files it holds that are not visible: what a `put` leaves behind when it must leave nothing. */
  readonly leftovers: () => Promise<number>;
}

const MAX = { ext: "png", maxBytes: 1_000_000 } as const;
const NOT_KEYS = [
  "",
  "x",
  "../reelstate.sqlite",
  "..",
  "tmp",
  `${"a".repeat(64)}.png/../x`,
  `${"A".repeat(64)}.png`,
  "a".repeat(64),
];

/** What every Storage must do. Reads back every byte it wrote. */
export function storageContract(open: () => Promise<OpenedStorage>): void {
  const put = (storage: Storage, bytes: Uint8Array, ext = "png") =>
    storage.put(Readable.from([bytes]), { ext, maxBytes: MAX.maxBytes });
  const read = async (storage: Storage, key: string, range?: { start: number; end: number }) => {
    const found = await storage.get(key, range);
    return found === null ? null : buffer(found.body);
  };
  async function listed(storage: Storage): Promise<readonly string[]> {
    const keys = [];
    for await (const { key } of storage.list()) keys.push(key);
    return keys.toSorted();
  }

  describe("a storage", () => {
    it("gives back what it was given, under the hash of its bytes", async () => {
      await using opened = await open();
      const { storage } = opened;
      for (const size of [0, 1, 65_536, 300_001]) {
        const bytes = randomBytes(size);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        expect(await put(storage, bytes)).toEqual({ key: `${sha256}.png`, bytes: size, sha256 });
        expect(await read(storage, `${sha256}.png`)).toEqual(bytes);
        expect(await storage.head(`${sha256}.png`)).toEqual({ bytes: size, modifiedAt: expect.any(Number) });
        const path = await storage.withLocalFile(`${sha256}.png`, (path) => readFile(path));
        expect(path.equals(bytes)).toBe(true);
      }
    });

    it("[A8] remembers whose it is, which is no file of theirs", async () => {
      await using opened = await open();
      const { storage } = opened;
      expect(await storage.owner()).toBeNull();
      await storage.setOwner("the first studio");
      expect(await storage.owner()).toBe("the first studio");
      await storage.setOwner("默认 since 2026");
      expect(await storage.owner()).toBe("默认 since 2026");
      expect(await listed(storage)).toEqual([]);
      expect(await opened.leftovers()).toBe(0);
    });

    it("shows nothing of a file before it is whole", async () => {
      await using opened = await open();
      const { storage } = opened;
      const seen: (readonly string[])[] = [];
      async function* slowly(): AsyncIterable<Buffer> {
        yield randomBytes(100_000);
        seen.push(await listed(storage));
        yield randomBytes(100_000);
        seen.push(await listed(storage));
      }
      const { key } = await storage.put(Readable.from(slowly()), MAX);
      expect(seen).toEqual([[], []]);
      expect(await listed(storage)).toEqual([key]);
    });

    it("keeps the same bytes once, also when they come twice at the same time", async () => {
      await using opened = await open();
      const { storage } = opened;
      const bytes = randomBytes(200_000);
      const files = await Promise.all([put(storage, bytes), put(storage, bytes), put(storage, bytes)]);
      expect(new Set(files.map(({ key }) => key)).size).toBe(1);
      expect(await listed(storage)).toEqual([files[0].key]);
      expect(await read(storage, files[0].key)).toEqual(bytes);
      expect(await opened.leftovers()).toBe(0);
    });

    it("refuses what is too large, leaves nothing of it behind, and lets go of its source", async () => {
      await using opened = await open();
      const { storage } = opened;
      const source = Readable.from([randomBytes(60_000), randomBytes(60_000), randomBytes(60_000)]);
      const putting = storage.put(source, { ext: "png", maxBytes: 100_000 });
      await expect(putting).rejects.toMatchObject({ name: "StorageError", reason: "too_large" });
      expect(source.destroyed).toBe(true);
      expect(await listed(storage)).toEqual([]);
      expect(await opened.leftovers()).toBe(0);
    });

    it("takes a file of exactly the size allowed", async () => {
      await using opened = await open();
      const bytes = randomBytes(100_000);
      const file = await opened.storage.put(Readable.from([bytes]), { ext: "mp4", maxBytes: 100_000 });
      expect(await read(opened.storage, file.key)).toEqual(bytes);
    });

    it("leaves nothing of a source that breaks, and says of the source what the source said", async () => {
      await using opened = await open();
      const { storage } = opened;
      const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
      async function* breaking(): AsyncIterable<Buffer> {
        yield randomBytes(50_000);
        throw reset;
      }
      await expect(storage.put(Readable.from(breaking()), MAX)).rejects.toBe(reset);
      const dropped = new Readable({ read() {} });
      dropped.push(randomBytes(50_000));
      setTimeout(() => dropped.destroy(), 20);
      await expect(storage.put(dropped, MAX)).rejects.toThrow("Premature close");
      expect(await listed(storage)).toEqual([]);
      expect(await opened.leftovers()).toBe(0);
    });

    it("gives ranges, both ends included", async () => {
      await using opened = await open();
      const { storage } = opened;
      const bytes = randomBytes(100_000);
      const { key } = await put(storage, bytes);
      for (const [start, end] of [
        [0, 0],
        [0, 99_999],
        [99_999, 99_999],
        [1_000, 70_000],
      ] as const) {
        expect(await read(storage, key, { start, end })).toEqual(bytes.subarray(start, end + 1));
      }
    });

    it("gives of a range as much as there is, and says how large the whole is", async () => {
      await using opened = await open();
      const { storage } = opened;
      const bytes = randomBytes(1_000);
      const [{ key }, empty] = await Promise.all([put(storage, bytes), put(storage, Buffer.alloc(0))]);
      for (const [start, end, length] of [
        [990, 5_000, 10],
        [1_000, 1_000, 0],
        [7_000, 8_000, 0],
        [0, 999, 1_000],
      ] as const) {
        const found = await storage.get(key, { start, end });
        expect(found?.bytes).toBe(1_000);
        expect(await read(storage, key, { start, end })).toEqual(bytes.subarray(start, start + length));
        found?.body.destroy();
      }
      expect(await read(storage, empty.key, { start: 0, end: 0 })).toEqual(Buffer.alloc(0));
    });

    it("is broken off by a signal at once, leaves nothing behind, and lets go of its source", async () => {
      await using opened = await open();
      const { storage } = opened;
      const stop = new AbortController();
      const wish = new Error("Nobody waits for it any more.");
      const source = new Readable({ read() {} });
      source.push(randomBytes(50_000));
      const putting = storage.put(source, { ...MAX, signal: stop.signal });
      stop.abort(wish);
      await expect(putting).rejects.toBe(wish);
      expect(source.destroyed).toBe(true);
      await expect(storage.put(Readable.from([randomBytes(9)]), { ...MAX, signal: stop.signal })).rejects.toBe(wish);
      expect(await listed(storage)).toEqual([]);
      expect(await opened.leftovers()).toBe(0);
    });

    it("lists every visible file with its size and age", async () => {
      await using opened = await open();
      const { storage } = opened;
      const before = Date.now() - 2_000;
      const files = await Promise.all([10, 20, 30].map((size) => put(storage, randomBytes(size))));
      const found = [];
      for await (const file of storage.list()) found.push(file);
      expect(found.map(({ key, bytes }) => `${key} ${bytes}`).toSorted()).toEqual(
        files.map(({ key, bytes }) => `${key} ${bytes}`).toSorted(),
      );
      for (const { modifiedAt } of found) expect(modifiedAt).toBeGreaterThan(before);
    });

    it("[A8] deletes what nobody has put again since, and does not mind what it has not", async () => {
      await using opened = await open();
      const { storage } = opened;
      const [one, other] = await Promise.all([put(storage, randomBytes(9)), put(storage, randomBytes(9))]);
      const { modifiedAt } = (await storage.head(one.key)) ?? { modifiedAt: 0 };
      expect(await storage.deleteUntouched(one.key, modifiedAt - 1)).toBe(false);
      expect((await storage.head(one.key))?.bytes).toBe(9);
      expect(await storage.deleteUntouched(one.key, modifiedAt)).toBe(true);
      expect(await storage.deleteUntouched(one.key, modifiedAt)).toBe(false);
      expect(await storage.head(one.key)).toBeNull();
      expect(await storage.get(one.key)).toBeNull();
      expect(await listed(storage)).toEqual([other.key]);
      await expect(storage.withLocalFile(one.key, async () => {})).rejects.toMatchObject({ name: "StorageError" });
    });

    it.each(NOT_KEYS)("knows nothing of %j, which is not a key", async (key) => {
      await using opened = await open();
      const { storage } = opened;
      const { key: kept } = await put(storage, randomBytes(9));
      expect(await storage.head(key)).toBeNull();
      expect(await storage.get(key)).toBeNull();
      await expect(storage.withLocalFile(key, async () => {})).rejects.toMatchObject({ name: "StorageError" });
      expect(await storage.deleteUntouched(key, Number.MAX_SAFE_INTEGER)).toBe(false);
      expect(await listed(storage)).toEqual([kept]);
    });
  });
}
