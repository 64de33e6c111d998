import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { StoreUnavailable } from "@reelstate/db";
import { StorageError } from "./StorageError.ts";
import type { Trouble } from "@reelstate/api";
import type { Logger } from "pino";
import type { Timers } from "../Timers.ts";
import type { Storage } from "./Storage.ts";

interface Deps extends Pick<Timers, "every"> {
  readonly storage: Storage;
  /** Rejects while the database can keep nothing. */
  readonly ping: () => Promise<void>;
  readonly log: Logger;
}

/** Knows whether the studio's disk is full, from what it refused, until it takes something again. */
export interface DiskWatch {
  readonly trouble: () => Trouble | null;
  readonly hasRoom: () => boolean;
  /** The storage with an eye on it. */
  readonly storage: Storage;
  readonly storeFailed: (error: StoreUnavailable) => void;
  /** Rejects while the studio cannot do its work, with the reason in words. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const TRY_EVERY_MS = 5_000;
/** Room for a video, so that it does not end with the first small picture that fits. */
const PROBE_BYTES = 16_000_000;
const CHUNK_BYTES = 1_000_000;
const FULL = "There is no space left where the studio keeps its media. Make room; the studio then goes on by itself.";

export function openDiskWatch({ storage, ping, log, every }: Deps): DiskWatch {
  let full = false;
  let trying: Promise<void> | null = null;

  function isFull(error: unknown): boolean {
    const found = (error instanceof StorageError || error instanceof StoreUnavailable) && error.reason === "full";
    if (found && !full) log.error({ err: error }, "the disk is full");
    if (found) full = true;
    return found;
  }

  async function tryAgain(): Promise<void> {
    try {
      await ping();
      const { key } = await storage.put(Readable.from(probe()), { ext: "probe", maxBytes: PROBE_BYTES });
      await storage.deleteUntouched(key, Number.POSITIVE_INFINITY);
      full = false;
      log.info("there is room on the disk again");
    } catch (error) {
      if (!isFull(error)) log.warn({ err: error }, "the disk could not be tried; the next try follows");
    }
  }

  const stop = every(TRY_EVERY_MS, () => {
    if (!full) return;
    trying ??= tryAgain().finally(() => {
      trying = null;
    });
  });

  return {
    trouble: () => (full ? "disk_full" : null),
    hasRoom: () => !full,
    storeFailed: (error) => void isFull(error),
    storage: {
      ...storage,
      put: async (source, options) => {
        try {
          return await storage.put(source, options);
        } catch (error) {
          isFull(error);
          throw error;
        }
      },
    },
    ready: async () => {
      await ping();
      if (full) throw new StorageError("full", FULL);
    },
    close: async () => {
      stop();
      await trying;
    },
  };
}

/** Like nothing that is kept, so that taking it away takes nothing else. */
function* probe(): Iterable<Buffer> {
  for (let bytes = 0; bytes < PROBE_BYTES; bytes += CHUNK_BYTES) yield randomBytes(CHUNK_BYTES);
}
