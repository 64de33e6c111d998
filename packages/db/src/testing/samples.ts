import { credits, durationMs } from "@reelstate/lifecycle";
import type { JobPlan } from "../store/people.ts";
import type { StoredMedia } from "../store/keeping.ts";

export const SAMPLE_GRANT = credits(1_000);

/** Small budgets, so that spending them takes few steps. */
export function samplePlan(change: Partial<JobPlan> = {}): JobPlan {
  return {
    model: "sim/image",
    provider: "sim",
    quote: credits(6),
    attemptTimeoutMs: durationMs(60_000),
    jobTimeoutMs: durationMs(300_000),
    maxFailures: 2,
    maxLosses: 2,
    priority: 0,
    ...change,
  };
}

const SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

export function sampleMedia(change: Partial<StoredMedia> = {}): StoredMedia {
  return {
    key: `${SHA256}.png`,
    mime: "image/png",
    bytes: 70_000,
    sha256: SHA256,
    width: 1_024,
    height: 576,
    durationMs: null,
    posterKey: `${SHA256}-poster.webp`,
    thumbKey: `${SHA256}-thumb.webp`,
    thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
    ...change,
  };
}
