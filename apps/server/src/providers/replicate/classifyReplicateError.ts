import { durationMs } from "@reelstate/lifecycle";
import { z } from "zod";
import { classifyOutbound } from "../../outbound/classifyOutbound.ts";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { quoted } from "../hosted/quoted.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { isDeclined } from "./classifyFailure.ts";
import type { DurationMs } from "@reelstate/lifecycle";
import type { Secret } from "../../Secret.ts";
import type { ClassifiedError } from "../Provider.ts";

/** As Replicate answers what it refuses: `detail` says it best, `invalid_fields` (in a 422) says the same by field. */
const PROBLEM = z.object({ title: z.string().optional().catch(undefined), detail: z.string() });

/**
 * What an error of a call to Replicate means. Whatever 4xx answers a submit says that nothing was accepted, whatever else went
 * wrong leaves that open (P2), as `classifyOutbound` has it; here are the provider's own words for it.
 */
export function classifyReplicateError(error: unknown, key: Secret): ClassifiedError {
  if (error instanceof ProviderFlaw) return error.classified;
  const classified = classifyOutbound(error);
  if (!(error instanceof RefusedAnswer)) return classified;
  const problem = PROBLEM.safeParse(error.body);
  const words = problem.success ? quoted(problem.data.detail, key) : null;
  if (words === null) return classified;
  const told = { ...classified, detail: `${error.message} ${words}` };
  if (error.status === 429) return { ...told, ...waitOf(error, words) };
  if (error.status < 400 || error.status >= 500 || told.notAccepted !== true) return told;
  if (error.status === 402 || /spend limit|insufficient credit/i.test(words))
    return { ...told, code: "provider_quota", message: "The Replicate account is used up.", retryable: false };
  if (told.code !== "invalid_input") return told;
  return {
    ...told,
    code: isDeclined(words) ? "content_policy_input" : "invalid_input",
    message: `Replicate refused the request: ${words}`,
  };
}

/** "Your rate limit resets in ~30s.": said in words, and only sometimes in a header. */
function waitOf({ retryAfterMs }: RefusedAnswer, words: string): { readonly retryAfterMs?: DurationMs } {
  if (retryAfterMs !== null) return { retryAfterMs };
  const [, seconds] = /resets in ~?(\d{1,4})s\b/.exec(words) ?? [];
  return seconds === undefined ? {} : { retryAfterMs: durationMs(Number(seconds) * 1_000) };
}
