import type { ClassifiedError } from "../Provider.ts";

/** What went wrong with a provider beyond a refused or broken call: classified by whoever saw it. */
export class ProviderFlaw extends Error {
  override readonly name = "ProviderFlaw";
  readonly classified: ClassifiedError;

  constructor(classified: ClassifiedError, options: { readonly cause?: unknown } = {}) {
    super(classified.message, options);
    this.classified = classified;
  }
}
