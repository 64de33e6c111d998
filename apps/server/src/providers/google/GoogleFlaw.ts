import type { ClassifiedError } from "../Provider.ts";

/** What went wrong with Google beyond a refused or broken call: classified by whoever saw it. */
export class GoogleFlaw extends Error {
  override readonly name = "GoogleFlaw";
  readonly classified: ClassifiedError;

  constructor(classified: ClassifiedError, options: { readonly cause?: unknown } = {}) {
    super(classified.message, options);
    this.classified = classified;
  }
}
