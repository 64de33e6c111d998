/** The bucket cannot be used as it is; the message says what to change. */
export class BucketUnusable extends Error {
  override readonly name = "BucketUnusable";
}
