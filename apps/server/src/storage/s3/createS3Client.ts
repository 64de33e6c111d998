import { S3Client } from "@aws-sdk/client-s3";
import type { S3Settings } from "./S3Settings.ts";

/** How long a silent connection is waited for, and how often a request is made in all. */
export interface S3Patience {
  readonly connectMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
  readonly attempts: number;
}

const PATIENCE: S3Patience = { connectMs: 5_000, idleMs: 30_000, attempts: 4 };
/** Each reader of a video holds one for as long as it reads. */
const MAX_SOCKETS = 512;
const say = (): void => {};
/** The SDK's advice on sockets goes to the console otherwise. */
const SILENT = { debug: say, info: say, warn: say, error: say };

export function createS3Client({ endpoint, region, pathStyle }: S3Settings, patience = PATIENCE): S3Client {
  return new S3Client({
    ...(endpoint === null ? {} : { endpoint }),
    region,
    forcePathStyle: pathStyle,
    maxAttempts: patience.attempts,
    // Checksums that follow a body are not known everywhere, and where they are not they become a part of the file.
    // What is sent is signed with its hash in any case.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    logger: SILENT,
    requestHandler: {
      connectionTimeout: patience.connectMs,
      socketTimeout: patience.idleMs,
      httpAgent: { maxSockets: MAX_SOCKETS },
      httpsAgent: { maxSockets: MAX_SOCKETS },
      logger: SILENT,
    },
  });
}
