/**
 * What people can do something about: make room (`full`), wait or look at the network (`unreachable`), mend the key or
 * its rights (`denied`), choose a smaller file (`too_large`). `missing`: there is no such file. Else `broken`.
 */
export type StorageFlaw = "full" | "too_large" | "missing" | "unreachable" | "denied" | "broken";

/** Our own storage could not keep or give bytes: a full disk, a refused write, a file that changed underneath. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly reason: StorageFlaw;

  constructor(reason: StorageFlaw, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
