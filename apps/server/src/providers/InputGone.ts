import { retryWait } from "../storage/retryWait.ts";
import type { ClassifiedError } from "./Provider.ts";

/** A reference picture of ours cannot be read, so that nothing that needs it can be asked of a provider. */
export class InputGone extends Error {
  override readonly name = "InputGone";

  constructor(options: { readonly cause: unknown }) {
    super("A reference picture could not be read from the studio's storage.", options);
  }

  get classified(): ClassifiedError {
    const detail = String(this.cause);
    return { code: "storage_failed", message: this.message, detail, retryable: true, ...retryWait(this.cause) };
  }
}
