import type { Timers } from "./Timers.ts";

/**
 * Starts a span; the answer tells how long it has lasted, by the clock that says more. The monotonic one stands still while
 * a machine sleeps, and the other one can be set back; believing too much time has passed is the safe way to be wrong.
 */
export function span({ clock, monotonic }: Pick<Timers, "clock" | "monotonic">): () => number {
  const [wall, mono] = [clock(), monotonic()];
  return () => Math.max(clock() - wall, monotonic() - mono);
}
