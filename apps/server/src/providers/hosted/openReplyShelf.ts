import { Readable } from "node:stream";
import { MEDIA_TYPES, sniff } from "../../media/mediaTypes.ts";
import type { MediaExt } from "../../media/mediaTypes.ts";
import type { ProviderOutput } from "../Provider.ts";
import type { HostedDeps, HostedPlace } from "./HostedProvider.ts";

const MOST_BYTES = 64 * 1024 ** 2;
/** How often, and how long after each failure, a picture is offered to our storage: half a minute in all. */
const KEEP_AFTER_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const;
/** How long a picture that was paid for is still being kept when nobody waits for it any more. */
const LAST_TRY_MS = 15_000;

/** For pictures that come with the answer to the call that is billed, and are nowhere else (docs/decisions/017). */
export interface ReplyShelf {
  /**
   * The picture's key, for a reference; null when it is no picture. Throws `StorageError` when it could not be kept. A signal
   * does not break it off, because nobody else has what was paid for (P6): it is offered once more, at once, and no longer than
   * that takes.
   */
  readonly keep: (bytes: Buffer, signal: AbortSignal) => Promise<string | null>;
  /** Null when it is not there any more: nobody has used it for a day. */
  readonly take: (key: string) => Promise<ProviderOutput | null>;
}

export function openReplyShelf(
  { sleep }: Pick<HostedDeps, "sleep">,
  { storage }: Pick<HostedPlace, "storage">,
): ReplyShelf {
  /** Aborts a while after `signal` does; lets go of it when `done` aborts. */
  function later(signal: AbortSignal, done: AbortSignal): AbortSignal {
    const late = new AbortController();
    const over = async (): Promise<void> => {
      await sleep(LAST_TRY_MS, done);
      late.abort(signal.reason);
    };
    if (signal.aborted) void over();
    else signal.addEventListener("abort", () => void over(), { once: true, signal: done });
    return late.signal;
  }

  return {
    keep: async (bytes, signal) => {
      const ext = sniff(bytes);
      if (ext === null || !MEDIA_TYPES[ext].startsWith("image/")) return null;
      const done = new AbortController();
      const options = { ext, maxBytes: MOST_BYTES, signal: later(signal, done.signal) };
      try {
        // Longer than a moment's trouble: it was paid for, and nobody else has it (P6).
        for (let tries = 0; ; tries += 1) {
          const last = signal.aborted;
          try {
            return (await storage.put(Readable.from([bytes]), options)).key;
          } catch (error) {
            const wait = KEEP_AFTER_MS[tries];
            if (wait === undefined || last) throw error;
            await sleep(wait, signal);
          }
        }
      } finally {
        done.abort();
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
