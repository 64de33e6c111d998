import { setTimeout as delay } from "node:timers/promises";

/**
 * Time, handed in: what the core knows of it and waits by. Production hands in the machine's, a simulation its own, so that
 * a whole life can be played again exactly.
 */
export interface Timers {
  /** Milliseconds since 1970; may be set back, and jumps when the machine sleeps. */
  readonly clock: () => number;
  /** Milliseconds from anywhere, never set back: for spans. */
  readonly monotonic: () => number;
  /** Calls back once; gives the way to stop it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Calls back again and again; gives the way to stop it. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Resolves after a while, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** This machine's. */
export const realTimers: Timers = {
  clock: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, callback) => {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
};
