import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { StoreUnavailable } from "@reelstate/db";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { openDiskWatch } from "./openDiskWatch.ts";
import { openFolderStorage } from "./openFolderStorage.ts";
import { StorageError } from "./StorageError.ts";
import type { StorageFlaw } from "./StorageError.ts";
import type { DiskWatch } from "./openDiskWatch.ts";

/** A watch over a real folder that refuses what is larger than `room`; `turn` is five seconds later. */
async function watched(folder: string) {
  const real = await openFolderStorage(folder);
  const disk = {
    room: Number.POSITIVE_INFINITY,
    free: Number.POSITIVE_INFINITY,
    puts: 0,
    pings: 0,
    database: true,
    flaw: null as StorageFlaw | null,
  };
  const turns: (() => void)[] = [];
  const watch: DiskWatch = openDiskWatch({
    storage: {
      ...real,
      head: async (key) => {
        if (disk.flaw !== null) throw new StorageError(disk.flaw, "It is away.");
        return real.head(key);
      },
      freeBytes: async () => disk.free,
      put: async (source, options) => {
        disk.puts += 1;
        if (disk.flaw !== null) throw new StorageError(disk.flaw, "It is away.");
        return real.put(source, { ...options, maxBytes: disk.room }).catch((error: unknown) => {
          throw new StorageError("full", "There is no space left.", { cause: error });
        });
      },
    },
    ping: async () => {
      disk.pings += 1;
      if (!disk.database) throw new StoreUnavailable("full", { cause: null });
    },
    log: pino({ level: "silent" }),
    every: (_ms, callback) => {
      turns.push(callback);
      return () => void turns.splice(0);
    },
  });
  const put = (bytes: number) =>
    watch.storage.put(Readable.from([Buffer.alloc(bytes, 7)]), { ext: "png", maxBytes: 50_000_000 });
  async function keys(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { key } of real.list()) found.push(key);
    return found;
  }
  return { watch, disk, put, keys, turn: () => turns.forEach((callback) => callback()) };
}

describe("the watch over the disk", () => {
  it("[J5] tells of a full one from the first refusal until a video would fit again, and leaves nothing behind", async () => {
    await using folder = await temporaryFolder();
    const { watch, disk, put, keys, turn } = await watched(folder.path);
    const { key } = await put(10);
    expect([watch.trouble(), await watch.ready()]).toEqual([null, undefined]);
    disk.room = 1_000;
    await expect(put(2_000)).rejects.toMatchObject({ reason: "full" });
    expect(watch.trouble()).toBe("disk_full");
    await expect(watch.ready()).rejects.toThrow(/no space left/);
    // A little fits, and says nothing.
    await put(20);
    turn();
    await watch.close();
    expect(watch.trouble()).toBe("disk_full");
    expect(await keys()).toContain(key);
  });

  it("[P6] takes nothing of the last room to find out that there is none: each look had filled the disk, and the database was refused meanwhile", async () => {
    await using folder = await temporaryFolder();
    const { watch, disk, put, keys, turn } = await watched(folder.path);
    disk.room = 1_000;
    await expect(put(2_000)).rejects.toMatchObject({ reason: "full" });
    disk.free = 31_000_000;
    turn();
    await watch.close();
    expect([watch.trouble(), disk.puts, await keys()]).toEqual(["disk_full", 1, []]);
  });

  it("[J5] is over by itself once there is room, in storage and database", async () => {
    await using folder = await temporaryFolder();
    const { watch, disk, keys, turn } = await watched(folder.path);
    disk.database = false;
    watch.failed(new StoreUnavailable("full", { cause: null }));
    expect(watch.trouble()).toBe("disk_full");
    turn();
    await delay(50);
    expect(watch.trouble()).toBe("disk_full");
    disk.database = true;
    await expect
      .poll(
        () => {
          turn();
          return watch.trouble();
        },
        { timeout: 20_000 },
      )
      .toBeNull();
    await watch.close();
    expect(await keys()).toEqual([]);
  });

  it.each(["unreachable", "denied"] as const)(
    "[P6] tells of a bucket that is %s until it takes a little again, and leaves nothing behind",
    async (flaw) => {
      await using folder = await temporaryFolder();
      const { watch, disk, put, keys, turn } = await watched(folder.path);
      disk.flaw = flaw;
      await expect(put(10)).rejects.toMatchObject({ reason: flaw });
      expect([watch.trouble(), watch.hasRoom()]).toEqual(["storage_away", false]);
      await expect(watch.ready()).rejects.toThrow(/STORAGE_URL does not take files/);
      turn();
      await delay(50);
      expect(watch.trouble()).toBe("storage_away");
      disk.flaw = null;
      disk.room = 1_000;
      await expect.poll(() => (turn(), watch.trouble()), { timeout: 20_000 }).toBeNull();
      await watch.close();
      expect([watch.hasRoom(), await keys()]).toEqual([true, []]);
    },
  );

  it("a database that is started again was told as a bucket that is away: it says nothing about where media is kept", async () => {
    await using folder = await temporaryFolder();
    const { watch } = await watched(folder.path);
    watch.failed(new StoreUnavailable("unreachable", { cause: null }));
    watch.failed(new StoreUnavailable("unconfirmed", { cause: null }));
    expect([watch.trouble(), watch.hasRoom(), await watch.ready()]).toEqual([null, true, undefined]);
    await watch.close();
  });

  it("probes took every connection of a slow database from people: those that come while one is asked wait for its answer", async () => {
    await using folder = await temporaryFolder();
    const { watch, disk } = await watched(folder.path);
    await Promise.all([watch.ready(), watch.ready(), watch.ready()]);
    expect(disk.pings).toBe(1);
    await watch.ready();
    expect(disk.pings).toBe(2);
    disk.database = false;
    await expect(watch.ready()).rejects.toThrow(/disk/);
    await watch.close();
  });

  it("a lock or a broken write is not a full disk", async () => {
    await using folder = await temporaryFolder();
    const { watch, disk, put } = await watched(folder.path);
    watch.failed(new StoreUnavailable("locked", { cause: null }));
    watch.failed(new StoreUnavailable("broken", { cause: null }));
    disk.flaw = "broken";
    await expect(put(10)).rejects.toMatchObject({ reason: "broken" });
    expect(watch.trouble()).toBeNull();
    await watch.close();
  });

  it.each(["unreachable", "denied"] as const)(
    "hears of a bucket that is %s although nobody here stores anything",
    async (flaw) => {
      await using folder = await temporaryFolder();
      const { watch, disk, turn } = await watched(folder.path);
      turn();
      await watch.close();
      expect(watch.trouble()).toBeNull();
      const again = await watched(folder.path);
      again.disk.flaw = flaw;
      again.turn();
      await again.watch.close();
      expect([again.watch.trouble(), disk.flaw]).toEqual(["storage_away", null]);
      await expect(again.watch.ready()).rejects.toThrow(/STORAGE_URL/);
    },
  );

  it("hears of a bucket that is away from whoever reads there", async () => {
    await using folder = await temporaryFolder();
    const { watch, disk, put } = await watched(folder.path);
    const { key } = await put(10);
    disk.flaw = "unreachable";
    await expect(watch.storage.head(key)).rejects.toMatchObject({ reason: "unreachable" });
    expect(watch.trouble()).toBe("storage_away");
    await watch.close();
  });
});
