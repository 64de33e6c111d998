import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import pLimit from "p-limit";
import { hashOfKey, isMediaKey } from "../storage/mediaKey.ts";
import { StorageError } from "../storage/StorageError.ts";
import type { MediaRow, MediaRows, MovedMedia } from "@reelstate/db/postgres";
import type { Storage } from "../storage/Storage.ts";

/** A file of the studio that is moved is not what its row says, and cannot be brought. */
export interface DamagedFile {
  readonly key: string;
  readonly versionId: string;
  readonly flaw: string;
}

export interface MediaWork {
  readonly media: MediaRows;
  readonly source: Pick<Storage, "head" | "get">;
  /** The same as `source` where media stays. */
  readonly target: Pick<Storage, "head" | "get" | "put">;
  /** Keeps how far it is: what was noted is not looked at again. */
  readonly note: (done: MovedMedia) => Promise<void>;
  readonly damaged: (file: DamagedFile) => void;
  readonly progress: (progress: { readonly versions: number; readonly of: number } & MovedMedia) => void;
}

const VERSIONS_AT_ONCE = 50;
const FILES_AT_ONCE = 4;

/**
 * Brings every file that a row refers to, and reads every byte of it where it then is: its hash has to be the one that its key
 * and its row name. A file that is there already is only read. Gives how many are damaged; up to the first of those it is noted: another
 * run names them too.
 */
export async function moveMedia(work: MediaWork, from: MovedMedia): Promise<MovedMedia & { readonly damaged: number }> {
  const of = work.media.count(null);
  let done = from;
  let versions = of - work.media.count(from.after);
  let damaged = 0;
  for (;;) {
    work.progress({ ...done, versions, of });
    const page = work.media.list({ after: done.after, limit: VERSIONS_AT_ONCE });
    const last = page.at(-1);
    if (last === undefined) return { ...done, damaged };
    const files = filesOf(page);
    const sizes = await bringAll(work, [...files.values()]);
    const whole = sizes.filter((size) => size !== null);
    damaged += sizes.length - whole.length;
    versions += page.length;
    done = {
      after: last.versionId,
      files: done.files + whole.length,
      bytes: done.bytes + whole.reduce((sum, size) => sum + size, 0),
    };
    if (damaged === 0) await work.note(done);
  }
}

/** Whatever breaks it off, nothing is under way any more when it throws: who hears of it closes what is read and written. */
async function bringAll(work: MediaWork, files: readonly WantedFile[]): Promise<readonly (number | null)[]> {
  const limit = pLimit(FILES_AT_ONCE);
  const failures: unknown[] = [];
  const sizes = await Promise.all(
    files.map((file) =>
      limit(async () => {
        if (failures.length > 0) return null;
        try {
          return await bring(work, file);
        } catch (error) {
          failures.push(error);
          return null;
        }
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return sizes;
}

interface WantedFile {
  readonly key: string;
  readonly versionId: string;
  /** What the row says of it; null: it says nothing but its name. */
  readonly says: { readonly bytes: number | null; readonly sha256: string | null } | null;
}

/** Each file of these versions once. */
function filesOf(page: readonly MediaRow[]): ReadonlyMap<string, WantedFile> {
  const files = new Map<string, WantedFile>();
  for (const { versionId, key, bytes, sha256, posterKey, thumbKey } of page) {
    for (const preview of [posterKey, thumbKey])
      if (preview !== null && !files.has(preview)) files.set(preview, { key: preview, versionId, says: null });
    if (key !== null) files.set(key, { key, versionId, says: { bytes, sha256 } });
  }
  return files;
}

/** Its size, or null: it is damaged, which was told. */
async function bring({ source, target, damaged }: MediaWork, file: WantedFile): Promise<number | null> {
  const { key, versionId, says } = file;
  const tell = (flaw: string): null => {
    damaged({ key, versionId, flaw });
    return null;
  };
  if (!isMediaKey(key)) return tell("is not a name that a file of the studio has");
  if (says?.sha256 !== undefined && says.sha256 !== hashOfKey(key))
    return tell("is not the file of which its row has the hash");
  const found = await source.head(key);
  if (found === null) return tell("is missing");
  if (says !== null && found.bytes !== says.bytes)
    return tell(`has ${found.bytes} bytes, and its row says ${says.bytes}`);
  try {
    if (source === target) return (await isWhole(fromSource(source, key), key)) ? found.bytes : tell(CHANGED);
    if ((await target.head(key))?.bytes === found.bytes && (await isWhole(bytesOf(target, key), key)))
      return found.bytes;
    const ext = key.slice(key.indexOf(".") + 1);
    await target.put(Readable.from(unchanged(source, key)), { ext, maxBytes: found.bytes });
  } catch (error) {
    if (error instanceof FlawedFile) return tell(error.message);
    throw error;
  }
  if (await isWhole(bytesOf(target, key), key)) return found.bytes;
  throw new StorageError("broken", `The bucket does not give back the bytes of ${key} that it was given.`);
}

const CHANGED = "has other bytes than those that its name is the hash of";

class FlawedFile extends Error {
  override readonly name = "FlawedFile";
}

/** The file's bytes; throws before the end when they are not those that its key names, so that they are kept nowhere. */
async function* unchanged(source: MediaWork["source"], key: string): AsyncIterable<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of fromSource(source, key)) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== hashOfKey(key)) throw new FlawedFile(CHANGED);
}

async function isWhole(bytes: AsyncIterable<Uint8Array>, key: string): Promise<boolean> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest("hex") === hashOfKey(key);
}

/** What the disk cannot read is this file's flaw, and no reason to leave the others. */
async function* fromSource(source: MediaWork["source"], key: string): AsyncIterable<Uint8Array> {
  try {
    yield* bytesOf(source, key);
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw new FlawedFile(`cannot be read: ${error.message}`);
    throw error;
  }
}

async function* bytesOf(storage: MediaWork["source"], key: string): AsyncIterable<Uint8Array> {
  const file = await storage.get(key);
  if (file === null) throw new StorageError("missing", `The file ${key} went away while it was read.`);
  yield* file.body as AsyncIterable<Uint8Array>;
}
