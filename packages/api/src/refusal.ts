import type { Asset, Credits, EpochMs } from "@reelstate/lifecycle";

/** Everything the studio may expectedly refuse, each with one HTTP status in `errorTable.ts`. */
export const REFUSAL_REASONS = [
  "invalid_input",
  "insufficient_credits",
  "budget_exceeded",
  "not_found",
  "busy",
  "already_ended",
  "idempotency_conflict",
  "quote_changed",
  "not_allowed",
  "not_recoverable",
  "disk_full",
  "unavailable",
] as const;
export type ApiRefusalReason = (typeof REFUSAL_REASONS)[number];

/** What is wrong with a file that was not taken, or with where it should have been kept. */
export const FILE_FLAWS = [
  "too_large",
  "empty",
  "heif",
  "not_a_picture",
  "too_many_pixels",
  "damaged",
  "disk_full",
  "not_kept",
] as const;
export type FileFlaw = (typeof FILE_FLAWS)[number];

export interface Refusal {
  readonly ok: false;
  readonly why: ApiRefusalReason;
  /** Which field of the input to mend (400). */
  readonly field?: string;
  /** With the field `file` of an upload: what is wrong with it. */
  readonly flaw?: FileFlaw;
  /** What to do about it, in English; the SPA has its own words by `why`, `field` and `flaw`. */
  readonly message: string;
  /** How many credits are missing, or are beyond a budget. */
  readonly short?: Credits;
  /** With `budget_exceeded`: which one, and when what was spent of it counts no more; null where no wait helps (C5). */
  readonly budget?: "day" | "month";
  readonly freeAt?: EpochMs | null;
  /** 409 carries the asset as it is, so that a view can show the truth at once. */
  readonly asset?: Asset;
  /** With `quote_changed`: today's quote. */
  readonly quote?: { readonly total: Credits; readonly each: Credits };
}
