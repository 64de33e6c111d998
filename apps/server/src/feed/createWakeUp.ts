import type { Timers } from "../Timers.ts";

/** Waits for a wake or a time, and never misses a wake that comes between arming and waiting. */
export interface WakeUp {
  readonly arm: () => void;
  readonly wait: (ms: number) => Promise<void>;
  readonly close: () => void;
}

export function createWakeUp(
  { after }: Pick<Timers, "after">,
  listen: (woken: () => void) => () => void,
  signal: AbortSignal,
): WakeUp {
  let rung = false;
  let ring: (() => void) | null = null;
  function woken(): void {
    rung = true;
    ring?.();
  }
  const stop = listen(woken);
  signal.addEventListener("abort", woken, { once: true });
  return {
    arm: () => {
      rung = false;
    },
    wait: (ms) =>
      new Promise((resolve) => {
        if (rung || signal.aborted) return resolve();
        const stopTimer = after(Math.max(0, ms), done);
        function done(): void {
          stopTimer();
          ring = null;
          resolve();
        }
        ring = done;
      }),
    close: () => {
      stop();
      signal.removeEventListener("abort", woken);
      ring?.();
    },
  };
}
