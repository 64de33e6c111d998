import type { AssetType, MediaFacts } from "@reelstate/lifecycle";
import type { StoredMedia } from "../store/keeping.ts";

/** Stored media as the machine judges it (A5). */
export function mediaFacts(kind: AssetType, media: StoredMedia): MediaFacts {
  return {
    kind,
    bytes: media.bytes,
    sha256: media.sha256,
    width: media.width,
    height: media.height,
    durationMs: media.durationMs,
    hasPoster: media.posterKey !== "",
    hasThumb: media.thumbKey !== "",
  };
}
