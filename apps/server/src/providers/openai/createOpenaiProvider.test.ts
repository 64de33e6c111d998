import { buffer } from "node:stream/consumers";
import { durationMs } from "@reelstate/lifecycle";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { failureOf } from "../../testing/failureOf.ts";
import {
  OPENAI_PICTURE as PICTURE,
  OPENAI_VIDEO as VIDEO,
  openaiError as error,
} from "../../testing/protocols/openai/openaiRequests.ts";
import { openOpenaiAgainst } from "../../testing/protocols/openai/openOpenaiAgainst.ts";
import { OPENAI_TEST_KEY } from "../../testing/protocols/openai/openOpenaiServer.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { referenceIn } from "../../testing/referenceIn.ts";
import { replyContract } from "../../testing/replyContract.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import type { OpenaiPlan } from "../../testing/protocols/openai/openOpenaiServer.ts";
import type { Fault } from "../../testing/protocols/openProtocolServer.ts";
import type { ClassifiedError, Provider, ProviderStatus } from "../Provider.ts";

const { signal } = new AbortController();

providerContract("OpenAI-style (picture)", async () => ({
  ...(await openOpenaiAgainst()),
  quick: (clientRef) => ({ ...PICTURE, clientRef }),
}));

providerContract("OpenAI-style (video)", async () => ({
  ...(await openOpenaiAgainst({ plan: () => ({ progress: [0, 33, 66] }) })),
  quick: (clientRef) => ({ ...VIDEO, clientRef }),
  slow: (clientRef) => ({ ...VIDEO, clientRef }),
}));

replyContract<OpenaiPlan>("an OpenAI-style service", {
  open: openOpenaiAgainst,
  key: OPENAI_TEST_KEY,
  picture: PICTURE,
  video: VIDEO,
  pictures: [{ picture: "b64_json" }, { picture: "data" }],
  expired: { expired: true },
  download: "content",
  unsure: {
    picture: [
      ["is the service's own failure", { answer: error(500, "server_error") }],
      ["is that it is overloaded", { answer: error(503, "server_is_overloaded") }],
    ],
    video: [["is a failure", { answer: error(500, "server_error") }]],
  },
  busy: { ...error(429, "rate_limit_exceeded"), headers: { "retry-after": "12" } },
});

/** A picture that was accepted, to be asked about. */
async function drawn(plan: OpenaiPlan) {
  const at = await openOpenaiAgainst({ plan: () => plan });
  const { providerRef } = await at.provider.submit(PICTURE, signal);
  const submission = submissionOf(PICTURE, providerRef);
  return {
    ...at,
    providerRef,
    status: (): Promise<ProviderStatus> => at.provider.status(submission, signal),
    fetch: () => at.provider.fetchOutput(submission, signal),
  };
}

/** What a call that must fail is taken for. */
function failure(provider: Provider, call: Promise<unknown>): Promise<ClassifiedError> {
  return failureOf(provider, call, OPENAI_TEST_KEY);
}

/** The reference that a submit gives, or what it throws instead: a broken rule is to be seen as such, not as a crash. */
function told(submit: ReturnType<Provider["submit"]>): Promise<string> {
  return submit.then(
    ({ providerRef }) => providerRef,
    (thrown: unknown) => String(thrown),
  );
}

const blocked = (stage?: string) =>
  error(400, "moderation_blocked", {
    message: "Your request was rejected by the safety system. safety_violations=[sexual].",
    type: "image_generation_user_error",
    ...(stage === undefined ? {} : { moderation_details: { moderation_stage: stage, categories: ["sexual"] } }),
  });

