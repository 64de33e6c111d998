import { setTimeout as wait } from "node:timers/promises";
import { realTimers } from "../Timers.ts";
import type { Store } from "@reelstate/db";

/** A feed's store with a clock that stands still, and a hand that turns its loop. */
export function turnedByHand(real: Store) {
  let now = 1_000;
  let reads = 0;
  const turns = (): number => reads;
  let ring = (): void => {};
  const store: Store = {
    ...real,
    feedMarks: (request) => {
      reads += 1;
      return real.feedMarks(request);
    },
    onWake: (listener) => {
      ring = () => listener({ feed: true, work: false });
      return real.onWake(listener);
    },
  };
  return {
    ...realTimers,
    store,
    monotonic: () => now,
    pass: (ms: number) => void (now += ms),
    /** Comes back when the loop has gone round once from now on, with all that it had to tell. */
    turn: async () => {
      for (let round = 0; round < 2; round += 1) {
        const before = turns();
        ring();
        while (turns() === before) await wait(5);
      }
    },
  };
}
