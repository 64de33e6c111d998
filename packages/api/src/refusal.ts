import type { Asset, Credits } from "@reelstate/lifecycle";

/** Everything the studio may expectedly refuse, each with one HTTP status in `errorTable.ts`. */
export const REFUSAL_REASONS = [
  "invalid_input",
  "insufficient_credits",
  "not_found",
  "busy",
  "already_ended",
  "idempotency_conflict",
  "quote_changed",
  "not_allowed",
  "not_recoverable",
] as const;
export type ApiRefusalReason = (typeof REFUSAL_REASONS)[number];

export interface Refusal {
  readonly ok: false;
  readonly why: ApiRefusalReason;
  /** Which field of the input to mend (400). */
  readonly field?: string;
  /** What to do about it, in English; the SPA has its own words by `why` and `field`. */
  readonly message: string;
  readonly short?: Credits;
  /** 409 carries the asset as it is, so that a view can show the truth at once. */
  readonly asset?: Asset;
  /** With `quote_changed`: today's quote. */
  readonly quote?: { readonly total: Credits; readonly each: Credits };
}
