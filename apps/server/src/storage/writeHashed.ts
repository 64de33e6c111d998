import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { ours } from "./asDiskError.ts";
import { StorageError } from "./StorageError.ts";
import type { Readable } from "node:stream";

interface WriteOptions {
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Waits until the disk has it, and not only the system. */
  readonly flush: boolean;
}

/** Writes a source to a new file, and gives the hash of what went through. Whatever fails, the file is the caller's to remove. */
export async function writeHashed(
  source: Readable,
  path: string,
  { maxBytes, signal, flush }: WriteOptions,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const stop = (): void => void source.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await using file = await ours(open(path, "wx"));
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new StorageError("too_large", `The file is larger than ${maxBytes} bytes.`);
      hash.update(chunk);
      await ours(file.writeFile(chunk));
    }
    signal?.throwIfAborted();
    if (flush) await ours(file.sync());
    const { size } = await ours(file.stat());
    if (size !== bytes) throw new StorageError("broken", `Wrote ${bytes} bytes, but the file has ${size}.`);
    return { bytes, sha256: hash.digest("hex") };
  } catch (error) {
    // A source that was dropped for the signal's sake says so in words of its own.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
