import { z } from "zod";
import type { Answer } from "../../outbound/Outbound.ts";
import type { ClassifiedError } from "../Provider.ts";
import type { FalStatus } from "./falAnswers.ts";

/**
 * What fal says of a request that went wrong. It has two forms: errors of the model, typed, in a list under `detail`; and
 * errors of the machinery around it, with one `error_type`. `X-Fal-Retryable` says whether the same may go better.
 * From "Model Errors" and "Request Error Types" in fal's documentation, 2026-11.
 */
export interface FalFailure {
  readonly httpStatus: number;
  readonly errors: readonly ModelError[];
  readonly errorType: string | null;
  readonly retryable: boolean | null;
}

type ModelError = z.infer<typeof modelError>;

const modelError = z.object({
  type: z.string().min(1),
  loc: z.array(z.union([z.string(), z.number()])).catch([]),
  msg: z.string().catch(""),
});
/** Some models answer with the list alone. */
const modelErrors = z.union([z.object({ detail: z.array(modelError).min(1) }), z.array(modelError).min(1)]);
const requestError = z.object({ error_type: z.string().min(1) });
const anyDetail = z.object({ detail: z.unknown() });

export function readFailure({ status, headers, body }: Answer): FalFailure {
  const errors = modelErrors.safeParse(body).data ?? [];
  const retryable = headers["x-fal-retryable"]?.trim().toLowerCase();
  return {
    httpStatus: status,
    errors: "detail" in errors ? errors.detail : errors,
    errorType: requestError.safeParse(body).data?.error_type ?? headers["x-fal-error-type"] ?? null,
    retryable: retryable === "true" || retryable === "false" ? retryable === "true" : null,
  };
}

/** Answers about whoever asks, not about what was asked for. */
const ABOUT_THE_ASKER: ReadonlySet<number> = new Set([401, 403, 404, 408, 425, 429]);

/**
 * The failure of the request itself, where its result was refused; null where only the read of it went wrong, which is no
 * news (P3). fal passes the model's HTTP status on, so a 503 may be either: it counts as the request's own end when the body
 * is the model's, or when the status that was read before says that it failed.
 */
export function ownFailure(answer: Answer, told: FalStatus): FalFailure | null {
  if (ABOUT_THE_ASKER.has(answer.status)) return null;
  const failure = readFailure(answer);
  if (failure.errors.length > 0 || answer.status === 422) return failure;
  if (failure.errorType !== null && (told.failed || (answer.status >= 400 && answer.status < 500))) return failure;
  if (!told.failed) return null;
  return anyDetail.safeParse(answer.body).data?.detail === undefined ? null : failure;
}

/** Types that say nothing against what was asked for. */
const PASSING: ReadonlySet<string> = new Set([
  "internal_server_error",
  "generation_timeout",
  "downstream_service_error",
  "downstream_service_unavailable",
]);

/**
 * `begun`: fal had taken it on. "Server errors (HTTP 500+) are never charged", what else goes wrong "may still be charged if a runner
 * spent GPU time" (its FAQ, 2026-11), and so is not made again by itself, whatever `X-Fal-Retryable` says.
 */
export function classifyFailure(failure: FalFailure, { begun }: { readonly begun: boolean }): ClassifiedError {
  const { httpStatus, errors, errorType, retryable } = failure;
  const detail = [httpStatus, errorType, ...errors.map(({ type, loc }) => `${type} at ${loc.join(".")}`)]
    .filter((part) => part !== null)
    .join(", ");
  if (errors.some(({ type }) => type === "content_policy_violation"))
    return {
      code: "content_policy_input",
      message: "fal's rules do not allow this prompt or picture.",
      detail,
      retryable: false,
    };
  const against = errors.find(({ type }) => !PASSING.has(type));
  if (against !== undefined)
    return { code: "invalid_input", message: wordsOf(against), detail, retryable: retryable ?? false };
  if (errors.length === 0 && (errorType === "bad_request" || (errorType === null && httpStatus < 500)))
    return { code: "invalid_input", message: NOT_ACCEPTED, detail, retryable: retryable ?? false };
  const isFree = !begun || httpStatus >= 500;
  return {
    code: "provider_unavailable",
    message: isFree ? BROKEN : `${BROKEN} It may have been charged for.`,
    detail,
    retryable: isFree && (retryable ?? true),
  };
}

const BROKEN = "Something went wrong at fal while this was made.";

const NOT_ACCEPTED = "The model does not accept this request.";

/** fal's own words, which are meant for people. The input that it may repeat beside them is left out. */
function wordsOf({ msg, loc }: ModelError): string {
  const words = msg.replace(/\s+/g, " ").trim();
  const field = loc.at(-1);
  if (words === "") return NOT_ACCEPTED;
  return field === undefined || field === "body" ? words : `${words} (${field})`;
}
