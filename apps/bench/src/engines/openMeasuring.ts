import { setTimeout as delay } from "node:timers/promises";
import type { OpenedEngine } from "./Engine.ts";

/** Runs of one opened engine, each on what those before it have left behind. Rates are jobs a second. */
export interface Measuring {
  /** Callers only: a pile of jobs that nobody works on yet. */
  readonly enqueue: (count: number) => Promise<number>;
  /** The worker starts, and takes the pile of so many away. */
  readonly process: (count: number) => Promise<number>;
  /** Callers and the worker at once. */
  readonly cycles: (count: number) => Promise<number>;
  /** One job at a time: milliseconds from its answered enqueueing to the beginning of its work. */
  readonly starts: (count: number) => Promise<readonly number[]>;
}

/** A slow engine is not asked as often as a fast one. */
const STARTS_AT_MOST_MS = 2_500;
const BETWEEN_STARTS_MS = 2;
const LOOK_EVERY_MS = 4;
/** For an engine that failed or lost a job, not for a slow one: nothing at all has happened for so long. */
const PATIENCE_MS = 120_000;

interface Options {
  readonly atOnce: number;
  readonly patienceMs?: number;
}

export function openMeasuring(opened: OpenedEngine, { atOnce, patienceMs = PATIENCE_MS }: Options): Measuring {
  const begun = new Map<number, number>();
  let next = 0;
  let working: Promise<void> | undefined;
  let began: (number: number) => void = () => {};

  function startWorker(): Promise<void> {
    return (working ??= opened.work((number) => {
      begun.set(number, performance.now());
      began(number);
    }));
  }

  /** As many callers as are at once, each with its next job when its last is answered. */
  async function enqueueAll(count: number): Promise<void> {
    const end = next + count;
    const caller = async (): Promise<void> => {
      while (next < end) await opened.enqueue(next++);
    };
    await Promise.all(Array.from({ length: atOnce }, caller));
  }

  async function allDone(lookEveryMs = LOOK_EVERY_MS): Promise<void> {
    let seen = "";
    let end = 0;
    for (;;) {
      const unfinished = begun.size < next ? next : await opened.unfinished();
      if (unfinished <= 0) break;
      const now = `${begun.size} ${unfinished}`;
      if (now !== seen) [seen, end] = [now, performance.now() + patienceMs];
      else if (performance.now() > end) await giveUp();
      await delay(lookEveryMs);
    }
    if (begun.size !== next) throw new Error(`${begun.size} of ${next} jobs were begun`);
  }

  async function giveUp(): Promise<never> {
    // Throws what the engine failed with, where it knows.
    const unfinished = await opened.unfinished();
    throw new Error(`${begun.size} of ${next} jobs were begun, ${unfinished} not recorded as done; then nothing moved`);
  }

  return {
    enqueue: (count) => perSecond(count, () => enqueueAll(count)),
    process: (count) =>
      perSecond(count, async () => {
        await startWorker();
        await allDone();
      }),
    cycles: async (count) => {
      await startWorker();
      return perSecond(count, async () => {
        await enqueueAll(count);
        await allDone();
      });
    },
    starts: async (count) => {
      await startWorker();
      const starts: number[] = [];
      const until = performance.now() + STARTS_AT_MOST_MS;
      while (starts.length < count && performance.now() < until) {
        const number = next++;
        const running = new Promise<void>((resolve) => {
          began = (one) => one === number && resolve();
        });
        await opened.enqueue(number);
        const answered = performance.now();
        const waits = new AbortController();
        await Promise.race([running, delay(patienceMs, undefined, { signal: waits.signal }).then(giveUp)]);
        waits.abort();
        starts.push(Math.max(0, (begun.get(number) ?? Number.NaN) - answered));
        await allDone(1);
        await delay(BETWEEN_STARTS_MS);
      }
      return starts;
    },
  };
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (count * 1000) / (performance.now() - startedAt);
}
