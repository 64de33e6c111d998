import { readFile, stat } from "node:fs/promises";
import { MAX_UPLOAD_BYTES } from "../../media/receivePicture.ts";
import { MEDIA_TYPES, sniff } from "../../media/mediaTypes.ts";
import { ProviderFlaw } from "./ProviderFlaw.ts";
import type { MediaExt } from "../../media/mediaTypes.ts";

/** A reference picture in memory. */
export interface Picture {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly ext: MediaExt;
  readonly mime: string;
}

/** How much of pictures goes into one request. */
export interface PictureLimits {
  /** Who takes no more, for people. */
  readonly who: string;
  /** In bytes. */
  readonly each?: number;
  readonly total?: number;
}

/**
 * A request is in memory as a whole, several times over by the time it is sent (read, as base64, as JSON), and so are those beside
 * it. So much is taken of what people choose; a provider may take less.
 */
const MOST_TOTAL_BYTES = 32 * 1024 ** 2;

/**
 * Reference pictures, for providers that take them within the request. None is read before it is known that all are small
 * enough. Throws a `ProviderFlaw`: before the call, so nothing was sent (P2).
 */
export async function readPictures(paths: readonly string[], limits: PictureLimits): Promise<readonly Picture[]> {
  try {
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    const tooLarge = judge(sizes, limits);
    if (tooLarge !== null) throw new ProviderFlaw({ ...TOO_LARGE, message: tooLarge });
    return await Promise.all(paths.map(readPicture));
  } catch (cause) {
    if (cause instanceof ProviderFlaw) throw cause;
    throw new ProviderFlaw({ ...UNREADABLE, detail: String(cause) }, { cause });
  }
}

/** The picture that is too large, or all of them together; null where none is. */
function judge(sizes: readonly number[], { who, each = MAX_UPLOAD_BYTES, total = MOST_TOTAL_BYTES }: PictureLimits) {
  const most = Math.min(each, total);
  const index = sizes.findIndex((size) => size > most);
  const [found, all] = [sizes[index], sizes.reduce((sum, size) => sum + size, 0)];
  if (found !== undefined) {
    const which = sizes.length === 1 ? "The reference picture" : `Reference picture ${index + 1}`;
    return `${which} has ${over(found)} MB, and ${who} takes up to ${upTo(most)} MB; choose a smaller one.`;
  }
  if (all <= total) return null;
  return `The ${sizes.length} reference pictures have ${over(all)} MB together, and ${who} takes up to ${upTo(total)} MB; choose fewer or smaller ones.`;
}

/** In megabytes, rounded so that what is too large also reads so. */
const over = (bytes: number): number => Math.ceil(bytes / 1e5) / 10;
const upTo = (bytes: number): number => Math.floor(bytes / 1e5) / 10;

async function readPicture(path: string): Promise<Picture> {
  const bytes = await readFile(path);
  const ext = sniff(bytes);
  const mime = ext === null ? "" : MEDIA_TYPES[ext];
  if (ext === null || !mime.startsWith("image/")) throw new Error("A reference picture is no picture.");
  return { bytes, ext, mime };
}

const TOO_LARGE = { code: "invalid_input", retryable: false, notAccepted: true } as const;

const UNREADABLE = {
  code: "storage_failed",
  message: "A reference picture could not be read.",
  retryable: true,
  notAccepted: true,
} as const;
