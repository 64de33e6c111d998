import { TRPCError } from "@trpc/server";
import { ERROR_TABLE } from "../errorTable.ts";
import type { Outcome } from "../ports.ts";
import type { Refusal } from "../refusal.ts";

/** A refusal on its way to the client; the formatter puts its facts into `error.data`. */
export class RefusalError extends TRPCError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super({ code: ERROR_TABLE[refusal.why], message: refusal.message });
    this.name = "RefusalError";
    this.refusal = refusal;
  }
}

/** The value of an outcome, or its refusal as an error. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new RefusalError(outcome);
}
