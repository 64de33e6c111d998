import { durationMs } from "@reelstate/lifecycle";
import { classifyOutbound } from "../../outbound/classifyOutbound.ts";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { meaningsOf } from "../hosted/meaningsOf.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { parseOpenaiError } from "./openaiError.ts";
import type { DurationMs } from "@reelstate/lifecycle";
import type { Meaning } from "../hosted/meaningsOf.ts";
import type { ClassifiedError } from "../Provider.ts";
import type { OpenaiError } from "./openaiError.ts";

export const SERVICE = meaningsOf("the service");

/**
 * OpenAI's words: those of "Error codes" (2026-11), and `billing_…` and the refusals by its rules as they are met with. What has to
 * do with money comes with 429 too, and no waiting helps.
 */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  invalid_api_key: SERVICE.key,
  insufficient_quota: SERVICE.quota,
  credit_balance_exhausted: SERVICE.quota,
  organization_spend_limit_exceeded: SERVICE.quota,
  project_spend_limit_exceeded: SERVICE.quota,
  organization_usage_limit_exceeded: SERVICE.quota,
  billing_hard_limit_reached: SERVICE.quota,
  billing_not_active: SERVICE.quota,
  rate_limit_exceeded: SERVICE.busy,
  slow_down: SERVICE.busy,
  model_not_found: SERVICE.noModel,
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

/**
 * What an error means that a video ended with. Gateways take these words from whoever is behind them, and none promises that what
 * failed was free: nothing is bought again by itself.
 */
export function classifyOpenaiEnd(said: OpenaiError): ClassifiedError {
  const refused = said.code.startsWith("invalid_") || said.type === "invalid_request_error";
  const meaning = meaningOf(said, "output") ?? (refused ? SERVICE.notAccepted : SERVICE.paid);
  return { ...(meaning.retryable ? SERVICE.paid : meaning), detail: detailOf(said) };
}

/** Whether it is a refusal by the rules. */
export function isBlock({ code }: Pick<OpenaiError, "code">): boolean {
  return BLOCKS.has(code);
}

function meaningOf(said: OpenaiError, usual: "input" | "output"): Meaning | null {
  if (isBlock(said)) return SERVICE[said.stage ?? usual];
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
