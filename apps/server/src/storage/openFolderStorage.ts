import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, opendir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { asDiskError, ours } from "./asDiskError.ts";
import { createTurns } from "./createTurns.ts";
import { isMediaKey } from "./mediaKey.ts";
import { openFolderMarks } from "./openFolderMarks.ts";
import { removeOldFiles } from "./removeOldFiles.ts";
import { StorageError } from "./StorageError.ts";
import { writeHashed } from "./writeHashed.ts";
import type { Dirent } from "node:fs";
import { Readable } from "node:stream";
import type { PutOptions, Storage, StoredFile } from "./Storage.ts";

const TEMPORARY_KEPT_MS = 24 * 3_600_000;

/**
 * Storage in a folder: `<folder>/<first two of the hash>/<hash>.<ext>`. A file is written under a temporary name, flushed,
 * and renamed, so what is visible is whole even after a power cut.
 */
export async function openFolderStorage(folder: string): Promise<Storage> {
  const temporary = join(folder, "tmp");
  await mkdir(temporary, { recursive: true });
  await removeOldFiles(temporary, Date.now() - TEMPORARY_KEPT_MS);
  return folderStorage(folder);
}

/** The folder as it is, for whoever only looks: nothing is made, and nothing tidied away (K1). */
export function folderStorage(folder: string): Storage {
  const temporary = join(folder, "tmp");
  const inTurn = createTurns();
  const marks = openFolderMarks(temporary);
  const mark = join(folder, "owner");
  const pathOf = (key: string): string => join(folder, key.slice(0, 2), key);

  async function put(source: Readable, { ext, maxBytes, signal }: PutOptions): Promise<StoredFile> {
    const path = join(temporary, randomUUID());
    try {
      const { bytes, sha256 } = await writeHashed(source, path, { maxBytes, signal, flush: true });
      const key = `${sha256}.${ext}`;
      await inTurn(key, () => ours(makeVisible(path, key)));
      return { key, bytes, sha256 };
    } catch (error) {
      source.destroy();
      // What cannot be removed now is a leftover, and no reason to hide what went wrong.
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
  }

  async function makeVisible(path: string, key: string): Promise<void> {
    const shard = join(folder, key.slice(0, 2));
    // A folder that is new is itself an entry that a power cut could take back.
    if ((await mkdir(shard, { recursive: true })) !== undefined) await flushFolder(folder);
    await rename(path, pathOf(key));
    await flushFolder(shard);
    await marks.untilNone(key);
    if ((await head(key)) === null)
      throw new StorageError("broken", `The file ${key} was taken away while it was stored.`);
  }

  /**
   * Whoever put it before the mark is seen by the look after it, and whoever puts it later waits for the mark. For one that comes
   * between the look and the deletion the file is moved out of sight first: what is then in hand is young, and goes back.
   */
  async function collect(key: string, since: number): Promise<boolean> {
    if (!(await isUntouched(key, since)) || !(await marks.set(key))) return false;
    try {
      if (!(await isUntouched(key, since))) return false;
      const grave = join(temporary, `${key}-${randomUUID()}`);
      await rename(pathOf(key), grave);
      // Its age as it lies here now, where nobody puts anything any more.
      if ((await stat(grave)).mtimeMs > since) {
        await rename(grave, pathOf(key));
        await flushFolder(join(folder, key.slice(0, 2)));
        return false;
      }
      await rm(grave, { force: true });
      return true;
    } finally {
      await marks.remove(key);
    }
  }

  async function isUntouched(key: string, since: number): Promise<boolean> {
    const found = await head(key);
    return found !== null && found.modifiedAt <= since;
  }

  async function head(key: string): Promise<{ readonly bytes: number; readonly modifiedAt: number } | null> {
    if (!isMediaKey(key)) return null;
    try {
      const { size, mtimeMs } = await stat(pathOf(key));
      return { bytes: size, modifiedAt: mtimeMs };
    } catch (error) {
      if (isMissing(error)) return null;
      throw asDiskError(error);
    }
  }

  async function* list(): AsyncIterable<{ readonly key: string; readonly bytes: number; readonly modifiedAt: number }> {
    for await (const shard of await entriesOf(folder)) {
      if (!shard.isDirectory() || shard.name === "tmp") continue;
      for await (const file of await entriesOf(join(folder, shard.name))) {
        const found = await head(file.name);
        if (found !== null) yield { key: file.name, ...found };
      }
    }
  }

  return {
    put,
    head,
    list,
    get: async (key, range) => {
      const found = await head(key);
      if (found === null) return null;
      return { body: createReadStream(pathOf(key), range ?? {}), bytes: found.bytes };
    },
    withLocalFile: async (key, use) => {
      if ((await head(key)) === null) throw new StorageError("missing", `There is no file ${key} in storage.`);
      return use(pathOf(key));
    },
    deleteUntouched: (key, since) => inTurn(key, () => ours(collect(key, since))),
    owner: async () => {
      try {
        return (await readFile(mark, "utf8")).trim() || null;
      } catch (error) {
        if (isMissing(error)) return null;
        throw asDiskError(error);
      }
    },
    setOwner: async (studio) => {
      const written = join(temporary, randomUUID());
      await writeHashed(Readable.from([Buffer.from(`${studio}\n`)]), written, { maxBytes: 1_000, flush: true });
      await ours(rename(written, mark));
      await flushFolder(folder);
    },
    removeLeftovers: (since) => removeOldFiles(temporary, since),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    close: async () => {},
  };
}

/** A renamed file survives a power cut once its folder is flushed. */
async function flushFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}

/** What is in a folder; nothing is in one that is not there. */
async function entriesOf(folder: string): Promise<AsyncIterable<Dirent> | Iterable<Dirent>> {
  try {
    return await opendir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw asDiskError(error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
