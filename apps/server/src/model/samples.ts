import { durationMs } from "@reelstate/lifecycle";
import { SAMPLE_MEDIA } from "@reelstate/lifecycle/testing";
import type { StoredMedia } from "@reelstate/db";

export const STORED_PICTURE: StoredMedia = {
  key: `${SAMPLE_MEDIA.sha256}.png`,
  mime: "image/png",
  bytes: SAMPLE_MEDIA.bytes,
  sha256: SAMPLE_MEDIA.sha256,
  width: 1_024,
  height: 576,
  durationMs: null,
  posterKey: `${SAMPLE_MEDIA.sha256}.png`,
  thumbKey: `${SAMPLE_MEDIA.sha256}.webp`,
  thumbhash: SAMPLE_MEDIA.thumbhash,
};

export const STORED_VIDEO: StoredMedia = {
  ...STORED_PICTURE,
  key: `${SAMPLE_MEDIA.sha256}.mp4`,
  mime: "video/mp4",
  durationMs: durationMs(4_000),
};

/** A red PNG of one pixel: a real picture, small enough to be decoded hundreds of times. */
export const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
);
