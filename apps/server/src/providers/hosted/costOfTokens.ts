import type { Cost } from "@reelstate/lifecycle";

/** So many tokens of a kind, as a provider reported them, and what a million of that kind cost. */
export interface PricedTokens {
  readonly tokens: unknown;
  /** Dollars a million, which is millionths of a dollar each; absent: no price is listed for this kind. */
  readonly price: number | undefined;
}

/**
 * What reported tokens come to at the listed prices (P8). Undefined where a number is none, or where tokens of a kind without a
 * listed price were used: an amount that leaves something out would be invented.
 */
export function costOfTokens(kinds: readonly PricedTokens[]): Cost | undefined {
  let micros = 0;
  for (const { tokens, price } of kinds) {
    if (typeof tokens !== "number" || !Number.isSafeInteger(tokens) || tokens < 0) return undefined;
    if (tokens > 0 && price === undefined) return undefined;
    micros += tokens * (price ?? 0);
  }
  return micros === 0 ? undefined : { usdMicros: Math.round(micros), basis: "tokens" };
}
