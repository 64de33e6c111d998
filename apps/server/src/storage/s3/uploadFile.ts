import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { AbortMultipartUploadCommand } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { StorageError } from "../StorageError.ts";
import { isUploadGone } from "./asS3Error.ts";
import type { S3Client } from "@aws-sdk/client-s3";

interface LocalFile {
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
  readonly mime: string;
}

/** The least that S3 takes for a part which is not the last. */
export const PART_BYTES = 5 * 1024 * 1024;
/** An upload holds no more of its file in memory than these. */
const PARTS_AT_ONCE = 3;
const READ_BYTES = 1024 * 1024;

/**
 * Puts a local file into the bucket: a small one in one request, a large one in parts. It is visible once all of it is
 * there; whatever breaks it off, the parts are taken back before this rejects.
 */
export async function uploadFile(client: S3Client, file: LocalFile, signal: AbortSignal): Promise<void> {
  try {
    await uploadOnce(client, file, signal);
  } catch (error) {
    // The answer to its completion was lost, and the question asked again: it may be there, or have been taken back.
    if (!isUploadGone(error)) throw error;
    await uploadOnce(client, file, signal);
  }
}

async function uploadOnce(
  client: S3Client,
  { path, bucket, key, sha256, mime }: LocalFile,
  signal: AbortSignal,
): Promise<void> {
  const upload = new Upload({
    client: untilAborted(client, signal),
    params: { Bucket: bucket, Key: key, Body: Readable.from(unchanged(path, sha256)), ContentType: mime },
    partSize: PART_BYTES,
    queueSize: PARTS_AT_ONCE,
  });
  await upload.done();
}

/** The file's bytes; throws before its last part goes out when they are not those that were hashed. */
async function* unchanged(path: string, sha256: string): AsyncIterable<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== sha256)
    throw new StorageError("broken", "A file changed on the studio's disk before it was stored.");
}

/**
 * The upload's own `abort` rejects at once and leaves requests on their way. Here they are broken off, and the upload ends
 * when its parts are taken back.
 */
function untilAborted(client: S3Client, signal: AbortSignal): S3Client {
  const send = (command: Parameters<S3Client["send"]>[0]) =>
    client.send(command, command instanceof AbortMultipartUploadCommand ? {} : { abortSignal: signal });
  return Object.create(client, { send: { value: send } }) as S3Client;
}
