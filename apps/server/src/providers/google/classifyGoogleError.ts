import { classifyOutbound } from "../../outbound/classifyOutbound.ts";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { meaningsOf } from "../hosted/meaningsOf.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { parseGoogleError } from "./googleError.ts";
import type { Meaning } from "../hosted/meaningsOf.ts";
import type { ClassifiedError } from "../Provider.ts";
import type { GoogleError } from "./googleError.ts";

export const GOOGLE = meaningsOf("Google");

const BILLING: Meaning = {
  code: "provider_quota",
  message: "Google asks for billing to be set up, or for more credit.",
  retryable: false,
};

/** The codes of "Interactions API error codes", and those of `google.rpc.Code` that `generateContent` answers with. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  invalid_request: GOOGLE.notAccepted,
  invalid_argument: GOOGLE.notAccepted,
  parameter_unknown: GOOGLE.notAccepted,
  out_of_range: GOOGLE.notAccepted,
  unimplemented: GOOGLE.notAccepted,
  language: GOOGLE.notAccepted,
  not_found: GOOGLE.noModel,
  model_not_found: GOOGLE.noModel,
  authentication: GOOGLE.key,
  unauthenticated: GOOGLE.key,
  permission_denied: GOOGLE.key,
  failed_precondition: BILLING,
  payment_required: BILLING,
  quota_exceeded: GOOGLE.quota,
  rate_limit_exceeded: GOOGLE.busy,
  too_many_requests: GOOGLE.busy,
  resource_exhausted: GOOGLE.busy,
  aborted: GOOGLE.down,
  cancelled: GOOGLE.down,
  api_error: GOOGLE.down,
  internal: GOOGLE.down,
  service_unavailable: GOOGLE.down,
  unavailable: GOOGLE.down,
  deadline_exceeded: GOOGLE.down,
};

/** What a policy is the cause of, in lower case ("Generation blocked codes", and what `generateContent` ends with). */
const BLOCKS: ReadonlySet<string> = new Set([
  "safety",
  "recitation",
  "prohibited_content",
  "spii",
  "blocklist",
  "image_safety",
  "image_prohibited_content",
  "image_recitation",
  "image_other",
  "content_blocked",
  "escalation",
]);
/** Answers of the 4xx after which a request may be alive all the same. */
const UNSURE: ReadonlySet<number> = new Set([408, 409, 425, 499]);

/** Whether Google's rules are what stopped it. */
export function isBlock(code: string): boolean {
  return BLOCKS.has(code.toLowerCase());
}

/** What an error of this provider means; P2: whether anything was accepted is left open by every answer but a refusal. */
export function classifyGoogleError(error: unknown): ClassifiedError {
  if (error instanceof ProviderFlaw) return error.classified;
  const classified = classifyOutbound(error);
  if (!(error instanceof RefusedAnswer)) return classified;
  const said = parseGoogleError(error.body);
  const meaning = said === null ? null : meaningOf(said, error.status, "input");
  if (said === null || meaning === null) return classified;
  const wait = said.retryAfterMs ?? error.retryAfterMs;
  return {
    ...meaning,
    detail: detailOf(said),
    ...(wait === null || !meaning.retryable ? {} : { retryAfterMs: wait }),
    ...(error.status >= 400 && error.status < 500 && !UNSURE.has(error.status) ? { notAccepted: true } : {}),
  };
}

/** The codes with which Google says that the fault is its own, as a 500 or a 503 does. */
const ITS_OWN: ReadonlySet<string> = new Set(["api_error", "internal", "service_unavailable", "unavailable"]);

/**
 * What an error means that a request ended with. "If your request fails with a 400 or 500 error, you won't be charged" (the Gemini
 * API's billing FAQ): said by Google of itself, so such a one may be made again; whatever else ended may have been charged for.
 */
export function classifyGoogleEnd(said: GoogleError, { own }: { readonly own: boolean }): ClassifiedError {
  const meaning = meaningOf(said, 200, "output") ?? GOOGLE.paid;
  const free = own && ITS_OWN.has(said.code);
  return { ...(meaning.retryable && !free ? GOOGLE.paid : meaning), detail: detailOf(said) };
}

function meaningOf({ code, message, reason, quotas }: GoogleError, status: number, side: "input" | "output") {
  if (isBlock(code)) return GOOGLE[side];
  // A wrong key is answered with 400, an empty purse with 402 or 429.
  if (reason.startsWith("API_KEY") || /\bAPI key (?:not valid|not found|expired)/i.test(message)) return GOOGLE.key;
  const meaning = MEANINGS[code] ?? null;
  if (meaning !== GOOGLE.busy) return meaning;
  if (status === 402) return BILLING;
  return quotas.some((id) => id.includes("PerDay")) || IS_SPENT.test(message) ? GOOGLE.quota : meaning;
}

/** Words beside a bare RESOURCE_EXHAUSTED that say that waiting a minute will not help. */
const IS_SPENT = /\blimit: 0\b|spend(?:ing)?[ -](?:cap|limit)|prepay|depleted/i;

function detailOf({ code, message }: GoogleError): string {
  return `${code}: ${message}`;
}
