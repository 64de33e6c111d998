import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { Secret } from "../../Secret.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import { withSafeWords } from "./withSafeWords.ts";
import type { ClassifiedError, Provider, ProviderStatus } from "../Provider.ts";

const KEY = "gateway-0123456789";
const { signal } = new AbortController();
const REQUEST = { clientRef: "1", model: "a/b", type: "image", prompt: "fog", params: {}, inputPaths: [] } as const;

/** Tells of what went wrong as it was told to. */
function saying(error: Partial<ClassifiedError>, told?: ProviderStatus): Provider {
  const classified: ClassifiedError = { code: "internal", message: "No.", retryable: false, ...error };
  const never = async (): Promise<never> => expect.fail("Nobody asks for this here.");
  const provider: Provider = {
    name: "acme",
    models: [],
    idempotentSubmit: false,
    pollMs: durationMs(1),
    submit: never,
    status: async () => told ?? { state: "failed", error: classified },
    fetchOutput: never,
    classifyError: () => classified,
    close: async () => {},
  };
  return withSafeWords(provider, new Secret(KEY));
}

async function said(error: Partial<ClassifiedError>): Promise<readonly ClassifiedError[]> {
  const provider = saying(error);
  const status = await provider.status(submissionOf(REQUEST, "1"), signal);
  return [provider.classifyError(new Error("?")), ...(status.state === "failed" ? [status.error] : [])];
}

it.each([
  ["whole", `Consumer api_key:${KEY} is suspended.`, "Consumer api_key:[secret] is suspended."],
  ["with its middle left out", "Incorrect key sk-proj****cdef given.", "Incorrect key [secret] given."],
  [
    "and a gateway's own",
    "Upstream refused AIzaSyD-0123456789 of r8_abcdefghij",
    "Upstream refused [secret] of [secret]",
  ],
])("a key that a provider repeats (%s) is in nothing that it is quoted with", async (_how, words, shown) => {
  const errors = await said({ message: words, detail: words });
  expect(errors.flatMap(({ message, detail }) => [message, detail])).toEqual([shown, shown, shown, shown]);
});

it("a key is hidden before words are cut: half of one is too much", async () => {
  for (const { message } of await said({ message: `${"x".repeat(292)} ${KEY}` })) {
    expect(message).not.toContain("gateway");
    expect(message.length).toBeLessThanOrEqual(301);
  }
});

it("words are one line, and where there are none that is said; the rest stays as it was", async () => {
  const [error] = await said({ code: "rate_limited", message: "\n", detail: " a\n b ", retryAfterMs: durationMs(5) });
  expect(error).toEqual({
    code: "rate_limited",
    message: "The provider does not say why.",
    detail: "a b",
    retryable: false,
    retryAfterMs: 5,
  });
});

it("[P5] a status that is not known is told without a key, too", async () => {
  const provider = saying({}, { state: "unknown", raw: `LOST_${KEY}` });
  expect(await provider.status(submissionOf(REQUEST, "1"), signal)).toEqual({ state: "unknown", raw: "LOST_[secret]" });
});
