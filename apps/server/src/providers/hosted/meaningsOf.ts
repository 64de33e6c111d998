import type { ClassifiedError } from "../Provider.ts";

export type Meaning = Pick<ClassifiedError, "code" | "message" | "retryable">;

/** What providers say in words of their own, in ours. `who`: as the provider is called within a sentence. */
export function meaningsOf(who: string) {
  const Who = `${who.slice(0, 1).toUpperCase()}${who.slice(1)}`;
  return {
    notAccepted: { code: "invalid_input", message: `${Who} does not accept this request.`, retryable: false },
    noModel: { code: "invalid_input", message: `${Who} does not offer this model.`, retryable: false },
    key: { code: "provider_auth", message: `${Who} refused the key.`, retryable: false },
    quota: {
      code: "provider_quota",
      message: `The quota, credit or spending limit at ${who} is used up.`,
      retryable: false,
    },
    busy: { code: "rate_limited", message: `${Who} asks to be asked less often.`, retryable: true },
    down: { code: "provider_unavailable", message: `${Who} had a problem.`, retryable: true },
    /** Ended by itself, and nobody knows that it was free: another one is a person's to buy. */
    paid: {
      code: "provider_unavailable",
      message: `${Who} could not make it. It was probably charged for.`,
      retryable: false,
    },
    unreadable: {
      code: "provider_unavailable",
      message: `${Who} gave an answer that cannot be read.`,
      retryable: true,
    },
    input: {
      code: "content_policy_input",
      message: `The rules of ${who} do not allow this request.`,
      retryable: false,
    },
    output: {
      code: "content_policy_output",
      message: `The rules of ${who} do not allow what was made.`,
      retryable: false,
    },
  } as const satisfies Readonly<Record<string, Meaning>>;
}

/** Of a model that a job was made for, and that the studio has no more. */
export const NOT_OFFERED: ClassifiedError = {
  code: "invalid_input",
  message: "This model is not offered any more.",
  retryable: false,
  notAccepted: true,
};
