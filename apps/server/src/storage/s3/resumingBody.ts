import { Readable } from "node:stream";
import { StorageError } from "../StorageError.ts";
import { asS3Error } from "./asS3Error.ts";

/** Asks for everything from this byte on. */
type Open = (start: number, signal: AbortSignal) => Promise<Readable>;

const TRIES = 3;

/**
 * Bytes of an object whose connection may break on the way, or be closed because a reader paused for long: what is left is
 * asked for again, and a reader sees one stream. Errors when several requests in a row brought nothing.
 */
export function resumingBody(
  first: Readable,
  open: Open,
  { start, bytes }: { start: number; bytes: number },
): Readable {
  const closing = new AbortController();

  async function* all(): AsyncIterable<Uint8Array> {
    let part: Readable | null = first;
    let done = 0;
    for (let failures = 0; done < bytes;) {
      const before = done;
      let flaw = new StorageError("unreachable", "The storage broke off in the middle of a file.");
      try {
        part ??= await open(start + done, closing.signal);
        for await (const chunk of part as AsyncIterable<Uint8Array>) {
          // Some answer with more than was asked for.
          const wanted = chunk.length > bytes - done ? chunk.subarray(0, bytes - done) : chunk;
          done += wanted.length;
          yield wanted;
          if (done === bytes) return;
        }
      } catch (error) {
        flaw = asS3Error(error);
      }
      part = null;
      failures = done > before ? 1 : failures + 1;
      if (failures >= TRIES || flaw.reason !== "unreachable" || closing.signal.aborted) throw flaw;
    }
  }

  const body = Readable.from(all(), { objectMode: false });
  body.once("close", () => {
    closing.abort();
    first.destroy();
  });
  return body;
}
