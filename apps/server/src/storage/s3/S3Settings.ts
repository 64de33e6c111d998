/** Which bucket, where, and how to ask for it. Credentials are not among them: the SDK finds them as it always does. */
export interface S3Settings {
  readonly bucket: string;
  /** What every key begins with: empty, or ending in a slash. */
  readonly prefix: string;
  /** Null: Amazon S3. */
  readonly endpoint: string | null;
  readonly region: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
  /** Whether browsers read the bucket themselves, with addresses that are good for a while. */
  readonly signedReads: boolean;
  /** Where browsers reach it, if not at the endpoint. */
  readonly publicEndpoint: string | null;
}
