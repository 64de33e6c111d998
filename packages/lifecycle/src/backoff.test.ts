import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoff } from "./backoff.ts";
import { durationMs } from "./units.ts";

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("backoff", () => {
  it("[J5] full jitter: anywhere between nothing and the doubling ceiling", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), draw, (tries, random) => {
        const wait = backoff({ tries, random });
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThan(Math.min(60_000, 1_000 * 2 ** (tries - 1)) || 1);
      }),
    );
    expect([1, 2, 3, 7].map((tries) => backoff({ tries, random: 0.5 }))).toEqual([500, 1_000, 2_000, 30_000]);
    expect(backoff({ tries: 0, random: 0.5 })).toBe(500);
  });

  it("[J5] base and cap can be chosen", () => {
    expect(backoff({ tries: 3, random: 0.5, baseMs: durationMs(10) })).toBe(20);
    expect(backoff({ tries: 30, random: 0.5, capMs: durationMs(5_000) })).toBe(2_500);
  });

  it("[J5] a provider's Retry-After wins, also when it is nothing", () => {
    expect(backoff({ tries: 9, random: 0.9, retryAfterMs: durationMs(120_000) })).toBe(120_000);
    expect(backoff({ tries: 9, random: 0.9, retryAfterMs: durationMs(0) })).toBe(0);
    expect(backoff({ tries: 1, random: 0.5, retryAfterMs: 1_500.2 as never })).toBe(1_501);
    expect(backoff({ tries: 1, random: 0.5, retryAfterMs: null })).toBe(500);
    expect(backoff({ tries: 1, random: 0.5, retryAfterMs: durationMs(-1) })).toBe(500);
    expect(backoff({ tries: 1, random: 0.5, retryAfterMs: Number.NaN as never })).toBe(500);
  });

  it("[J5] a Retry-After beyond all sense waits a quarter of an hour", () => {
    for (const retryAfterMs of [durationMs(86_400_000), Number.POSITIVE_INFINITY as never])
      expect(backoff({ tries: 1, random: 0.5, retryAfterMs })).toBe(900_000);
  });
});