describe("a picture from OpenAI, in its own words", () => {
  it("is asked for in the documented shape, with the key in a header and nowhere else", async () => {
    await using at = await openOpenaiAgainst();
    await at.provider.submit(PICTURE, signal);
    expect(at.server.bodies).toEqual([
      { model: "gpt-image-2.6-flare", prompt: "fog", size: "1536x864", quality: "high" },
    ]);
    const [call] = at.server.calls;
    expect(call).toMatchObject({ method: "POST", path: "/v1/images/generations" });
    expect(call?.headers).toMatchObject({ authorization: `Bearer ${OPENAI_TEST_KEY}` });
    // Not documented as enforced, so not claimed (P2).
    expect(call?.headers).not.toHaveProperty("idempotency-key");
    expect(at.provider.idempotentSubmit).toBe(false);
  });

  it("with references is an edit of them, sent as files", async () => {
    await using at = await openOpenaiAgainst();
    const path = await referenceIn(at.folder);
    await at.provider.submit({ ...PICTURE, inputPaths: [path, path] }, signal);
    const file = { type: "image/png", name: "reference.png" };
    expect(at.server.bodies).toMatchObject([{ model: "gpt-image-2.6-flare", "image[]": [file, file] }]);
    expect(at.server.calls[0]?.path).toBe("/v1/images/edits");
  });

  it("[P1] is written down with what OpenAI calls its answer", async () => {
    await using at = await drawn({});
    expect(at.providerRef).toMatch(/^picture:.+\.png:req_\w+$/);
  });

  it("[P1] [P6] that a gateway gives an address for is fetched from there, as often as it takes", async () => {
    await using at = await drawn({ picture: "url" });
    expect(at.providerRef).toMatch(/^link:http.+\.png\?sig=1$/);
    expect(await at.status()).toEqual({ state: "succeeded" });
    at.server.fault({ step: "file", answer: { status: 503 } });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: true });
    const { body } = await at.fetch();
    expect((await sharp(await buffer(body)).metadata()).format).toBe("png");
    expect(at.server.calls.map(({ step }) => step)).toEqual(["generate", "file", "file"]);
  });

  it("[P3] [P6] whose address does not work may be late; the second time it is gone, and that is final", async () => {
    await using at = await drawn({ picture: "url" });
    at.server.fault({ step: "file", times: 2, answer: { status: 403, body: "Signature expired" } });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ retryable: true });
    expect(await failure(at.provider, at.fetch())).toMatchObject({
      retryable: false,
      gone: true,
      message: expect.stringContaining("gone"),
    });
  });

  it.each([
    ["a private address", "https://10.0.0.1/p.png"],
    ["another machine without https", "http://127.0.0.2:9/p.png"],
  ])("is fetched from %s neither by an answer nor along a redirect", async (_what, url) => {
    await using at = await drawn({ picture: "url" });
    at.server.fault({ step: "file", answer: { status: 302, headers: { location: url } } });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: false });
    at.server.fault({ step: "generate", answer: { status: 200, body: { data: [{ url }] } } });
    const { providerRef } = await at.provider.submit(PICTURE, signal);
    const fetching = at.provider.fetchOutput(submissionOf(PICTURE, providerRef), signal);
    expect(await failure(at.provider, fetching)).toMatchObject({ retryable: false });
  });

  it("whose address carries the key is not written down", async () => {
    await using at = await openOpenaiAgainst();
    const url = `https://files.example/p.png?key=${OPENAI_TEST_KEY}`;
    at.server.fault({ step: "generate", answer: { status: 200, body: { data: [{ url }] } } });
    const classified = await failure(at.provider, at.provider.submit(PICTURE, signal));
    expect(classified).toMatchObject({ message: expect.stringContaining("no address") });
    expect(classified.notAccepted).toBeUndefined();
  });

  it("whose address has no end is not written down either", async () => {
    await using at = await openOpenaiAgainst();
    const url = `https://files.example/${"p".repeat(10_000)}.png`;
    at.server.fault({ step: "generate", answer: { status: 200, body: { data: [{ url }] } } });
    const classified = await failure(at.provider, at.provider.submit(PICTURE, signal));
    expect(classified).toMatchObject({ message: expect.stringContaining("no address") });
    expect(classified.notAccepted).toBeUndefined();
  });

  it("[P2] is waited for longer than any other answer, by its model's own word", async () => {
    await using at = await openOpenaiAgainst({ limits: { answerMs: 50 } });
    // The client's clock for the beginning of an answer is a coarse one, of about a second.
    at.server.fault({ step: "generate", afterMs: 1_500 });
    expect(await told(at.provider.submit(PICTURE, signal))).toMatch(/^picture:/);
    expect(at.provider.models.find(({ id }) => id === PICTURE.model)?.submitPatienceMs).toBe(240_000);
  });

  it("[P1] that was made before the rules refused it is an accepted request that failed, also after a restart", async () => {
    await using at = await openOpenaiAgainst();
    at.server.fault({ step: "generate", answer: { ...blocked("output"), headers: { "x-request-id": "req_1" } } });
    const providerRef = await told(at.provider.submit(PICTURE, signal));
    expect(providerRef).toContain("refused:output:blocked:req_1:Your request was rejected");
    expect(await at.provider.status(submissionOf(PICTURE, providerRef), signal)).toMatchObject({
      state: "failed",
      error: {
        code: "content_policy_output",
        retryable: false,
        detail: expect.stringContaining("safety_violations"),
      },
    });
  });

  it.each<[string, NonNullable<Fault["answer"]>]>([
    ["nothing", { status: 200, body: { created: 1, data: [] } }],
    ["no picture", { status: 200, body: { data: [{ b64_json: "anVuaw==" }] } }],
  ])("[P1] that is %s was answered, and is not asked for again", async (_what, answer) => {
    await using at = await openOpenaiAgainst();
    at.server.fault({ step: "generate", answer });
    const { providerRef } = await at.provider.submit(PICTURE, signal);
    expect(await at.provider.status(submissionOf(PICTURE, providerRef), signal)).toMatchObject({
      state: "failed",
      error: { code: "provider_unavailable", retryable: false },
    });
  });
});

