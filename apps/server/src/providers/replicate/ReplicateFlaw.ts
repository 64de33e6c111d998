import type { ClassifiedError } from "../Provider.ts";

/** Something that went wrong beside the calls themselves, and what it means. */
export class ReplicateFlaw extends Error {
  override readonly name = "ReplicateFlaw";
  readonly classified: ClassifiedError;

  constructor(classified: ClassifiedError, options: { readonly cause?: unknown } = {}) {
    super(classified.message, options);
    this.classified = classified;
  }
}
