import type { ClassifiedError } from "../Provider.ts";

/** What went wrong with the service beyond a refused or broken call: classified by whoever saw it. */
export class OpenaiFlaw extends Error {
  override readonly name = "OpenaiFlaw";
  readonly classified: ClassifiedError;

  constructor(classified: ClassifiedError, options: { readonly cause?: unknown } = {}) {
    super(classified.message, options);
    this.classified = classified;
  }
}
