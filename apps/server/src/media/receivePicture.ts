import { Readable } from "node:stream";
import { refusedFile } from "../commands/refusals.ts";
import { isHeif, sniff } from "./mediaTypes.ts";
import type { Refusal } from "@reelstate/api";
import type { StoredMedia } from "@reelstate/db";
import type { MediaShelf } from "./openMediaShelf.ts";

export const MAX_UPLOAD_BYTES = 20 * 1024 * 1024;
const MAX_UPLOAD_PIXELS = 50_000_000;

export type Received = { readonly ok: true; readonly media: StoredMedia } | Refusal;

/**
 * A person's own picture: told by its bytes, decoded whole, turned upright, and written anew without the place, camera
 * and everything else its metadata carried.
 */
export async function receivePicture(shelf: MediaShelf, bytes: Buffer): Promise<Received> {
  const ext = sniff(bytes);
  if (bytes.length === 0) return refusedFile("empty", "The file is empty. Choose a PNG, JPEG or WebP picture.");
  if (isHeif(bytes))
    return refusedFile("heif", "HEIC and AVIF pictures cannot be read here. Export it as JPEG or PNG, then drop that.");
  if (ext !== "png" && ext !== "jpg" && ext !== "webp") {
    return refusedFile("not_a_picture", "This is not a picture the studio can read. Use a PNG, JPEG or WebP file.");
  }
  const upright = await rewrite(bytes, ext);
  if (!Buffer.isBuffer(upright)) return upright;
  const file = await shelf.store(Readable.from([upright]), "image");
  return { ok: true, media: await shelf.examine(file, "image") };
}

async function rewrite(bytes: Buffer, ext: "png" | "jpg" | "webp"): Promise<Buffer | Refusal> {
  const { default: sharp } = await import("sharp");
  try {
    const picture = sharp(bytes, { limitInputPixels: false, failOn: "error" });
    const { width, height } = await picture.metadata();
    if (width * height > MAX_UPLOAD_PIXELS) {
      const megapixels = Math.round((width * height) / 1_000_000);
      return refusedFile(
        "too_many_pixels",
        `The picture has ${megapixels} megapixels; at most 50 are allowed. Make it smaller, then drop it again.`,
      );
    }
    const upright = picture.autoOrient();
    if (ext === "jpg") return await upright.jpeg({ quality: 93, chromaSubsampling: "4:4:4" }).toBuffer();
    return await (ext === "png" ? upright.png() : upright.webp({ quality: 93 })).toBuffer();
  } catch {
    return refusedFile(
      "damaged",
      "The picture is damaged and cannot be read to the end. Save it again, or choose another one.",
    );
  }
}
