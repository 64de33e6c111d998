import { classifyOutbound } from "../../outbound/classifyOutbound.ts";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { parseGoogleError } from "./googleError.ts";
import type { ClassifiedError } from "../Provider.ts";
import type { GoogleError } from "./googleError.ts";

type Meaning = Pick<ClassifiedError, "code" | "message" | "retryable">;

const NOT_ACCEPTED: Meaning = {
  code: "invalid_input",
  message: "Google does not accept this request.",
  retryable: false,
};
const NO_MODEL: Meaning = { code: "invalid_input", message: "Google does not offer this model.", retryable: false };
const KEY: Meaning = { code: "provider_auth", message: "Google refused the key.", retryable: false };
const BILLING: Meaning = {
  code: "provider_quota",
  message: "Google asks for billing to be set up, or for more credit.",
  retryable: false,
};
const QUOTA: Meaning = {
  code: "provider_quota",
  message: "The day's quota, or the spending limit, at Google is used up.",
  retryable: false,
};
const BUSY: Meaning = { code: "rate_limited", message: "Google asks to be asked less often.", retryable: true };
const DOWN: Meaning = { code: "provider_unavailable", message: "Google had a problem.", retryable: true };

/** The codes of "Interactions API error codes", and those of `google.rpc.Code` that `generateContent` answers with. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  invalid_request: NOT_ACCEPTED,
  invalid_argument: NOT_ACCEPTED,
  parameter_unknown: NOT_ACCEPTED,
  out_of_range: NOT_ACCEPTED,
  unimplemented: NOT_ACCEPTED,
  language: NOT_ACCEPTED,
  not_found: NO_MODEL,
  model_not_found: NO_MODEL,
  authentication: KEY,
  unauthenticated: KEY,
  permission_denied: KEY,
  failed_precondition: BILLING,
  payment_required: BILLING,
  quota_exceeded: QUOTA,
  rate_limit_exceeded: BUSY,
  too_many_requests: BUSY,
  resource_exhausted: BUSY,
  aborted: DOWN,
  cancelled: DOWN,
  api_error: DOWN,
  internal: DOWN,
  service_unavailable: DOWN,
  unavailable: DOWN,
  deadline_exceeded: DOWN,
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

/** What an error means that a request ended with. */
export function classifyGoogleEnd(said: GoogleError): ClassifiedError {
  const meaning = meaningOf(said, 200, "output") ?? DOWN;
  return { ...meaning, detail: detailOf(said) };
}

function meaningOf({ code, message, reason, quotas }: GoogleError, status: number, side: "input" | "output") {
  if (isBlock(code)) return policy(side);
  // A wrong key is answered with 400, an empty purse with 402 or 429.
  if (reason.startsWith("API_KEY") || /\bAPI key (?:not valid|not found|expired)/i.test(message)) return KEY;
  const meaning = MEANINGS[code] ?? null;
  if (meaning === BUSY && status === 402) return BILLING;
  if (meaning === BUSY && (quotas.some((id) => id.includes("PerDay")) || IS_SPENT.test(message))) return QUOTA;
  return meaning;
}

/** Words beside a bare RESOURCE_EXHAUSTED that say that waiting a minute will not help. */
const IS_SPENT = /\blimit: 0\b|spend(?:ing)?[ -](?:cap|limit)|prepay|depleted/i;

export function policy(side: "input" | "output"): Meaning {
  return side === "input"
    ? { code: "content_policy_input", message: "Google's rules do not allow this request.", retryable: false }
    : { code: "content_policy_output", message: "Google's rules do not allow what was made.", retryable: false };
}

function detailOf({ code, message }: GoogleError): string {
  return `${code}: ${message}`;
}
