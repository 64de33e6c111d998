import type { ClassifiedError } from "../Provider.ts";

type Meaning = Pick<ClassifiedError, "code" | "retryable">;

const INPUT_DECLINED: Meaning = { code: "content_policy_input", retryable: false };
const OUTPUT_WITHHELD: Meaning = { code: "content_policy_output", retryable: false };

/**
 * What the words of a failed prediction mean: Replicate's own codes have four digits (its page "Error codes"), those of
 * official models three. Whatever is not known is taken for a passing trouble: official models are paid by what they made.
 */
const MEANINGS: readonly (readonly [RegExp, Meaning])[] = [
  // "NSFW content detected. Try running it again, or try a different prompt.": said by the checker of what was made.
  [/\bnsfw\b|output (?:image|video|audio)\b.*sensitive/i, OUTPUT_WITHHELD],
  // "The input or output was flagged as sensitive. Please try again with different inputs."
  [/\bE005\b|flagged|sensitive/i, INPUT_DECLINED],
  [/content polic|moderat|safety (?:system|filter|check)|prohibited|inappropriate/i, INPUT_DECLINED],
  [/\bE006\b|\bE1001\b|input was invalid|out of memory/i, { code: "invalid_input", retryable: false }],
  [/\bE003\b|high demand|rate limit/i, { code: "rate_limited", retryable: true }],
  [/timed? ?out/i, { code: "timeout", retryable: true }],
];

/** `words`: the `error` of a failed prediction, as it may be shown; null where it gave none. */
export function classifyFailure(words: string | null): ClassifiedError {
  if (words === null)
    return { code: "provider_unavailable", message: "Replicate failed and gave no reason.", retryable: true };
  const [, meaning] = MEANINGS.find(([pattern]) => pattern.test(words)) ?? [];
  return {
    ...(meaning ?? { code: "provider_unavailable", retryable: true }),
    message: `Replicate failed: ${words}`,
  };
}

/** Whether the words of a refused request speak of its content. */
export function isDeclined(words: string): boolean {
  return MEANINGS.some(([pattern, { code }]) => code.startsWith("content_policy") && pattern.test(words));
}
