import type { MediaFacts } from "./events.ts";

const SHA256 = /^[0-9a-f]{64}$/;

/** What a completed version must have (A5): bytes, a content hash, a size, poster and thumbnail, and for video a length. */
export function mediaIsValid(media: MediaFacts): boolean {
  return (
    Number.isSafeInteger(media.bytes) &&
    media.bytes > 0 &&
    SHA256.test(media.sha256) &&
    media.width > 0 &&
    media.height > 0 &&
    media.hasPoster &&
    media.hasThumb &&
    (media.kind === "image" || (media.durationMs !== null && media.durationMs > 0))
  );
}
