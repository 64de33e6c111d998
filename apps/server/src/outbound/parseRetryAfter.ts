import { durationMs } from "@reelstate/lifecycle";
import type { DurationMs } from "@reelstate/lifecycle";

const LONGEST_MS = 24 * 3_600_000;

/** `Retry-After` as seconds or as a date (RFC 9110, 10.2.3); null where it cannot be read, or asks for no wait at all. `now` in epoch milliseconds. */
export function parseRetryAfter(value: string | undefined, now: number): DurationMs | null {
  if (value === undefined) return null;
  const wait = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(wait) && wait > 0 ? durationMs(Math.round(Math.min(LONGEST_MS, wait))) : null;
}
