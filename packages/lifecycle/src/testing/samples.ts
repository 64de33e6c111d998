import { credits, durationMs, epochMs } from "../units.ts";
import type { MediaFacts, NewJob } from "../events.ts";
import type { AssetId, EpochMs, JobId, VersionId } from "../units.ts";

/** When the model's time begins. */
export const SAMPLE_START: EpochMs = epochMs(1_800_000_000_000);
export const SAMPLE_ASSET = "asset-1" as AssetId;
export const SAMPLE_LEASE = durationMs(15_000);
export const SAMPLE_BACKOFF = durationMs(2_000);

export function sampleVersionId(number: number): VersionId {
  return `version-${number}` as VersionId;
}

/** Small budgets, so that spending them takes few steps. */
export function sampleNewJob(change: Partial<NewJob> = {}): NewJob {
  return {
    id: "job-1" as JobId,
    maxFailures: 2,
    maxLosses: 2,
    attemptTimeoutMs: durationMs(60_000),
    jobTimeoutMs: durationMs(300_000),
    quote: credits(6),
    available: credits(1_000),
    inputs: "ready",
    ...change,
  };
}

/** Media that a completed version may have. */
export function sampleMedia(change: Partial<MediaFacts> = {}): MediaFacts {
  return {
    kind: "image",
    bytes: 70_000,
    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    width: 1_024,
    height: 576,
    durationMs: null,
    hasPoster: true,
    hasThumb: true,
    ...change,
  };
}
