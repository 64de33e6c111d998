import { S3ServiceException } from "@aws-sdk/client-s3";
import { StorageError } from "../StorageError.ts";
import type { StorageFlaw } from "../StorageError.ts";

/**
 * What the bucket said, as far as it may be told on: errors of the SDK carry what was signed, and the key's id. This has
 * neither a field nor a word of theirs but the code.
 */
export class S3Answer extends Error {
  override readonly name = "S3Answer";
  readonly code: string;
  /** Null: no answer came. */
  readonly status: number | null;

  constructor(code: string, status: number | null, requestId: string | undefined) {
    const id = requestId === undefined ? "" : `, request ${requestId}`;
    super(status === null ? `no answer: ${code}` : `S3 answered ${status} ${code}${id}`);
    this.code = code;
    this.status = status;
  }
}

const MISSING: ReadonlySet<string> = new Set(["NoSuchKey", "NotFound"]);
const FULL: ReadonlySet<string> = new Set([
  "QuotaExceeded",
  "InsufficientStorage",
  "XMinioAdminBucketQuotaExceeded",
  "XMinioStorageFull",
]);
const DENIED: ReadonlySet<string> = new Set([
  "NoSuchBucket",
  "CredentialsProviderError",
  "PermanentRedirect",
  "AuthorizationHeaderMalformed",
  "ExpiredToken",
  "InvalidToken",
  "TokenRefreshRequired",
]);
/** Said with a status that otherwise tells of the request itself. */
const TOO_SLOW = "RequestTimeout";

/** The system's own codes, and the SDK's for what took too long. */
const NO_ANSWER = /^(E[A-Z]+|ERR_[A-Z_]+|TimeoutError|AbortError)$/;

const WORDS: Readonly<Record<Exclude<StorageFlaw, "too_large">, string>> = {
  missing: "There is no such file in storage.",
  full: "There is no space left where the studio keeps its media.",
  unreachable: "The studio's storage cannot be reached.",
  denied: "The studio's storage did not let the studio in.",
  broken: "The studio's storage refused a request.",
};

/** What the SDK throws, in our own words. */
export function asS3Error(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const answer = answerOf(error);
  const flaw = flawOf(answer);
  return new StorageError(flaw, WORDS[flaw], { cause: answer });
}

/** Whether the bucket said that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && MISSING.has(error.name);
}

/** Whether the bucket said that an upload is completed or taken back, or never was. */
export function isUploadGone(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === "NoSuchUpload";
}

function flawOf({ code, status }: S3Answer): keyof typeof WORDS {
  if (MISSING.has(code)) return "missing";
  if (FULL.has(code) || status === 507) return "full";
  if (DENIED.has(code) || status === 401 || status === 403) return "denied";
  if (status === null) return NO_ANSWER.test(code) ? "unreachable" : "broken";
  return status >= 500 || status === 429 || status === 408 || code === TOO_SLOW ? "unreachable" : "broken";
}

function answerOf(error: unknown): S3Answer {
  if (error instanceof S3ServiceException) {
    const { httpStatusCode, requestId } = error.$metadata;
    return new S3Answer(error.name, httpStatusCode ?? null, requestId);
  }
  if (!(error instanceof Error)) return new S3Answer("unknown", null, undefined);
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return new S3Answer(code, null, undefined);
}
