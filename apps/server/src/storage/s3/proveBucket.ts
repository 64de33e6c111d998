import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { BucketUnusable } from "../BucketUnusable.ts";
import { StorageError } from "../StorageError.ts";
import { S3Answer } from "./asS3Error.ts";
import type { Storage } from "../Storage.ts";
import type { S3Settings } from "./S3Settings.ts";

const PROBE = { ext: "probe", maxBytes: 100 } as const;

/** Throws `BucketUnusable` when the bucket is not there, or may not be looked into. */
export async function proveReadable(storage: Storage, settings: S3Settings): Promise<void> {
  await step("list", settings, async () => {
    await storage.list()[Symbol.asyncIterator]().next();
  });
}

/**
 * Writes a few bytes, reads them back and takes them away again, before anything is made that has to be kept. Throws
 * `BucketUnusable`.
 */
export async function proveBucket(storage: Storage, settings: S3Settings): Promise<void> {
  await proveReadable(storage, settings);
  const given = randomBytes(PROBE.maxBytes);
  const { key } = await step("write", settings, () => storage.put(Readable.from([given]), PROBE));
  const found = await step("read", settings, async () => {
    const file = await storage.get(key);
    return file === null ? null : buffer(file.body);
  });
  await step("delete", settings, () => storage.deleteUntouched(key, Number.POSITIVE_INFINITY));
  if (found?.equals(given) !== true)
    throw new BucketUnusable(`${nameOf(settings)} does not give back the bytes that it was given. Use another store.`);
}

async function step<T>(what: string, settings: S3Settings, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new BucketUnusable(explain(what, settings, error), { cause: error });
  }
}

const WRONG_KEY = /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|TokenRefreshRequired)$/;
const WRONG_REGION = /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/;

function explain(what: string, settings: S3Settings, { reason, message, cause }: StorageError): string {
  const code = cause instanceof S3Answer ? cause.code : "";
  const name = nameOf(settings);
  if (code === "NoSuchBucket")
    return `${name} does not exist. Create it, or set STORAGE_URL and S3_ENDPOINT to one that does.`;
  if (code === "CredentialsProviderError")
    return `There are no credentials for ${name}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role.`;
  if (WRONG_KEY.test(code))
    return `${name} does not know these credentials (${code}). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that it knows.`;
  if (WRONG_REGION.test(code)) return `${name} is in another region (${code}). Set S3_REGION to the bucket's own.`;
  if (reason === "denied")
    return `${name} does not let these credentials ${what} (${code}). Give them the right to list, read, write and delete there.`;
  if (reason === "unreachable")
    return `${name} cannot be reached (${code}). Set S3_ENDPOINT to where it is, and look at the network between.`;
  return `${name} cannot be used: ${message} (${what}${code === "" ? "" : `, ${code}`})`;
}

function nameOf({ bucket, endpoint }: S3Settings): string {
  return `The bucket "${bucket}" of STORAGE_URL at ${endpoint ?? "Amazon S3"}`;
}
