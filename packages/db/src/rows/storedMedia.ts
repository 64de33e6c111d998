import type { VersionRecord } from "./records.ts";
import type { StoredMedia } from "../store/keeping.ts";

/** The media of a version that has some, as whoever works with its file needs it. */
export function storedMedia(version: VersionRecord): StoredMedia {
  const { mediaKey: key, mime, bytes, sha256, width, height, durationMs, posterKey, thumbKey, thumbhash } = version;
  return { key, mime, bytes, sha256, width, height, durationMs, posterKey, thumbKey, thumbhash } as StoredMedia;
}
