import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { MEDIA_TYPES } from "../../media/mediaTypes.ts";
import { createTurns } from "../createTurns.ts";
import { hashOfKey, isMediaKey } from "../mediaKey.ts";
import { removeOldFiles } from "../removeOldFiles.ts";
import { StorageError } from "../StorageError.ts";
import { writeHashed } from "../writeHashed.ts";
import { asS3Error, isMissing } from "./asS3Error.ts";
import { createS3Client } from "./createS3Client.ts";
import { abortOldUploads } from "./abortOldUploads.ts";
import { openLocalCopies } from "./openLocalCopies.ts";
import { MARK_TIMES, openMarks } from "./openMarks.ts";
import { openSignedReads } from "./openSignedReads.ts";
import { resumingBody } from "./resumingBody.ts";
import { uploadFile } from "./uploadFile.ts";
import type { PutOptions, Storage, StoredFile } from "../Storage.ts";
import type { S3Patience } from "./createS3Client.ts";
import type { MarkTimes } from "./openMarks.ts";
import type { S3Settings } from "./S3Settings.ts";

export interface S3Options {
  /** A folder of our own for files on their way; what lies in it is nobody's. */
  readonly workDir: string;
  readonly patience?: S3Patience;
  /** Of a listing; S3 gives a thousand at most. */
  readonly pageSize?: number;
  readonly markTimes?: MarkTimes;
}

type Range = { readonly start: number; readonly end: number };

/** Each holds a few parts of its file in memory. */
const UPLOADS_AT_ONCE = 4;
/** How often a file is put that is not there afterwards: collectors may have come before. */
const PUT_TRIES = 3;

/** Storage in a bucket, with its folder for files on their way emptied. */
export async function openS3Storage(settings: S3Settings, options: S3Options): Promise<Storage> {
  await rm(options.workDir, { recursive: true, force: true });
  for (const folder of [spoolOf(options), copiesOf(options)]) await mkdir(folder, { recursive: true });
  const storage = s3Storage(settings, options);
  if (!settings.signedReads) return storage;
  const { close, ...direct } = await openSignedReads(settings);
  return { ...storage, direct, close: () => storage.close().finally(close) };
}

const spoolOf = ({ workDir }: S3Options): string => join(workDir, "spool");
const copiesOf = ({ workDir }: S3Options): string => join(workDir, "copies");

/**
 * The bucket as it is; nothing is made or tidied away until something is put (K1). An object is `<prefix><hash>.<ext>`. Its
 * hash is known only when all of it has come, so a file is written to the local disk first, and from there to the bucket.
 */
