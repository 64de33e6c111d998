import { Readable } from "node:stream";
import { MEDIA_TYPES, sniff } from "../../media/mediaTypes.ts";
import type { MediaExt } from "../../media/mediaTypes.ts";
import type { ProviderOutput } from "../Provider.ts";
import type { HostedDeps, HostedPlace } from "./HostedProvider.ts";

const MOST_BYTES = 64 * 1024 ** 2;
/** How often, and how long after each failure, a picture is offered to our storage: half a minute in all. */
const KEEP_AFTER_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const;
const NEVER = new AbortController().signal;

/** For pictures that come with the answer to the call that is billed, and are nowhere else (docs/decisions/017). */
export interface ReplyShelf {
  /** The picture's key, for a reference; null when it is no picture. Throws `StorageError` when it could not be kept. */
  readonly keep: (bytes: Buffer) => Promise<string | null>;
  /** Null when it is not there any more: nobody has used it for a day. */
  readonly take: (key: string) => Promise<ProviderOutput | null>;
}

export function openReplyShelf(
  { sleep }: Pick<HostedDeps, "sleep">,
  { storage }: Pick<HostedPlace, "storage">,
): ReplyShelf {
  return {
    keep: async (bytes) => {
      const ext = sniff(bytes);
      if (ext === null || !MEDIA_TYPES[ext].startsWith("image/")) return null;
      // Longer than a moment's trouble: it was paid for, and nobody else has it (P6).
      for (let tries = 0; ; tries += 1) {
        try {
          return (await storage.put(Readable.from([bytes]), { ext, maxBytes: MOST_BYTES })).key;
        } catch (error) {
          const wait = KEEP_AFTER_MS[tries];
          if (wait === undefined) throw error;
          await sleep(wait, NEVER);
        }
      }
    },
    take: async (key) => {
      const kept = await storage.get(key);
      if (kept === null) return null;
      const ext = key.slice(key.lastIndexOf(".") + 1);
      const claimedMime = ext in MEDIA_TYPES ? MEDIA_TYPES[ext as MediaExt] : null;
      return { body: kept.body, claimedMime, claimedBytes: kept.bytes };
    },
  };
}
