import { buffer } from "node:stream/consumers";
import { durationMs } from "@reelstate/lifecycle";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { failureOf } from "../../testing/failureOf.ts";
import { openGoogleAgainst } from "../../testing/protocols/google/openGoogleAgainst.ts";
import { GOOGLE_TEST_KEY } from "../../testing/protocols/google/openGoogleServer.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { referenceIn } from "../../testing/referenceIn.ts";
import { replyContract } from "../../testing/replyContract.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import { simulatedOutput } from "../simulator/simulatedOutput.ts";
import {
  GOOGLE_PICTURE as PICTURE,
  GOOGLE_VIDEO as VIDEO,
  googleError as error,
} from "../../testing/protocols/google/googleRequests.ts";
import type { VideoPlan } from "../../testing/protocols/google/openGoogleServer.ts";
import type { ClassifiedError, Provider } from "../Provider.ts";

const { signal } = new AbortController();
/** Google's own address, as the adapter believes it. */
const OWN_HOME = "https://generativelanguage.googleapis.com/v1beta";

providerContract("Google (picture)", async () => ({
  ...(await openGoogleAgainst()),
  quick: (clientRef) => ({ ...PICTURE, clientRef }),
}));

providerContract("Google (video)", async () => ({
  ...(await openGoogleAgainst({ plan: (body) => (JSON.stringify(body).includes("slow") ? { stays: "queued" } : {}) })),
  quick: (clientRef) => ({ ...VIDEO, clientRef }),
  slow: (clientRef) => ({ ...VIDEO, clientRef, prompt: "slow" }),
}));

const DOWN = error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.");

replyContract<VideoPlan>("Google", {
  open: openGoogleAgainst,
  key: GOOGLE_TEST_KEY,
  picture: PICTURE,
  video: VIDEO,
  pictures: [{}],
  expired: { file: "EXPIRED" },
  download: "download",
  unsure: {
    picture: [
      ["comes from a gateway with JSON", { answer: { status: 500, body: { error: { message: "upstream gone" } } } }],
      ["comes from a gateway in Google's own words", { answer: DOWN }],
      ["comes too late for Google itself", { answer: error(504, "DEADLINE_EXCEEDED", "Deadline expired.") }],
    ],
    video: [
      ["is that it is overloaded", { answer: { status: 503, body: { error: { code: "service_unavailable" } } } }],
      ["is that something went wrong", { answer: { status: 500, body: { error: { code: "api_error" } } } }],
    ],
  },
  busy: error(429, "RESOURCE_EXHAUSTED", "Slow down.", [retryInfo("12s")]),
});

/** What a call that must fail is taken for. */
function failure(provider: Provider, call: Promise<unknown>): Promise<ClassifiedError> {
  return failureOf(provider, call, GOOGLE_TEST_KEY);
}

