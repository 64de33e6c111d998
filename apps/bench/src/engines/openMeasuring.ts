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

export function openMeasuring(opened: OpenedEngine, { atOnce }: { readonly atOnce: number }): Measuring {
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

  async function allDone(): Promise<void> {
    while (begun.size < next || (await opened.unfinished()) > 0) await delay(LOOK_EVERY_MS);
    if (begun.size !== next) throw new Error(`${begun.size} of ${next} jobs were begun`);
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
        await running;
        starts.push(Math.max(0, (begun.get(number) ?? Number.NaN) - answered));
        while ((await opened.unfinished()) > 0) await delay(1);
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
