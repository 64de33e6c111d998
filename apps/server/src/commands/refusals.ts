import { StudioAway } from "@reelstate/api";
import { StoreUnavailable } from "@reelstate/db";
import type { ApiRefusalReason, FileFlaw, Outcome, Refusal } from "@reelstate/api";
import type { StoreRefusal } from "@reelstate/db";

export function invalid(field: string, message: string): Refusal {
  return { ok: false, why: "invalid_input", field, message: `${field}: ${message}` };
}

/** A file that was not taken: `flaw` says it to programs, the message to people. */
export function refusedFile(flaw: FileFlaw, message: string): Refusal {
  return { ok: false, why: "invalid_input", field: "file", flaw, message };
}

export const NOT_FOUND: Refusal = {
  ok: false,
  why: "not_found",
  message: "There is no such asset. It may have been deleted.",
};

/** What a store's refusal is called outside, and what to say about it. */
const OUTSIDE = {
  illegal: { why: "not_allowed", message: "This cannot be done to the asset as it is now." },
  already_ended: { why: "already_ended", message: "It has ended already." },
  stale_attempt: { why: "not_allowed", message: "This cannot be done to the asset as it is now." },
  busy: { why: "busy", message: "It is being made already." },
  backwards: { why: "not_allowed", message: "This cannot be done to the asset as it is now." },
  not_due: { why: "not_allowed", message: "This cannot be done to the asset as it is now." },
  unsettled: { why: "busy", message: "It is being stopped already." },
  media_invalid: { why: "invalid_input", message: "The media is not whole." },
  insufficient_credits: { why: "insufficient_credits", message: "There are not enough credits." },
  budget_exceeded: { why: "budget_exceeded", message: "The budget does not allow it." },
  not_recoverable: { why: "not_recoverable", message: "There is nothing at the provider to recover." },
  deleted: { why: "not_found", message: NOT_FOUND.message },
  not_found: { why: "not_found", message: NOT_FOUND.message },
  idempotency_conflict: {
    why: "idempotency_conflict",
    message: "This idempotency key was used for another request. Use a new one.",
  },
  quote_changed: { why: "quote_changed", message: "The price has changed. Look at it again, then confirm." },
  input_not_found: { why: "invalid_input", message: "inputs: a reference is gone; it may have been deleted" },
  input_failed: { why: "invalid_input", message: "inputs: a reference was not made; choose another" },
} as const satisfies Record<StoreRefusal["why"], { readonly why: ApiRefusalReason; readonly message: string }>;

export function outside(refusal: StoreRefusal): Refusal {
  const { why, message } = OUTSIDE[refusal.why];
  const { short, budget, freeAt } = refusal;
  return {
    ok: false,
    why,
    message:
      budget !== undefined
        ? beyond(refusal)
        : short === undefined
          ? message
          : `There are not enough credits: ${short} more are needed.`,
    ...(why === "invalid_input" ? { field: "inputs" } : {}),
    ...(short === undefined ? {} : { short }),
    ...(budget === undefined ? {} : { budget }),
    ...(freeAt === undefined ? {} : { freeAt }),
    ...(refusal.asset === undefined ? {} : { asset: refusal.asset }),
  };
}

/** Which budget, by how much, and what helps: waiting, where that would (C5). */
function beyond({ budget, short, freeAt }: StoreRefusal): string {
  const helps = freeAt === null || freeAt === undefined ? "" : `wait until ${new Date(freeAt).toISOString()}, or `;
  return `This is ${short} credits beyond the budget of the ${budget}: ${helps}raise the budget in the settings.`;
}

/** What cannot be kept at the moment is refused in words: nothing of it was done, and asking again later is safe. */
export async function whereKept<T>(work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    // Of what is not known to have been undone it must not be said that nothing was done.
    if (error.reason === "unconfirmed") throw new StudioAway(error.message, { cause: error });
    return { ok: false, why: error.reason === "full" ? "disk_full" : "unavailable", message: error.message };
  }
}

/** What cannot be read at the moment is nobody's bug. */
export async function whereRead<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof StoreUnavailable ? new StudioAway(error.message, { cause: error }) : error;
  }
}