describe("an answer that refuses", () => {
  const quota = { code: "provider_quota", retryable: false } as const;
  const auth = { code: "provider_auth", retryable: false } as const;
  const rules = { code: "content_policy_input", retryable: false } as const;
  const input = { code: "invalid_input", retryable: false } as const;
  const busy = (ms?: number): Partial<ClassifiedError> => ({
    code: "rate_limited",
    retryable: true,
    ...(ms === undefined ? {} : { retryAfterMs: durationMs(ms) }),
  });
  const limited = (headers: Readonly<Record<string, string>>) => ({ ...error(429, "rate_limit_exceeded"), headers });

  it.each<[string, NonNullable<Fault["answer"]>, Partial<ClassifiedError>]>([
    ["the rules", blocked(), rules],
    ["the rules, for the prompt", blocked("input"), rules],
    ["the rules, by an older word", error(400, "content_policy_violation"), rules],
    ["a minute's limit", limited({ "retry-after": "26" }), busy(26_000)],
    ["a limit, in milliseconds", limited({ "retry-after-ms": "1500", "retry-after": "2" }), busy(1_500)],
    ["a limit, with no word of when", limited({}), busy()],
    ["a rush", error(429, "slow_down"), busy()],
    ["an empty purse", { ...error(429, "insufficient_quota"), headers: { "retry-after": "5" } }, quota],
    ["no credit", error(429, "credit_balance_exhausted", { type: "insufficient_quota" }), quota],
    ["a new word for no credit", error(429, "lunch_limit_exceeded", { type: "insufficient_quota" }), quota],
    ["a spending limit", error(400, "billing_hard_limit_reached"), quota],
    ["a gateway's bill", error(402, null), quota],
    ["a key", error(401, "invalid_api_key"), auth],
    ["a country", error(403, "unsupported_country_region_territory"), auth],
    ["a model that is gone", error(404, "model_not_found"), input],
    ["a parameter", error(400, "invalid_value"), input],
    ["a gateway's words", { status: 422, body: { detail: "No." } }, input],
    ["a gateway's number", error(429, null, { code: 429, moderation_details: "?" }), busy()],
  ])("[P2] [J5] (%s) accepted nothing, and says what would help", async (_why, answer, means) => {
    await using at = await openOpenaiAgainst();
    at.server.fault({ step: "generate", answer });
    at.server.fault({ step: "create", answer });
    for (const request of [PICTURE, VIDEO]) {
      const classified = await failure(at.provider, at.provider.submit(request, signal));
      expect(classified).toMatchObject({ notAccepted: true, ...means });
      expect(classified.retryAfterMs).toBe(means.retryAfterMs);
    }
    expect(at.server.calls).toHaveLength(2);
  });

  it("does not tell anyone the key that is repeated in it, whole or in part", async () => {
    await using at = await openOpenaiAgainst({ key: "gateway-0123456789abcdef" });
    const whole = await failure(at.provider, at.provider.submit(PICTURE, signal));
    expect(whole).toMatchObject({ code: "provider_auth", detail: expect.stringContaining("Incorrect API key") });
    expect(JSON.stringify(whole)).not.toContain("0123456789abcdef");
    at.server.fault({ step: "generate", answer: error(401, "invalid_api_key", { message: "Wrong: sk-wro****cdef." }) });
    expect(JSON.stringify(await failure(at.provider, at.provider.submit(PICTURE, signal)))).not.toContain("cdef");
  });
});
