import { Readable } from "node:stream";
import { rgbaToThumbHash } from "thumbhash";
import type { Sharp } from "sharp";
import type { Storage } from "../storage/Storage.ts";

export interface Previews {
  readonly posterKey: string;
  readonly thumbKey: string;
  /** Base64. */
  readonly thumbhash: string;
}

const POSTER_PIXELS = 1600;
const THUMB_PIXELS = 720;
/** A ThumbHash is made of at most 100 by 100 pixels. */
const HASH_PIXELS = 100;
const MAX_PREVIEW_BYTES = 20_000_000;

/** Makes a large and a small WebP of a picture file, upright, and its ThumbHash; both are put into storage. */
export async function createPreviews(storage: Storage, picturePath: string): Promise<Previews> {
  const { default: sharp } = await import("sharp");
  const picture = sharp(picturePath, { failOn: "error", limitInputPixels: 100_000_000 }).autoOrient();
  const [poster, thumb, small] = await Promise.all([
    fitted(picture, POSTER_PIXELS).webp({ quality: 82 }).toBuffer(),
    fitted(picture, THUMB_PIXELS).webp({ quality: 78 }).toBuffer(),
    fitted(picture, HASH_PIXELS).ensureAlpha().raw().toBuffer({ resolveWithObject: true }),
  ]);
  const hash = rgbaToThumbHash(small.info.width, small.info.height, small.data);
  const [posterFile, thumbFile] = await Promise.all([poster, thumb].map((bytes) => keep(storage, bytes)));
  if (posterFile === undefined || thumbFile === undefined) throw new Error("Two previews were made.");
  return { posterKey: posterFile.key, thumbKey: thumbFile.key, thumbhash: Buffer.from(hash).toString("base64") };
}

function fitted(picture: Sharp, pixels: number): Sharp {
  return picture.clone().resize({ width: pixels, height: pixels, fit: "inside", withoutEnlargement: true });
}

function keep(storage: Storage, bytes: Buffer) {
  return storage.put(Readable.from([bytes]), { ext: "webp", maxBytes: MAX_PREVIEW_BYTES });
}
