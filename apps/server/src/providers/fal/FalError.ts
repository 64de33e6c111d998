import type { ClassifiedError } from "../Provider.ts";

/** Something of fal's that is already put into our words. */
export class FalError extends Error {
  override readonly name = "FalError";
  readonly classified: ClassifiedError;

  constructor(classified: ClassifiedError, options: { readonly cause?: unknown } = {}) {
    super(classified.message, options);
    this.classified = classified;
  }
}
