/** Our own storage could not keep or give bytes: a full disk, a refused write, a file that changed underneath. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  /** What people can do something about, or `broken`. */
  readonly reason: "full" | "too_large" | "broken";

  constructor(reason: StorageError["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
