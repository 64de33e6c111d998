import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { BrokenMedia } from "./BrokenMedia.ts";
import { createPreviews } from "./createPreviews.ts";
import { MEDIA_TYPES, sniff, SNIFF_BYTES } from "./mediaTypes.ts";
import { openFrameReader } from "./openFrameReader.ts";
import { probeMedia } from "./probeMedia.ts";
import { receiveHead } from "./receiveHead.ts";
import type { AssetType } from "@reelstate/lifecycle";
import type { StoredMedia } from "@reelstate/db";
import type { Readable } from "node:stream";
import type { Previews } from "./createPreviews.ts";
import type { MediaExt } from "./mediaTypes.ts";
import type { Probe } from "./probeMedia.ts";
import type { NewId } from "../ids.ts";
import type { Storage, StoredFile } from "../storage/Storage.ts";

/** Puts media where a version can have it: stored, probed, with poster, thumbnail and ThumbHash (J4, A5). */
export interface MediaShelf {
  /** Stores the bytes as what they are; throws `BrokenMedia` when that is not what they should be, `StorageError` when they cannot be kept. */
  readonly store: (
    source: Readable,
    type: AssetType,
    options?: { readonly signal: AbortSignal },
  ) => Promise<StoredFile & { readonly ext: MediaExt }>;
  /** Probes a stored file and makes its previews. Throws `BrokenMedia`. */
  readonly examine: (file: StoredFile & { readonly ext: MediaExt }, type: AssetType) => Promise<StoredMedia>;
  readonly close: () => Promise<void>;
}

interface Deps {
  readonly storage: Storage;
  readonly newId: NewId;
  /** A folder for pictures on their way into storage. */
  readonly workDir: string;
}

const EXTS: Readonly<Record<AssetType, readonly MediaExt[]>> = {
  image: ["png", "jpg", "webp"],
  video: ["mp4", "webm"],
};
const MAX_BYTES: Readonly<Record<AssetType, number>> = { image: 100_000_000, video: 4_000_000_000 };

export async function openMediaShelf(deps: Deps): Promise<MediaShelf> {
  const { storage, newId, workDir } = deps;
  // What a crash left behind is nobody's.
  await rm(workDir, { recursive: true, force: true });
  await mkdir(workDir, { recursive: true });
  const frames = openFrameReader();

  async function previewsOf(path: string, type: AssetType, probe: Probe): Promise<Previews> {
    if (type === "image") return createPreviews(storage, path);
    const frame = join(workDir, `${newId()}.png`);
    try {
      await frames.take(path, frame, posterMs(probe));
      return await createPreviews(storage, frame);
    } catch (cause) {
      throw new BrokenMedia("The video that was made does not play.", { cause });
    } finally {
      await rm(frame, { force: true });
    }
  }

  return {
    store: async (source, type, options) => {
      const { head, body } = await receiveHead(source, SNIFF_BYTES);
      const ext = sniff(head);
      if (ext === null || !EXTS[type].includes(ext)) {
        body.destroy();
        const what = head.length === 0 ? "an empty file" : "something else";
        throw new BrokenMedia(
          type === "image" ? `Instead of a picture there was ${what}.` : `Instead of a video there was ${what}.`,
        );
      }
      return { ...(await storage.put(body, { ext, maxBytes: MAX_BYTES[type], ...options })), ext };
    },
    examine: (file, type) =>
      storage.withLocalFile(file.key, async (path) => {
        const probe = await probeMedia(path, type);
        const previews = await previewsOf(path, type, probe);
        return {
          key: file.key,
          mime: MEDIA_TYPES[file.ext],
          bytes: file.bytes,
          sha256: file.sha256,
          ...probe,
          ...previews,
        };
      }),
    close: async () => {
      frames.close();
    },
  };
}

/** A little way in: many clips begin black. */
function posterMs({ durationMs }: Probe): number {
  return Math.min(1_000, (durationMs ?? 0) / 4);
}
