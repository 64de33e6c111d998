import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { durationMs } from "@reelstate/lifecycle";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { StorageError } from "../../storage/StorageError.ts";
import { openOpenaiAgainst } from "../../testing/protocols/openai/openOpenaiAgainst.ts";
import { OPENAI_TEST_KEY } from "../../testing/protocols/openai/openOpenaiServer.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import type { OpenaiAgainstOptions } from "../../testing/protocols/openai/openOpenaiAgainst.ts";
import type { OpenaiPlan } from "../../testing/protocols/openai/openOpenaiServer.ts";
import type { Fault } from "../../testing/protocols/openProtocolServer.ts";
import type { ClassifiedError, Provider, ProviderStatus, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();

const PICTURE: SubmitRequest = {
  clientRef: "job-1",
  model: "openai/gpt-image-2.6-flare",
  type: "image",
  prompt: "fog",
  params: { aspectRatio: "16:9", resolution: "1K", seed: 7 },
  inputPaths: [],
};
const VIDEO: SubmitRequest = {
  ...PICTURE,
  model: "openai/sora-2",
  type: "video",
  params: { aspectRatio: "9:16", resolution: "720p", durationMs: 4_000, seed: 7 },
};

providerContract("OpenAI-style (picture)", async () => ({
  ...(await openOpenaiAgainst()),
  quick: (clientRef) => ({ ...PICTURE, clientRef }),
}));

providerContract("OpenAI-style (video)", async () => ({
  ...(await openOpenaiAgainst({ plan: () => ({ progress: [0, 33, 66] }) })),
  quick: (clientRef) => ({ ...VIDEO, clientRef }),
  slow: (clientRef) => ({ ...VIDEO, clientRef }),
}));

/** An accepted request, to be asked about. */
async function accepted(request: SubmitRequest, plan: OpenaiPlan = {}, options: OpenaiAgainstOptions = {}) {
  const at = await openOpenaiAgainst({ ...options, plan: () => plan });
  const { providerRef } = await at.provider.submit(request, signal);
  const submission = submissionOf(request, providerRef);
  const status = (): Promise<ProviderStatus> => at.provider.status(submission, signal);
  return {
    ...at,
    providerRef,
    status,
    /** The status of a video after the queue and one read of it at work. */
    ended: async () => {
      await status();
      await status();
      return status();
    },
    fetch: () => at.provider.fetchOutput(submission, signal),
  };
}

/** What a call that must fail is taken for; whoever looks into it finds no key. */
async function failure(provider: Provider, call: Promise<unknown>): Promise<ClassifiedError> {
  const error = await call.then(
    () => expect.fail("It was answered."),
    (thrown: unknown) => thrown,
  );
  const classified = provider.classifyError(error);
  expect(inspect(classified, { depth: 8 })).not.toContain(OPENAI_TEST_KEY);
  return classified;
}

/** The reference that a submit gives, or what it throws instead: a broken rule is to be seen as such, not as a crash. */
function told(submit: ReturnType<Provider["submit"]>): Promise<string> {
  return submit.then(
    ({ providerRef }) => providerRef,
    (thrown: unknown) => String(thrown),
  );
}

async function reference(folder: string): Promise<string> {
  const path = join(folder, "reference.png");
  await writeFile(
    path,
    await sharp({ create: { width: 40, height: 40, channels: 3, background: "teal" } })
      .png()
      .toBuffer(),
  );
  return path;
}

const error = (status: number, code: string | null, more: object = {}) => ({
  status,
  body: { error: { message: "No.", type: "some_error", param: null, code, ...more } },
});
const blocked = (stage?: string) =>
  error(400, "moderation_blocked", {
    message: "Your request was rejected by the safety system. safety_violations=[sexual].",
    type: "image_generation_user_error",
    ...(stage === undefined ? {} : { moderation_details: { moderation_stage: stage, categories: ["sexual"] } }),
  });

describe("a picture from OpenAI", () => {
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
    const path = await reference(at.folder);
    await at.provider.submit({ ...PICTURE, inputPaths: [path, path] }, signal);
    const file = { type: "image/png", name: "reference.png" };
    expect(at.server.bodies).toMatchObject([{ model: "gpt-image-2.6-flare", "image[]": [file, file] }]);
    expect(at.server.calls[0]?.path).toBe("/v1/images/edits");
  });

  it.each(["b64_json", "data"] as const)(
    "[P1] [P6] lies in our own storage before submit resolves (%s): the next process needs OpenAI for nothing",
    async (picture) => {
      await using at = await accepted(PICTURE, { picture });
      expect(at.providerRef).toMatch(/^picture:.+\.png:req_\w+$/);
      expect(await at.status()).toEqual({ state: "succeeded" });
      const { body, claimedMime, claimedBytes } = await at.fetch();
      expect(claimedMime).toBe("image/png");
      expect((await buffer(body)).length).toBe(claimedBytes);
      expect(at.server.calls).toHaveLength(1);
    },
  );

  it("[P1] [P6] that a gateway gives an address for is fetched from there, as often as it takes", async () => {
    await using at = await accepted(PICTURE, { picture: "url" });
    expect(at.providerRef).toMatch(/^link:http.+\.png\?sig=1$/);
    expect(await at.status()).toEqual({ state: "succeeded" });
    at.server.fault({ step: "file", answer: { status: 503 } });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: true });
    const { body } = await at.fetch();
    expect((await sharp(await buffer(body)).metadata()).format).toBe("png");
    expect(at.server.calls.map(({ step }) => step)).toEqual(["generate", "file", "file"]);
  });

  it("[P3] [P6] whose address does not work may be late; the second time it is gone, and that is final", async () => {
    await using at = await accepted(PICTURE, { picture: "url" });
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
    await using at = await accepted(PICTURE, { picture: "url" });
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

  it("[P6] is offered to our storage again when that fails for a moment, and drawn once", async () => {
    let puts = 0;
    const wrapStorage: OpenaiAgainstOptions["wrapStorage"] = (storage) => ({
      ...storage,
      put: (source, options) => {
        puts += 1;
        return puts < 3
          ? Promise.reject(new StorageError("unreachable", "The bucket is away."))
          : storage.put(source, options);
      },
    });
    await using at = await accepted(PICTURE, {}, { wrapStorage });
    expect([puts, at.server.calls.length]).toEqual([3, 1]);
  });

  it("[P2] that our storage never takes was made all the same: that is not called a refusal", async () => {
    await using at = await openOpenaiAgainst({
      wrapStorage: (storage) => ({ ...storage, put: () => Promise.reject(new StorageError("full", "No space left.")) }),
    });
    const classified = await failure(at.provider, at.provider.submit(PICTURE, signal));
    expect(classified).toMatchObject({ code: "storage_failed", retryable: true });
    expect(classified.notAccepted).toBeUndefined();
    expect(at.server.calls).toHaveLength(1);
  });

  it("that nobody used for so long that it was removed is gone, and is said to be", async () => {
    await using at = await accepted(PICTURE);
    await rm(join(at.folder, "media"), { recursive: true });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: false });
  });

  it.each<[string, Omit<Fault, "step">]>([
    ["is lost", { reply: "lost" }],
    ["breaks off", { reply: "reset" }],
    ["is cut short", { reply: "truncated" }],
    ["is a gateway's that gave up", { answer: { status: 502, body: "<html>Bad Gateway</html>" } }],
    ["is the service's own failure", { answer: error(500, "server_error") }],
    ["is that it is overloaded", { answer: error(503, "server_is_overloaded") }],
    ["cannot be understood", { answer: { status: 200, body: { surprise: true } } }],
    ["is a page", { answer: { status: 200, headers: { "content-type": "text/html" }, body: "<html>" } }],
  ])("[P2] whose answer %s may have been made: nothing is certain, and it is asked for once", async (_how, fault) => {
    await using at = await openOpenaiAgainst();
    at.server.fault({ step: "generate", ...fault });
    const classified = await failure(at.provider, at.provider.submit(PICTURE, signal));
    expect(classified).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect(classified.notAccepted).toBeUndefined();
    expect(at.server.calls).toHaveLength(1);
  });

  it("[P2] is waited for longer than any other answer, by its model's own word", async () => {
    await using at = await openOpenaiAgainst({ limits: { answerMs: 50 } });
    // The client's clock for the beginning of an answer is a coarse one, of about a second.
    at.server.fault({ step: "generate", afterMs: 1_500 });
    expect(await told(at.provider.submit(PICTURE, signal))).toMatch(/^picture:/);
    expect(at.provider.models.find(({ id }) => id === PICTURE.model)?.submitPatienceMs).toBe(240_000);
  });

  it("[P2] whose reference cannot be read is not asked for", async () => {
    await using at = await openOpenaiAgainst();
    const inputPaths = [join(at.folder, "gone.png")];
    for (const request of [PICTURE, VIDEO]) {
      const submit = at.provider.submit({ ...request, inputPaths }, signal);
      expect(await failure(at.provider, submit)).toMatchObject({ code: "storage_failed", notAccepted: true });
    }
    expect(at.server.calls).toEqual([]);
  });

  it("[P1] that was made before the rules refused it is an accepted request that failed, also after a restart", async () => {
    await using at = await openOpenaiAgainst();
    at.server.fault({ step: "generate", answer: { ...blocked("output"), headers: { "x-request-id": "req_1" } } });
    const providerRef = await told(at.provider.submit(PICTURE, signal));
    expect(providerRef).toContain("refused:blocked:req_1:Your request was rejected");
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

  it("is given for a model that is not offered, without a call", async () => {
    await using at = await openOpenaiAgainst();
    const submit = at.provider.submit({ ...PICTURE, model: "openai/dall-e-3" }, signal);
    expect(await failure(at.provider, submit)).toMatchObject({ code: "invalid_input", notAccepted: true });
    expect(at.server.calls).toEqual([]);
  });
});

