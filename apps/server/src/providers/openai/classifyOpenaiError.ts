import { durationMs } from "@reelstate/lifecycle";
import { classifyOutbound } from "../../outbound/classifyOutbound.ts";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { parseOpenaiError } from "./openaiError.ts";
import type { DurationMs } from "@reelstate/lifecycle";
import type { ClassifiedError } from "../Provider.ts";
import type { OpenaiError } from "./openaiError.ts";

type Meaning = Pick<ClassifiedError, "code" | "message" | "retryable">;

const KEY: Meaning = { code: "provider_auth", message: "The service refused the key.", retryable: false };
const QUOTA: Meaning = {
  code: "provider_quota",
  message: "The account's credit or spending limit at the service is used up.",
  retryable: false,
};
const BUSY: Meaning = { code: "rate_limited", message: "The service asks to be asked less often.", retryable: true };
const NO_MODEL: Meaning = {
  code: "invalid_input",
  message: "The service does not offer this model.",
  retryable: false,
};
const NOT_ACCEPTED: Meaning = {
  code: "invalid_input",
  message: "The service does not accept this request.",
  retryable: false,
};
const DOWN: Meaning = { code: "provider_unavailable", message: "The service had a problem.", retryable: true };

/**
 * OpenAI's words: those of "Error codes" (2026-11), and `billing_…` and the refusals by its rules as they are met with. What has to
 * do with money comes with 429 too, and no waiting helps.
 */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  invalid_api_key: KEY,
  insufficient_quota: QUOTA,
  credit_balance_exhausted: QUOTA,
  organization_spend_limit_exceeded: QUOTA,
  project_spend_limit_exceeded: QUOTA,
  organization_usage_limit_exceeded: QUOTA,
  billing_hard_limit_reached: QUOTA,
  billing_not_active: QUOTA,
  rate_limit_exceeded: BUSY,
  slow_down: BUSY,
  model_not_found: NO_MODEL,
};
const BLOCKS: ReadonlySet<string> = new Set(["moderation_blocked", "content_policy_violation"]);
const MOST_WAIT_MS = 24 * 3_600_000;

/** What a throw of `submit`, `status` or `fetchOutput` means. */
export function classifyOpenaiError(error: unknown): ClassifiedError {
  if (error instanceof ProviderFlaw) return error.classified;
  const classified = classifyOutbound(error);
  if (!(error instanceof RefusedAnswer)) return classified;
  const said = parseOpenaiError(error.body);
  const { retryAfterMs: _outbound, ...rest } = classified;
  const meant = {
    ...rest,
    ...(said === null ? null : meaningOf(said, "input")),
    ...(said === null ? null : { detail: detailOf(said) }),
  };
  const wait = waitOf(error);
  return meant.retryable && wait !== null ? { ...meant, retryAfterMs: wait } : meant;
}

/** What an error means that a video ended with: whatever is not known may go better the next time. */
export function classifyOpenaiEnd(said: OpenaiError): ClassifiedError {
  const refused = said.code.startsWith("invalid_") || said.type === "invalid_request_error";
  return { ...(meaningOf(said, "output") ?? (refused ? NOT_ACCEPTED : DOWN)), detail: detailOf(said) };
}

/** Whether it is a refusal by the rules. */
export function isBlock({ code }: Pick<OpenaiError, "code">): boolean {
  return BLOCKS.has(code);
}

export function policy(stage: "input" | "output"): Meaning {
  return stage === "input"
    ? { code: "content_policy_input", message: "The service's rules do not allow this request.", retryable: false }
    : { code: "content_policy_output", message: "The service's rules do not allow what was made.", retryable: false };
}

function meaningOf(said: OpenaiError, usual: "input" | "output"): Meaning | null {
  if (isBlock(said)) return policy(said.stage ?? usual);
  return MEANINGS[said.code] ?? MEANINGS[said.type] ?? null;
}

/** `retry-after-ms` is the finer of the two headers, and the official client's first choice. */
function waitOf({ headers, retryAfterMs }: RefusedAnswer): DurationMs | null {
  const fine = headers["retry-after-ms"];
  const ms = fine === undefined || fine.trim() === "" ? Number.NaN : Number(fine);
  return ms >= 0 ? durationMs(Math.round(Math.min(MOST_WAIT_MS, ms))) : retryAfterMs;
}

function detailOf({ code, type, message }: OpenaiError): string {
  return [code === "" ? type : code, message].filter((word) => word !== "").join(": ");
}
