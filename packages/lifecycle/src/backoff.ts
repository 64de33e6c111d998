import type { DurationMs } from "./units.ts";

export interface BackoffOptions {
  /** How many tries have ended badly so far: 1 after the first. */
  readonly tries: number;
  /** A draw from [0, 1), handed in: this package has no randomness of its own. */
  readonly random: number;
  readonly baseMs?: DurationMs;
  readonly capMs?: DurationMs;
  /** What the provider asked for; it knows better than we do and wins, up to a quarter of an hour (J5). */
  readonly retryAfterMs?: DurationMs | null;
}

const BASE_MS = 1_000;
const CAP_MS = 60_000;
/** A provider that asks for more is asked again all the same: a wrong header must not park a job until its deadline. */
const RETRY_AFTER_CAP_MS = 15 * 60_000;

/**
 * How long to wait before trying again: a point anywhere between 0 and min(cap, base × 2^(tries − 1)), so that those who
 * failed together do not come back together. This is "full jitter" of Marc Brooker, "Exponential Backoff And Jitter",
 * AWS Architecture Blog, 2015.
 */
export function backoff({ tries, random, baseMs, capMs, retryAfterMs }: BackoffOptions): DurationMs {
  if (retryAfterMs !== undefined && retryAfterMs !== null && retryAfterMs >= 0) {
    return Math.min(RETRY_AFTER_CAP_MS, Math.ceil(retryAfterMs)) as DurationMs;
  }
  const ceiling = Math.min(capMs ?? CAP_MS, (baseMs ?? BASE_MS) * 2 ** Math.max(0, tries - 1));
  return Math.floor(random * ceiling) as DurationMs;
}
