/** Everything that is loaded where there is a bucket. */
export { openS3Storage, s3Storage } from "./openS3Storage.ts";
export { proveBucket, proveReadable } from "./proveBucket.ts";
