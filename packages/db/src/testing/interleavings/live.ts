import type { Asset, LiveJob } from "@reelstate/lifecycle";
import type { JobSummary } from "../../store/views.ts";

export function liveOf(asset: Asset | null): LiveJob | null {
  return asset?.liveJob ?? null;
}

export function isEnded({ endedAt }: JobSummary): boolean {
  return endedAt !== null;
}
