import { durationMs } from "@reelstate/lifecycle";
import type { PrunePolicy, Store } from "@reelstate/db";
import type { Logger } from "pino";
import type { Storage } from "../storage/Storage.ts";
import type { Timers } from "../Timers.ts";

interface Deps extends Pick<Timers, "clock" | "every"> {
  readonly store: Pick<Store, "prune" | "referencedKeys">;
  readonly storage: Storage;
  readonly log: Logger;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const POLICY: PrunePolicy = {
  eventsOlderThanMs: durationMs(7 * DAY_MS),
  jobsOlderThanMs: durationMs(30 * DAY_MS),
  keysOlderThanMs: durationMs(DAY_MS),
  binOlderThanMs: durationMs(7 * DAY_MS),
};
/** A file that nothing refers to yet may be about to be: its transaction comes after it. */
const UNREFERENCED_MS = DAY_MS;

/** Every hour: rows past their period, then files that nothing refers to and nobody has touched for a day (A8). */
export function openJanitor({ store, storage, clock, every, log }: Deps): { readonly close: () => Promise<void> } {
  let closed = false;
  let cleaning: Promise<void> | null = null;

  async function clean(): Promise<void> {
    try {
      const pruned = await store.prune(POLICY);
      const files = await collect();
      log.debug({ ...pruned, files }, "cleaned");
    } catch (error) {
      log.warn({ err: error }, "cleaning failed; the next round follows");
    }
  }

  async function collect(): Promise<number> {
    let removed = 0;
    const old: string[] = [];
    for await (const { key, modifiedAt } of storage.list()) {
      if (clock() - modifiedAt > UNREFERENCED_MS) old.push(key);
    }
    // Read after the listing: what was referred to in the meantime is seen.
    const referenced = await store.referencedKeys();
    for (const key of old) {
      if (closed || referenced.has(key)) continue;
      // Kept again since it was listed: somebody is about to refer to it.
      const touched = (await storage.head(key))?.modifiedAt ?? 0;
      if (clock() - touched <= UNREFERENCED_MS) continue;
      await storage.delete(key);
      removed += 1;
    }
    return removed;
  }

  const stop = every(HOUR_MS, () => {
    cleaning ??= clean().finally(() => {
      cleaning = null;
    });
  });
  return {
    close: async () => {
      closed = true;
      stop();
      await cleaning;
    },
  };
}
