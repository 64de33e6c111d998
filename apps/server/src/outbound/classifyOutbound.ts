import { OutboundError } from "./OutboundError.ts";
import { RefusedAnswer } from "./RefusedAnswer.ts";
import type { ClassifiedError } from "../providers/Provider.ts";

/**
 * What an error of `Outbound` means where a provider has no words of its own for it. A status of the 4xx says that nothing was
 * accepted; one of the 5xx, a broken connection and a late answer leave that open (P2). Bodies are not repeated to people:
 * what of them is safe and useful, the provider's own adapter says.
 */
export function classifyOutbound(error: unknown): ClassifiedError {
  if (error instanceof RefusedAnswer) return classifyStatus(error);
  if (error instanceof OutboundError) {
    const { why, neverSent, message } = error;
    return {
      code: "provider_unavailable",
      message,
      detail: detailOf(error),
      retryable: why !== "too_large" && why !== "refused_address",
      ...(neverSent ? { notAccepted: true } : {}),
    };
  }
  if (error instanceof DOMException)
    return { code: "provider_unavailable", message: "The provider did not answer in time.", retryable: true };
  return { code: "internal", message: "Something went wrong in the studio.", detail: String(error), retryable: true };
}

/** Whoever says so may have passed the request on, or have it already: a time-out, a conflict, a caller given up on. */
const LEFT_OPEN: ReadonlySet<number> = new Set([408, 409, 425, 499]);

function classifyStatus({ status, message, retryAfterMs }: RefusedAnswer): ClassifiedError {
  const wait = retryAfterMs === null ? {} : { retryAfterMs };
  if (status === 401 || status === 403)
    return {
      code: "provider_auth",
      message: "The provider refused the key.",
      detail: message,
      retryable: false,
      notAccepted: true,
    };
  if (status === 402)
    return {
      code: "provider_quota",
      message: "The provider's account is used up.",
      detail: message,
      retryable: false,
      notAccepted: true,
    };
  if (status === 429)
    return {
      code: "rate_limited",
      message: "The provider asks to be asked less often.",
      detail: message,
      retryable: true,
      notAccepted: true,
      ...wait,
    };
  if (LEFT_OPEN.has(status) || status >= 500 || status < 400)
    return { code: "provider_unavailable", message, detail: message, retryable: true, ...wait };
  return {
    code: "invalid_input",
    message: "The provider does not accept this request.",
    detail: message,
    retryable: false,
    notAccepted: true,
  };
}

/** The error with what is behind it, which names a host at most. */
function detailOf(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
  return `${error.message} (${code})`;
}
