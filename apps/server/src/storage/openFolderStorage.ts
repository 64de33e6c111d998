import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, opendir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import type { Storage, StoredFile } from "./Storage.ts";
import { StorageError } from "./StorageError.ts";

const KEY = /^[0-9a-f]{64}\.[a-z0-9]{1,5}$/;
const TEMPORARY_KEPT_MS = 24 * 3_600_000;

/**
 * Storage in a folder: `<folder>/<first two of the hash>/<hash>.<ext>`. A file is written under a temporary name, flushed,
 * and renamed, so what is visible is whole even after a power cut.
 */
export async function openFolderStorage(folder: string): Promise<Storage> {
  const temporary = join(folder, "tmp");
  await mkdir(temporary, { recursive: true });
  await removeOldTemporaries(temporary);
  const pathOf = (key: string): string => join(folder, key.slice(0, 2), key);

  async function put(
    source: Readable,
    { ext, maxBytes }: { readonly ext: string; readonly maxBytes: number },
  ): Promise<StoredFile> {
    const path = join(temporary, randomUUID());
    try {
      const { bytes, sha256 } = await writeHashed(source, path, maxBytes);
      const key = `${sha256}.${ext}`;
      await mkdir(join(folder, key.slice(0, 2)), { recursive: true });
      await rename(path, pathOf(key));
      await flushFolder(join(folder, key.slice(0, 2)));
      return { key, bytes, sha256 };
    } catch (error) {
      await rm(path, { force: true });
      throw asStorageError(error);
    }
  }

  async function head(key: string): Promise<{ readonly bytes: number; readonly modifiedAt: number } | null> {
    if (!KEY.test(key)) return null;
    try {
      const { size, mtimeMs } = await stat(pathOf(key));
      return { bytes: size, modifiedAt: mtimeMs };
    } catch (error) {
      if (isMissing(error)) return null;
      throw asStorageError(error);
    }
  }

  async function* list(): AsyncIterable<{ readonly key: string; readonly bytes: number; readonly modifiedAt: number }> {
    for await (const shard of await opendir(folder)) {
      if (!shard.isDirectory() || shard.name === "tmp") continue;
      for await (const file of await opendir(join(folder, shard.name))) {
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
      if ((await head(key)) === null) throw new StorageError("broken", `There is no file ${key} in storage.`);
      return use(pathOf(key));
    },
    delete: async (key) => {
      if (KEY.test(key)) await rm(pathOf(key), { force: true });
    },
    close: async () => {},
  };
}

async function writeHashed(
  source: Readable,
  path: string,
  maxBytes: number,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(
        bytes > maxBytes ? new StorageError("too_large", `The file is larger than ${maxBytes} bytes.`) : null,
        chunk,
      );
    },
  });
  await pipeline(source, count, createWriteStream(path, { flags: "wx", flush: true }));
  const { size } = await stat(path);
  if (size !== bytes) throw new StorageError("broken", `Wrote ${bytes} bytes, but the file has ${size}.`);
  return { bytes, sha256: hash.digest("hex") };
}

/** A renamed file survives a power cut once its folder is flushed. */
async function flushFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}

async function removeOldTemporaries(temporary: string): Promise<void> {
  for await (const file of await opendir(temporary)) {
    const path = join(temporary, file.name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > TEMPORARY_KEPT_MS) await rm(path, { force: true });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function asStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return error;
  const full = error.code === "ENOSPC" || error.code === "EDQUOT" || error.code === "EFBIG";
  return full
    ? new StorageError("full", "There is no space left where the studio keeps its media.", { cause: error })
    : new StorageError("broken", "The studio's media folder refused a write.", { cause: error });
}