describe("a picture from Google, in its own words", () => {
  it("is asked for in the documented shape, with the key in a header and in no address", async () => {
    await using at = await openGoogleAgainst();
    await at.provider.submit({ ...PICTURE, inputPaths: [await referenceIn(at.folder)] }, signal);
    expect(at.server.bodies).toMatchObject([
      {
        contents: [{ role: "user", parts: [{ inlineData: { mimeType: "image/png" } }, { text: "fog" }] }],
        generationConfig: { responseModalities: ["IMAGE"], imageConfig: { aspectRatio: "16:9", imageSize: "1K" } },
      },
    ]);
    const [call] = at.server.calls;
    expect(call?.path).toBe("/v1beta/models/gemini-nano-banana-2.1:generateContent");
    expect(call?.headers).toMatchObject({ "x-goog-api-key": GOOGLE_TEST_KEY });
  });

  it("is the one that came last, and not what was drawn while thinking", async () => {
    await using at = await openGoogleAgainst();
    const bytes = async (model: string) => {
      const request = { ...PICTURE, model };
      const { providerRef } = await at.provider.submit(request, signal);
      return buffer((await at.provider.fetchOutput(submissionOf(request, providerRef), signal)).body);
    };
    const hue = async (file: Buffer) => (await sharp(file).stats()).dominant;
    // The server draws the n-th picture in another colour than the attempt that it shows before it.
    const [flash, pro] = [await bytes("google/nano-banana-2.1"), await bytes("google/nano-banana-pro")];
    expect(await hue(pro)).not.toEqual(await hue(flash));
    expect((await sharp(pro).stats()).dominant).toEqual((await sharp(await drawn(2 * 97)).stats()).dominant);
  });

  it.each([error(500, "INTERNAL", "An internal error has occurred."), DOWN])(
    "[P2] that Google itself says it failed to draw was neither made nor billed",
    async (answer) => {
      await using at = await openGoogleAgainst({ home: OWN_HOME });
      at.server.fault({ step: "generate", answer });
      expect(await failure(at.provider, at.provider.submit(PICTURE, signal))).toMatchObject({
        code: "provider_unavailable",
        retryable: true,
        notAccepted: true,
      });
      expect(at.server.calls).toHaveLength(1);
    },
  );

  it.each([
    error(504, "DEADLINE_EXCEEDED", "Deadline expired."),
    { status: 500, body: { error: { message: "upstream gone" } } },
    { status: 502, body: "<html>Bad Gateway</html>" },
  ])(
    "[P2] that Google itself did not say it failed to draw may have been made, at its own address too (%#)",
    async (answer) => {
      await using at = await openGoogleAgainst({ home: OWN_HOME });
      at.server.fault({ step: "generate", answer });
      const classified = await failure(at.provider, at.provider.submit(PICTURE, signal));
      expect(classified).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(classified.notAccepted).toBeUndefined();
    },
  );

  it.each<[string, ClassifiedError["code"], object]>([
    ["the rules, for the prompt", "content_policy_input", { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }],
    [
      "the rules, for other reasons",
      "content_policy_input",
      { promptFeedback: { blockReason: "OTHER" }, candidates: [] },
    ],
    ["the rules, for the picture", "content_policy_output", ended("IMAGE_SAFETY")],
    ["the rules, for what is in it", "content_policy_output", ended("IMAGE_PROHIBITED_CONTENT")],
    ["the rules, by an older word", "content_policy_output", ended("PROHIBITED_CONTENT")],
    ["words instead", "invalid_input", ended("STOP", [{ text: "I would rather talk." }])],
    ["nothing drawn", "invalid_input", ended("NO_IMAGE")],
    ["something that is no picture", "provider_unavailable", ended("STOP", [{ inlineData: { data: "anVuaw==" } }])],
    ["a reason that is new", "provider_unavailable", ended("BORED")],
  ])("[P1] that is refused (%s) is an accepted request that failed, also after a restart", async (_why, code, body) => {
    await using at = await openGoogleAgainst();
    at.server.fault({ step: "generate", answer: { status: 200, body: { responseId: "r-1", ...body } } });
    const { providerRef } = await at.provider.submit(PICTURE, signal);
    expect(providerRef).toContain(":r-1:");
    const status = await at.provider.status(submissionOf(PICTURE, providerRef), signal);
    expect(status).toMatchObject({ state: "failed", error: { code, retryable: false } });
    expect(at.server.calls).toHaveLength(1);
  });

  it("that is refused is refused in Google's words, which are of use to whoever writes to them", async () => {
    await using at = await openGoogleAgainst();
    const words = "The model output could not be generated. Support code: 42876398: see help.";
    const candidates = [{ content: { role: "model" }, finishReason: "IMAGE_SAFETY", finishMessage: words }];
    at.server.fault({ step: "generate", answer: { status: 200, body: { candidates } } });
    const { providerRef } = await at.provider.submit(PICTURE, signal);
    const status = await at.provider.status(submissionOf(PICTURE, providerRef), signal);
    expect(status).toMatchObject({ error: { detail: `IMAGE_SAFETY: ${words}` } });
  });

  it("[P1] that is refused at length leaves a reference of bounded length", async () => {
    await using at = await openGoogleAgainst();
    const long = "x".repeat(100_000);
    const body = { responseId: long, promptFeedback: { blockReason: `SAFETY:${long}`, blockReasonMessage: long } };
    at.server.fault({ step: "generate", answer: { status: 200, body } });
    const { providerRef } = await at.provider.submit(PICTURE, signal);
    expect(providerRef.length).toBeLessThan(1_000);
    const status = await at.provider.status(submissionOf(PICTURE, providerRef), signal);
    expect(status).toMatchObject({ state: "failed", error: { code: "content_policy_input", retryable: false } });
  });
});