export function s3Storage(settings: S3Settings, options: S3Options): Storage {
  const { bucket, prefix } = settings;
  const client = createS3Client(settings, options.patience);
  const copies = openLocalCopies(copiesOf(options));
  const closing = new AbortController();
  const inTurn = createTurns();
  const uploads = pLimit(UPLOADS_AT_ONCE);
  const underWay = new Set<Promise<unknown>>();
  const { deleteWithinMs } = options.markTimes ?? MARK_TIMES;
  const marks = openMarks(client, { bucket, folder: `${prefix}collecting/` }, options.markTimes ?? MARK_TIMES);
  const nameOf = (key: string) => ({ Bucket: bucket, Key: `${prefix}${key}` });

  async function put(source: Readable, { ext, maxBytes, signal }: PutOptions): Promise<StoredFile> {
    const path = join(spoolOf(options), `${randomUUID()}.${ext}`);
    const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    try {
      const { bytes, sha256 } = await writeHashed(source, path, { maxBytes, signal: stop, flush: false });
      const key = `${sha256}.${ext}`;
      await inTurn(key, () => uploads(() => upload(path, { key, bytes, sha256 }, stop)));
      await copies.keep(key, path).catch(() => {});
      return { key, bytes, sha256 };
    } catch (error) {
      source.destroy();
      stop.throwIfAborted();
      throw error;
    } finally {
      await rm(path, { force: true }).catch(() => {});
    }
  }

  async function upload(path: string, { key, bytes, sha256 }: StoredFile, signal: AbortSignal): Promise<void> {
    const ext = extname(key).slice(1);
    const mime = ext in MEDIA_TYPES ? MEDIA_TYPES[ext as keyof typeof MEDIA_TYPES] : "application/octet-stream";
    for (let tries = 0; tries < PUT_TRIES; tries += 1) {
      signal.throwIfAborted();
      await ask(uploadFile(client, { path, bucket, key: `${prefix}${key}`, sha256, mime }, signal));
      await ask(marks.untilNone(key, signal));
      const kept = await head(key);
      if (kept?.bytes === bytes) return;
      if (kept === null) continue;
      await ask(client.send(new DeleteObjectCommand(nameOf(key))));
      throw new StorageError("broken", `Stored ${bytes} bytes, but the bucket has ${kept.bytes}.`);
    }
    throw new StorageError("broken", "The bucket does not have what was stored in it.");
  }

  async function isUntouched(key: string, since: number): Promise<boolean> {
    const found = await head(key);
    return found !== null && found.modifiedAt <= since;
  }

  /** Whether it was taken away. Others may put it at any moment: see `Marks`. */
  async function collect(key: string, since: number): Promise<boolean> {
    if (!(await isUntouched(key, since))) return false;
    const marked = performance.now();
    await ask(marks.set(key));
    const old = await isUntouched(key, since);
    const inTime = performance.now() - marked < deleteWithinMs;
    if (old && inTime) {
      const abortSignal = AbortSignal.timeout(deleteWithinMs);
      await ask(client.send(new DeleteObjectCommand(nameOf(key)), { abortSignal }));
    }
    await ask(marks.remove(key));
    return old && inTime;
  }

  async function head(key: string): Promise<{ readonly bytes: number; readonly modifiedAt: number } | null> {
    if (!isMediaKey(key)) return null;
    const found = await unlessMissing(client.send(new HeadObjectCommand(nameOf(key))));
    return found === null ? null : sizeAndAge(found.ContentLength, found.LastModified);
  }

  async function get(key: string, range?: Range): Promise<{ readonly body: Readable; readonly bytes: number } | null> {
    if (!isMediaKey(key)) return null;
    const found = await unlessMissing(open(key, range));
    if (found === null) return null;
    const { body, start, bytes, total } = found;
    const wanted = range === undefined ? bytes : Math.min(bytes, range.end - range.start + 1);
    const rest = async (from: number, signal: AbortSignal): Promise<Readable> =>
      (await open(key, { start: from, end: start + wanted - 1 }, signal)).body;
    return { body: resumingBody(body, rest, { start, bytes: wanted }), bytes: total };
  }

  /** One answer's body, and which bytes of how many it is. */
  async function open(key: string, range?: Range, signal?: AbortSignal) {
    const asked = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
    const {
      Body,
      ContentLength = 0,
      ContentRange,
    } = await client
      .send(new GetObjectCommand({ ...nameOf(key), ...asked }), signal === undefined ? {} : { abortSignal: signal })
      .catch(async (error: unknown) => {
        const beyond = error instanceof Error && error.name === "InvalidRange" ? await head(key) : null;
        if (beyond === null) throw error;
        return { Body: Readable.from([]), ContentLength: 0, ContentRange: `bytes ${range?.start}-/${beyond.bytes}` };
      });
    if (!(Body instanceof Readable)) throw new StorageError("broken", "The storage answered without a body.");
    const [, first = "0", total = String(ContentLength)] = /^bytes (\d+)-\d*\/(\d+)$/.exec(ContentRange ?? "") ?? [];
    if (Number(first) !== (range?.start ?? 0)) {
      Body.destroy();
      throw new StorageError("broken", "The storage answered with another part of the file.");
    }
    return { body: Body, start: Number(first), bytes: ContentLength, total: Number(total) };
  }

  async function* list(): AsyncIterable<{ readonly key: string; readonly bytes: number; readonly modifiedAt: number }> {
    const wanted = { Bucket: bucket, Prefix: prefix, Delimiter: "/", MaxKeys: options.pageSize };
    for (let token: string | undefined, more = true; more;) {
      const page = await ask(client.send(new ListObjectsV2Command({ ...wanted, ContinuationToken: token })));
      for (const { Key = "", Size, LastModified } of page.Contents ?? []) {
        const key = Key.slice(prefix.length);
        if (isMediaKey(key)) yield { key, ...sizeAndAge(Size, LastModified) };
      }
      token = page.NextContinuationToken;
      more = page.IsTruncated === true && token !== undefined;
    }
  }

  async function fetchCopy(key: string, path: string): Promise<void> {
    const found = await get(key);
    if (found === null) throw new StorageError("missing", `There is no file ${key} in storage.`);
    const { sha256 } = await writeHashed(found.body, path, {
      maxBytes: found.bytes,
      signal: AbortSignal.any([closing.signal]),
      flush: false,
    });
    if (sha256 !== hashOfKey(key))
      throw new StorageError("broken", `The bytes of ${key} are not those that were kept.`);
  }

  return {
    put: (source, putOptions) => tracked(put(source, putOptions)),
    head,
    get,
    list,
    withLocalFile: async (key, use) => {
      if ((await head(key)) === null) throw new StorageError("missing", `There is no file ${key} in storage.`);
      return copies.use(key, (path) => tracked(fetchCopy(key, path)), use);
    },
    deleteUntouched: (key, since) =>
      inTurn(key, async () => {
        if (!(await collect(key, since))) return false;
        await copies.forget(key);
        return true;
      }),
    owner: async () => {
      const found = await unlessMissing(client.send(new GetObjectCommand(nameOf("owner"))));
      return (await found?.Body?.transformToString())?.trim() || null;
    },
    setOwner: async (studio) =>
      void (await ask(client.send(new PutObjectCommand({ ...nameOf("owner"), Body: `${studio}\n` })))),
    removeLeftovers: async (since) =>
      (await removeOldFiles(spoolOf(options), since)) + (await ask(abortOldUploads(client, { bucket, prefix }, since))),
    close: async () => {
      closing.abort(new StorageError("broken", "The studio is stopping."));
      await Promise.allSettled(underWay);
      await copies.close();
      client.destroy();
    },
  };

  /** Closing waits for it. */
  function tracked<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    const forget = (): void => void underWay.delete(work);
    work.then(forget, forget);
    return work;
  }
}

/** Says in our own words what went wrong with the bucket. */
async function ask<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asS3Error(error);
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return null;
    throw asS3Error(error);
  }
}

/** Without its age nobody could tell whether a file may be collected. */
function sizeAndAge(bytes: number | undefined, modifiedAt: Date | undefined) {
  if (bytes === undefined || modifiedAt === undefined)
    throw new StorageError("broken", "The storage did not say how large or how old a file is.");
  return { bytes, modifiedAt: modifiedAt.getTime() };
}
