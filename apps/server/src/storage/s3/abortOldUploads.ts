import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, S3ServiceException } from "@aws-sdk/client-s3";
import { isMediaKey } from "../mediaKey.ts";
import { isUploadGone } from "./asS3Error.ts";
import type { ListMultipartUploadsCommandOutput, S3Client } from "@aws-sdk/client-s3";

/**
 * Takes back the parts of uploads that a crash broke off and that were begun before then (epoch ms), and gives their
 * number. Not every store tells of them, nor every key may ask; those remove them by a rule of their own.
 */
export async function abortOldUploads(
  client: S3Client,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  since: number,
): Promise<number> {
  let aborted = 0;
  let after: { readonly KeyMarker?: string; readonly UploadIdMarker?: string } | null = {};
  while (after !== null) {
    const page: ListMultipartUploadsCommandOutput | null = await client
      .send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...after }))
      .catch(notTold);
    for (const { Key = "", UploadId, Initiated } of page?.Uploads ?? []) {
      if (!isMediaKey(Key.slice(prefix.length)) || Initiated === undefined || Initiated.getTime() > since) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })).catch(unlessGone);
      aborted += 1;
    }
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page ?? {};
    after =
      page?.IsTruncated === true && KeyMarker !== undefined && UploadIdMarker !== undefined
        ? { KeyMarker, UploadIdMarker }
        : null;
  }
  return aborted;
}

function notTold(error: unknown): null {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status === 403 || status === 405 || status === 501) return null;
  throw error;
}

function unlessGone(error: unknown): void {
  if (!isUploadGone(error)) throw error;
}