describe("a video from a gateway", () => {
  it("is asked for in the documented shape, its reference cut to the video's own size", async () => {
    await using at = await openOpenaiAgainst();
    const inputPaths = [await reference(at.folder)];
    await at.provider.submit({ ...VIDEO, inputPaths, params: { ...VIDEO.params, durationMs: 7_200 } }, signal);
    expect(at.server.bodies).toEqual([
      {
        model: "sora-2",
        prompt: "fog",
        size: "720x1280",
        seconds: "8",
        input_reference: { type: "image/png", name: "reference.png" },
      },
    ]);
    expect(at.server.calls[0]?.headers["content-type"]).toMatch(/^multipart\/form-data/);
  });

  it("costs what its operator says that a second does, and what is begun is paid", async () => {
    await using at = await openOpenaiAgainst();
    const price = at.provider.models.find(({ id }) => id === VIDEO.model)?.price;
    expect([4_000, 7_200].map((ms) => price?.({ durationMs: ms }))).toEqual([40, 80]);
  });

  it.each<[string, Omit<Fault, "step">]>([
    ["is lost", { reply: "lost" }],
    ["breaks off", { reply: "reset" }],
    ["has no id", { answer: { status: 200, body: { status: "queued" } } }],
    ["is a failure", { answer: error(500, "server_error") }],
  ])("[P2] may be under way when the answer %s, and is asked for once", async (_how, fault) => {
    await using at = await openOpenaiAgainst();
    at.server.fault({ step: "create", ...fault });
    const classified = await failure(at.provider, at.provider.submit(VIDEO, signal));
    expect(classified).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect(classified.notAccepted).toBeUndefined();
    expect(at.server.calls).toHaveLength(1);
  });

  it("is queued, then at work as far as is told, then made", async () => {
    await using at = await accepted(VIDEO, { progress: [25, null, 180] });
    const told = [];
    for (let reads = 0; reads < 5; reads += 1) told.push(await at.status());
    expect(told).toEqual([
      { state: "queued", position: null },
      { state: "running", fraction: 0.25 },
      { state: "running", fraction: null },
      { state: "running", fraction: 1 },
      { state: "succeeded" },
    ]);
  });

  it.each(["submitted", "FAILED", "cancelled"])(
    "[P5] that is %s, which nobody documents, is waited for",
    async (raw) => {
      await using at = await accepted(VIDEO, { stays: raw });
      expect(await at.status()).toEqual({ state: "unknown", raw });
    },
  );

  it.each<[string, unknown, Partial<ClassifiedError>]>([
    ["the rules", { code: "moderation_blocked", message: "No." }, { code: "content_policy_output", retryable: false }],
    [
      "the rules, for the prompt",
      { code: "moderation_blocked", message: "No.", moderation_details: { moderation_stage: "input" } },
      { code: "content_policy_input", retryable: false },
    ],
    ["an empty purse", { code: "insufficient_quota", message: "No." }, { code: "provider_quota", retryable: false }],
    ["a bad picture", { code: "invalid_image", message: "No." }, { code: "invalid_input", retryable: false }],
    ["its own trouble", { code: "video_generation_failed" }, { code: "provider_unavailable", retryable: true }],
    ["text", "Boom.", { code: "provider_unavailable", retryable: false }],
  ])("that fails for %s has failed, and why is told", async (_why, said, means) => {
    await using at = await accepted(VIDEO, { error: said });
    expect(await at.ended()).toMatchObject({ state: "failed", error: means });
  });

  it("does not tell anyone the key that is repeated in why it failed", async () => {
    await using at = await accepted(VIDEO, { error: { code: "x", message: `Upstream refused ${OPENAI_TEST_KEY}.` } });
    expect(JSON.stringify(await at.ended())).toMatch(/Upstream refused \[secret\]/);
  });

  it.each<[Omit<Fault, "step">, Partial<ClassifiedError>]>([
    [
      { answer: { ...error(429, "rate_limit_exceeded"), headers: { "retry-after": "12" } } },
      { retryAfterMs: durationMs(12_000) },
    ],
    [{ answer: { status: 503, body: "<html>" } }, {}],
    [{ answer: { status: 200, body: [] } }, {}],
    [{ reply: "reset" }, {}],
    [{ reply: "lost" }, {}],
  ])("[P3] whose read is not answered (%j) is read again, and no failure", async (fault, means) => {
    await using at = await accepted(VIDEO);
    at.server.fault({ step: "poll", ...fault });
    expect(await failure(at.provider, at.status())).toMatchObject({ retryable: true, ...means });
    expect((await at.ended()).state).toBe("succeeded");
  });

  it("[P3] is fetched with the key, and again when that was refused for a moment", async () => {
    await using at = await accepted(VIDEO);
    await at.ended();
    at.server.fault({ step: "content", answer: { status: 503 } });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: true });
    const { body, claimedMime } = await at.fetch();
    expect([claimedMime, (await buffer(body)).subarray(4, 8).toString()]).toEqual(["video/mp4", "ftyp"]);
    expect(at.server.calls.at(-1)?.headers).toMatchObject({ authorization: `Bearer ${OPENAI_TEST_KEY}` });
  });

  it.each<[string, Omit<Fault, "step">]>([
    ["breaks off", { reply: "reset" }],
    ["stops coming", { afterMs: 10_000 }],
  ])("whose file %s is not taken for whole", async (_how, fault) => {
    await using at = await accepted(VIDEO, {}, { limits: { answerMs: 300, silenceMs: 200 } });
    await at.ended();
    at.server.fault({ step: "content", ...fault });
    const whole = at.fetch().then(({ body }) => buffer(body));
    expect(await failure(at.provider, whole)).toMatchObject({ code: "provider_unavailable", retryable: true });
  });

  it("[P3] [P6] whose file has expired is gone, and that is final once it is seen twice", async () => {
    await using at = await accepted(VIDEO, { expired: true });
    expect(await at.ended()).toEqual({ state: "succeeded" });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ retryable: true });
    expect(await failure(at.provider, at.fetch())).toMatchObject({
      message: expect.stringContaining("gone"),
      retryable: false,
      gone: true,
    });
  });

  it("[P1] is known by its id, whatever else the answer that accepted it lacks", async () => {
    await using at = await openOpenaiAgainst();
    at.server.fault({ step: "create", answer: { status: 200, body: { id: "video_1", status: null } } });
    expect(await at.provider.submit(VIDEO, signal)).toEqual({ providerRef: expect.stringContaining("video_1") });
  });

  it("follows its file to no private address", async () => {
    await using at = await accepted(VIDEO);
    await at.ended();
    at.server.fault({ step: "content", answer: { status: 302, headers: { location: "https://192.168.0.1/v.mp4" } } });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: false });
  });

  it("[J7] claims no way to cancel, because there is none", async () => {
    await using at = await openOpenaiAgainst();
    expect(at.provider.cancel).toBeUndefined();
    expect(at.provider.models.some(({ cancel }) => cancel)).toBe(false);
  });
});
