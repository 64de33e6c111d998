import { z } from "zod";
import { classifyOutbound } from "../../outbound/classifyOutbound.ts";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { classifyFailure, readFailure } from "./falFailure.ts";
import type { ClassifiedError } from "../Provider.ts";

/** nginx's status for a caller who went away: what was sent may have been taken on. */
const CALLER_GONE = 499;

/**
 * What a call that was not answered with a 2xx means. fal's queue takes a request on or says no to it with a 4xx (P2); it has no
 * lookup by a reference of ours and no idempotency key, so of any other answer nobody can know.
 */
export function classifyFalError(error: unknown): ClassifiedError {
  if (error instanceof ProviderFlaw) return error.classified;
  const general = classifyOutbound(error);
  if (!(error instanceof RefusedAnswer)) return general;
  const { status } = error;
  if (status === 401 || status === 403) return { ...general, ...lockedAccount(error) };
  const failure = readFailure(error);
  if (status === CALLER_GONE)
    return { code: "provider_unavailable", message: error.message, detail: error.message, retryable: true };
  if (failure.errors.length > 0 && status !== 429)
    return { ...classifyFailure(failure, { begun: status >= 500 }), ...(status < 500 ? { notAccepted: true } : {}) };
  return failure.retryable === null ? general : { ...general, retryable: failure.retryable };
}

const refused = z.object({ detail: z.string() });

/** fal answers 403 for an account that it has locked; only its words tell an empty one from a key that is wrong. */
function lockedAccount({ body }: RefusedAnswer): Partial<ClassifiedError> {
  const words = refused.safeParse(body).data?.detail ?? "";
  if (/exhausted balance|top[ _-]?up/i.test(words))
    return { code: "provider_quota", message: "The balance of the fal account is used up." };
  return /\blocked\b/i.test(words) ? { message: "fal has locked this account." } : {};
}