describe("an answer of Google that refuses", () => {
  const spent = "Your project has exceeded its monthly spending cap.";
  const exhausted = (...details: readonly unknown[]) =>
    error(429, "RESOURCE_EXHAUSTED", "You exceeded your quota.", details);

  it.each<[string, ReturnType<typeof error>, Partial<ClassifiedError>]>([
    ["a minute's quota", exhausted(quotaFailure("RequestsPerMinutePerModel"), retryInfo("26s")), wait(26_000)],
    ["no word of when", exhausted(), { code: "rate_limited", retryable: true }],
    ["a day's quota", exhausted(quotaFailure("RequestsPerDayPerModel-FreeTier"), retryInfo("9s")), used()],
    ["a quota of none", error(429, "RESOURCE_EXHAUSTED", "Quota exceeded, limit: 0, model: m"), used()],
    ["a spending limit", error(429, "RESOURCE_EXHAUSTED", spent), used()],
    ["an empty purse", error(402, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."), used()],
    ["no billing", error(400, "FAILED_PRECONDITION", "Please enable billing."), used()],
    ["a parameter", error(400, "INVALID_ARGUMENT", "Invalid value."), { code: "invalid_input", retryable: false }],
    ["a model that is gone", error(404, "NOT_FOUND", "models/x is not found."), { code: "invalid_input" }],
    ["a key without rights", error(403, "PERMISSION_DENIED", "Denied."), { code: "provider_auth", retryable: false }],
    ["no key", error(401, "UNAUTHENTICATED", "Missing credentials."), { code: "provider_auth", retryable: false }],
  ])("[P2] [J5] (%s) accepted nothing, and says what would help", async (_why, answer, means) => {
    await using at = await openGoogleAgainst();
    at.server.fault({ step: "generate", answer });
    const classified = await failure(at.provider, at.provider.submit(PICTURE, signal));
    expect(classified).toMatchObject({ notAccepted: true, ...means });
    expect(classified.retryAfterMs).toBe(means.retryAfterMs);
  });

  it("[J5] asks for a wait by the header where it does not by its details", async () => {
    await using at = await openGoogleAgainst();
    at.server.fault({ step: "generate", answer: { ...exhausted(), headers: { "retry-after": "7" } } });
    expect(await failure(at.provider, at.provider.submit(PICTURE, signal))).toMatchObject(wait(7_000));
  });

  it.each<[string, number, Partial<ClassifiedError>]>([
    ["safety", 400, { code: "content_policy_input", retryable: false }],
    ["content_blocked", 400, { code: "content_policy_input", retryable: false }],
    ["quota_exceeded", 429, { code: "provider_quota", retryable: false }],
    ["rate_limit_exceeded", 429, { code: "rate_limited", retryable: true }],
    ["parameter_unknown", 400, { code: "invalid_input", retryable: false }],
    ["model_not_found", 404, { code: "invalid_input", retryable: false }],
    ["payment_required", 402, { code: "provider_quota", retryable: false }],
  ])("[P2] of a video (%s) accepted nothing", async (code, status, means) => {
    await using at = await openGoogleAgainst();
    at.server.fault({ step: "create", answer: { status, body: { error: { code, message: "No." } } } });
    expect(await failure(at.provider, at.provider.submit(VIDEO, signal))).toMatchObject({
      notAccepted: true,
      ...means,
    });
  });

  it("is about the key, of a picture and of a video, when that is not good", async () => {
    await using at = await openGoogleAgainst({ key: "wrong" });
    for (const request of [PICTURE, VIDEO])
      expect(await failure(at.provider, at.provider.submit(request, signal))).toMatchObject({
        code: "provider_auth",
        retryable: false,
        notAccepted: true,
      });
  });

  it("does not tell anyone the key that Google repeats in it", async () => {
    await using at = await openGoogleAgainst();
    const words = `Permission denied: Consumer 'api_key:${GOOGLE_TEST_KEY}' has been suspended.`;
    at.server.fault({ step: "generate", answer: error(403, "PERMISSION_DENIED", words) });
    at.server.fault({
      step: "poll",
      answer: { status: 200, body: { id: "v1_1", status: "failed", errors: [{ code: "api_error", message: words }] } },
    });
    const refused = await at.provider
      .submit(PICTURE, signal)
      .catch((thrown: unknown) => at.provider.classifyError(thrown));
    const failed = await at.provider.status(submissionOf(VIDEO, "v1_1"), signal);
    for (const told of [refused, failed]) {
      expect(JSON.stringify(told)).not.toContain(GOOGLE_TEST_KEY);
      expect(JSON.stringify(told)).toContain("has been suspended");
    }
  });
});

function ended(finishReason: string, parts: readonly object[] = []): object {
  return { candidates: [{ content: { role: "model", parts }, finishReason }] };
}

function wait(ms: number): Partial<ClassifiedError> {
  return { code: "rate_limited", retryable: true, retryAfterMs: durationMs(ms) };
}

function used(): Partial<ClassifiedError> {
  return { code: "provider_quota", retryable: false };
}

function retryInfo(retryDelay: string): object {
  return { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay };
}

function quotaFailure(quotaId: string): object {
  return {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    violations: [{ quotaMetric: "generativelanguage.googleapis.com/generate_requests", quotaId }],
  };
}

function drawn(seed: number): Promise<Buffer> {
  return simulatedOutput({ ...PICTURE, params: { aspectRatio: "16:9", seed } }, 256);
}
