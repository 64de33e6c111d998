import type { Readable } from "node:stream";

/**
 * Where media goes. Keys are content hashes (`<sha256>.<ext>`), so writing the same bytes twice is writing them once,
 * and a file that is visible is whole.
 */
export interface Storage {
  /** Writes to a temporary key, verifies size and hash, then makes it visible. Throws `StorageError` when it cannot. */
  put(source: Readable, options: PutOptions): Promise<StoredFile>;
  /**
   * Bytes `start`…`end` inclusive, as far as there are any, or the whole; null when there is no such key. `bytes` is the
   * size of the whole.
   */
  get(
    key: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly body: Readable; readonly bytes: number } | null>;
  head(key: string): Promise<{ readonly bytes: number; readonly modifiedAt: number } | null>;
  /** A path that local programs (probe, renderer) can read; a remote store makes a temporary copy. */
  withLocalFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T>;
  /**
   * Removes a file that was not put again since then (epoch ms), and says whether it did. A `put` of the same bytes comes
   * before, and the file stays, or after, and the file is new: never in between.
   */
  deleteUntouched(key: string, since: number): Promise<boolean>;
  /** Removes what broken-off puts left behind and nobody has written to since then (epoch ms). */
  removeLeftovers(since: number): Promise<number>;
  /** Every visible key with its age, for collecting what nothing refers to. */
  list(): AsyncIterable<{ readonly key: string; readonly bytes: number; readonly modifiedAt: number }>;
  /** Which studio has its media here, as it has written it itself; null: none has yet. */
  owner(): Promise<string | null>;
  setOwner(studio: string): Promise<void>;
  /** How many bytes would still fit, where the system says so; absent where only trying tells. */
  readonly freeBytes?: () => Promise<number>;
  /** Where browsers fetch files by themselves; absent where all bytes go through the studio. */
  readonly direct?: DirectReads;
  close(): Promise<void>;
}

export interface DirectReads {
  /** What all addresses begin with. */
  readonly origin: string;
  /** An address that gives a file for a while, labelled like this, to whoever has it. */
  readonly addressOf: (key: string, label: { readonly mime: string; readonly disposition: string }) => Promise<string>;
}

export interface PutOptions {
  /** What follows the hash in the key, without the dot. */
  readonly ext: string;
  readonly maxBytes: number;
  /** Breaks it off, with nothing left of it. */
  readonly signal?: AbortSignal | undefined;
}

export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}
