import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { StoreUnavailable } from "@reelstate/db";
import { StorageError } from "./StorageError.ts";
import type { Trouble } from "@reelstate/api";
import type { Logger } from "pino";
import type { Timers } from "../Timers.ts";
import type { StorageFlaw } from "./StorageError.ts";
import type { Storage } from "./Storage.ts";

interface Deps extends Pick<Timers, "every"> {
  readonly storage: Storage;
  /** Rejects while the database can keep nothing. */
  readonly ping: () => Promise<void>;
  readonly log: Logger;
}

/** Knows whether the studio's disk is full or its bucket away, from what they refused, until they take something again. */
export interface DiskWatch {
  readonly trouble: () => Trouble | null;
  readonly hasRoom: () => boolean;
  /** The storage with an eye on it. */
  readonly storage: Storage;
  /** Tells of what did not go through the storage: the database, or a picture in the making. */
  readonly failed: (error: StoreUnavailable | StorageError) => void;
  /** Rejects while the studio cannot do its work, with the reason in words. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const TRY_EVERY_MS = 5_000;
/** Room for a video, so that it does not end with the first small picture that fits. */
const PROBE_BYTES = 16_000_000;
/** That much, and as much again for everybody who writes meanwhile. */
const ROOM_BYTES = 2 * PROBE_BYTES;
const CHUNK_BYTES = 1_000_000;
/** Enough to hear whether anybody is there. */
const CALL_BYTES = 100;
/** A key that no file has: whoever is asked for it says so, or does not answer. */
const NOBODYS = `${"0".repeat(64)}.probe`;
const WORDS: Readonly<Record<Trouble, string>> = {
  disk_full: "There is no space left where the studio keeps its media. Make room; the studio then goes on by itself.",
  storage_away: "The bucket of STORAGE_URL does not take files. Once it does, the studio goes on by itself.",
};
const LOGGED: Readonly<Record<Trouble, string>> = { disk_full: "the disk is full", storage_away: "the bucket is away" };
/** What is no trouble of one file, but of all. */
const TROUBLES: Readonly<Partial<Record<StorageFlaw, Trouble>>> = {
  full: "disk_full",
  unreachable: "storage_away",
  denied: "storage_away",
};

/** A database may lie on the disk of the media; one that does not answer says nothing about where media is kept. */
function troubleOf(error: unknown): Trouble | null {
  if (error instanceof StoreUnavailable) return error.reason === "full" ? "disk_full" : null;
  return error instanceof StorageError ? (TROUBLES[error.reason] ?? null) : null;
}

export function openDiskWatch({ storage, ping, log, every }: Deps): DiskWatch {
  let trouble: Trouble | null = null;
  let trying: Promise<void> | null = null;

  function isTrouble(error: unknown): boolean {
    const found = troubleOf(error);
    if (found !== null && found !== trouble) log.error({ err: error }, LOGGED[found]);
    trouble = found ?? trouble;
    return found !== null;
  }

  /** Tells on what storage threw. */
  async function seen<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      isTrouble(error);
      throw error;
    }
  }

  /** A process that stores nothing itself hears of it too. */
  async function look(): Promise<void> {
    await seen(storage.head(NOBODYS)).catch(() => undefined);
  }

  async function tryAgain(): Promise<void> {
    try {
      // To fill a disk to the last byte is no way to ask whether it is full: what little room there is, the database needs.
      if (trouble === "disk_full" && ((await storage.freeBytes?.().catch(() => null)) ?? Infinity) < ROOM_BYTES) return;
      await ping();
      const bytes = trouble === "disk_full" ? PROBE_BYTES : CALL_BYTES;
      const { key } = await storage.put(Readable.from(probe(bytes)), { ext: "probe", maxBytes: bytes });
      await storage.deleteUntouched(key, Number.POSITIVE_INFINITY);
      trouble = null;
      log.info("what is made can be kept again");
    } catch (error) {
      if (!isTrouble(error)) log.warn({ err: error }, "storage could not be tried; the next try follows");
    }
  }

  /** Asked again while the database is slow, it would be asked for more connections than people are left with. */
  let asking: Promise<void> | null = null;
  async function ask(): Promise<void> {
    await ping();
    if (trouble !== null) throw new Error(WORDS[trouble]);
  }

  const stop = every(TRY_EVERY_MS, () => {
    trying ??= (trouble === null ? look() : tryAgain()).finally(() => {
      trying = null;
    });
  });

  return {
    trouble: () => trouble,
    hasRoom: () => trouble === null,
    failed: (error) => void isTrouble(error),
    storage: {
      ...storage,
      put: (source, options) => seen(storage.put(source, options)),
      get: (key, range) => seen(storage.get(key, range)),
      head: (key) => seen(storage.head(key)),
      withLocalFile: (key, use) => seen(storage.withLocalFile(key, use)),
    },
    ready: () => {
      asking ??= ask().finally(() => {
        asking = null;
      });
      return asking;
    },
    close: async () => {
      stop();
      await trying;
    },
  };
}

/** Like nothing that is kept, so that taking it away takes nothing else. */
function* probe(size: number): Iterable<Buffer> {
  for (let bytes = 0; bytes < size; bytes += CHUNK_BYTES) yield randomBytes(Math.min(CHUNK_BYTES, size - bytes));
}
