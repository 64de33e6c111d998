import { durationMs } from "@reelstate/lifecycle";
import { collectFiles } from "./collectFiles.ts";
import type { PrunePolicy, PruneReport, Store } from "@reelstate/db";
import type { Logger } from "pino";
import type { Storage } from "../storage/Storage.ts";
import type { Timers } from "../Timers.ts";

interface Deps extends Pick<Timers, "clock" | "every" | "sleep"> {
  readonly store: Pick<Store, "prune" | "referencedKeys">;
  readonly storage: Pick<Storage, "list" | "deleteUntouched" | "removeLeftovers">;
  readonly log: Logger;
}

export interface Janitor {
  readonly close: () => Promise<void>;
}

/** How many days what is over is kept. */
export interface Keep {
  readonly jobsDays: number;
  readonly eventsDays: number;
  readonly binDays: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A piece takes a few milliseconds, and between two of them everybody else has their turn. */
const PIECE = 500;
const PAUSE_MS = 50;
const NOTHING: PruneReport = { events: 0, jobs: 0, keys: 0, assets: 0 };

/**
 * At start and every hour: rows past their period, piece by piece, then files that nothing refers to and nobody has
 * touched for a day (A8).
 */
export function openJanitor({ store, storage, clock, every, sleep, log }: Deps, keep: Keep): Janitor {
  const closing = new AbortController();
  const { signal } = closing;
  let cleaning: Promise<void> | null = null;

  async function clean(): Promise<void> {
    try {
      const pruned = await pruneAll();
      const files = await collectFiles({ store, storage, clock }, signal);
      log.debug({ ...pruned, files }, "cleaned");
    } catch (error) {
      log.warn({ err: error }, "cleaning failed; the next round follows");
    }
  }

  async function pruneAll(): Promise<PruneReport> {
    let sum = NOTHING;
    while (!signal.aborted) {
      const piece = await store.prune(policyOf(keep));
      sum = {
        events: sum.events + piece.events,
        jobs: sum.jobs + piece.jobs,
        keys: sum.keys + piece.keys,
        assets: sum.assets + piece.assets,
      };
      if (piece.events + piece.jobs + piece.keys + piece.assets === 0) break;
      await sleep(PAUSE_MS, signal);
    }
    return sum;
  }

  const begin = (): void => {
    cleaning ??= clean().finally(() => {
      cleaning = null;
    });
  };
  begin();
  const stop = every(HOUR_MS, begin);
  return {
    close: async () => {
      closing.abort();
      stop();
      await cleaning;
    },
  };
}

function policyOf({ jobsDays, eventsDays, binDays }: Keep): PrunePolicy {
  return {
    eventsOlderThanMs: durationMs(eventsDays * DAY_MS),
    jobsOlderThanMs: durationMs(jobsDays * DAY_MS),
    keysOlderThanMs: durationMs(DAY_MS),
    binOlderThanMs: durationMs(binDays * DAY_MS),
    limit: PIECE,
  };
}
