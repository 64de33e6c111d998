import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { durationMs } from "@reelstate/lifecycle";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { StorageError } from "../../storage/StorageError.ts";
import { openGoogleAgainst } from "../../testing/protocols/google/openGoogleAgainst.ts";
import { GOOGLE_TEST_KEY } from "../../testing/protocols/google/openGoogleServer.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import type { GoogleAgainstOptions } from "../../testing/protocols/google/openGoogleAgainst.ts";
import type { VideoPlan } from "../../testing/protocols/google/openGoogleServer.ts";
import type { Fault } from "../../testing/protocols/openProtocolServer.ts";
import type { ClassifiedError, Provider, ProviderStatus, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();
/** Waits so little that only what never comes is asked of it. */
const HASTY = { silenceMs: 200 };

const PICTURE: SubmitRequest = {
  clientRef: "job-1",
  model: "google/nano-banana-2.1",
  type: "image",
  prompt: "fog",
  params: { aspectRatio: "16:9", resolution: "1K", seed: 7 },
  inputPaths: [],
};
const VIDEO: SubmitRequest = {
  ...PICTURE,
  model: "google/omni-flash",
  type: "video",
  params: { aspectRatio: "9:16", resolution: "720p", durationMs: 3_500, seed: 7 },
};

providerContract("Google (picture)", async () => ({
  ...(await openGoogleAgainst()),
  quick: (clientRef) => ({ ...PICTURE, clientRef }),
}));

providerContract("Google (video)", async () => ({
  ...(await openGoogleAgainst({ plan: (body) => (JSON.stringify(body).includes("slow") ? { stays: "queued" } : {}) })),
  quick: (clientRef) => ({ ...VIDEO, clientRef }),
  slow: (clientRef) => ({ ...VIDEO, clientRef, prompt: "slow" }),
}));

/** An accepted video. */
async function filmed(plan: VideoPlan = {}, options: GoogleAgainstOptions = {}) {
  const at = await openGoogleAgainst({ ...options, plan: () => plan });
  const { providerRef } = await at.provider.submit(VIDEO, signal);
  const submission = submissionOf(VIDEO, providerRef);
  const status = (): Promise<ProviderStatus> => at.provider.status(submission, signal);
  return {
    ...at,
    submission,
    status,
    /** The status once its interaction has ended. */
    ended: async () => {
      await status();
      return status();
    },
    fetch: () => at.provider.fetchOutput(submission, signal),
  };
}

/** What a call that must fail is taken for. */
async function failure(provider: Provider, call: Promise<unknown>): Promise<ClassifiedError> {
  const error = await call.then(
    () => expect.fail("It was answered."),
    (thrown: unknown) => thrown,
  );
  const classified = provider.classifyError(error);
  expect(inspect([error, classified], { depth: 8, showHidden: true })).not.toContain(GOOGLE_TEST_KEY);
  return classified;
}

const error = (code: number, status: string, message: string, details: readonly unknown[] = []) => ({
  status: code,
  body: { error: { code, status, message, details } },
});
const retryInfo = (retryDelay: string) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });
const quotaFailure = (quotaId: string) => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [{ quotaMetric: "generativelanguage.googleapis.com/generate_requests", quotaId }],
});
const DOWN = error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.");

describe("a picture from Google", () => {
  it("is asked for in the documented shape, with the key in a header and in no address", async () => {
    await using at = await openGoogleAgainst();
    const reference = join(at.folder, "reference.png");
    await writeFile(reference, await sharp({ create: SQUARE }).png().toBuffer());
    await at.provider.submit({ ...PICTURE, inputPaths: [reference] }, signal);
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

  it("[P1] [P6] lies in our own storage before submit resolves: the next process needs Google for nothing", async () => {
    await using first = await openGoogleAgainst();
    const { providerRef } = await first.provider.submit(PICTURE, signal);
    const submission = submissionOf(PICTURE, providerRef);
    first.server.fault({ step: "generate", times: 99, answer: DOWN });
    expect(await first.provider.status(submission, signal)).toEqual({ state: "succeeded" });
    const { body, claimedMime, claimedBytes } = await first.provider.fetchOutput(submission, signal);
    expect(claimedMime).toBe("image/png");
    expect((await buffer(body)).length).toBe(claimedBytes);
    expect(first.server.calls).toHaveLength(1);
  });

  it("[P6] is offered to our storage again when that fails for a moment, and drawn once", async () => {
    let puts = 0;
    await using at = await openGoogleAgainst({
      wrapStorage: (storage) => ({
        ...storage,
        put: (source, options) => {
          puts += 1;
          return puts < 3
            ? Promise.reject(new StorageError("unreachable", "The bucket is away."))
            : storage.put(source, options);
        },
      }),
    });
    await expect(at.provider.submit(PICTURE, signal)).resolves.toHaveProperty("providerRef");
    expect([puts, at.server.calls.length]).toEqual([3, 1]);
  });

  it("[P2] that our storage never takes was made all the same: that is not called a refusal", async () => {
    await using at = await openGoogleAgainst({
      wrapStorage: (storage) => ({
        ...storage,
        put: () => Promise.reject(new StorageError("full", "There is no space left.")),
      }),
    });
    const classified = await failure(at.provider, at.provider.submit(PICTURE, signal));
    expect(classified).toMatchObject({ code: "storage_failed", retryable: true });
    expect(classified.notAccepted).toBeUndefined();
    expect(at.server.calls).toHaveLength(1);
  });

  it("that nobody used for so long that it was removed is gone, and is said to be", async () => {
    await using at = await openGoogleAgainst();
    const { providerRef } = await at.provider.submit(PICTURE, signal);
    await rm(join(at.folder, "media"), { recursive: true });
    const classified = await failure(at.provider, at.provider.fetchOutput(submissionOf(PICTURE, providerRef), signal));
    expect(classified).toMatchObject({ code: "provider_unavailable", retryable: false });
  });

  it.each<[string, Omit<Fault, "step">]>([
    ["is lost", { reply: "lost" }],
    ["breaks off", { reply: "reset" }],
    ["is cut short", { reply: "truncated" }],
    ["comes from a gateway that gave up", { answer: { status: 503, body: "<html>Service Unavailable</html>" } }],
    ["comes from a gateway with JSON", { answer: { status: 500, body: { error: { message: "upstream gone" } } } }],
    ["comes too late for Google itself", { answer: error(504, "DEADLINE_EXCEEDED", "Deadline expired.") }],
    ["cannot be understood", { answer: { status: 200, body: { surprise: true } } }],
  ])("[P2] whose answer %s may have been made: nothing is certain, and it is asked for once", async (_how, fault) => {
    await using at = await openGoogleAgainst();
    at.server.fault({ step: "generate", ...fault });
    const classified = await failure(at.provider, at.provider.submit(PICTURE, signal));
    expect(classified).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect(classified.notAccepted).toBeUndefined();
    expect(at.server.calls).toHaveLength(1);
  });

  it.each([error(500, "INTERNAL", "An internal error has occurred."), DOWN])(
    "[P2] that Google itself says it failed to draw was neither made nor billed",
    async (answer) => {
      await using at = await openGoogleAgainst();
      at.server.fault({ step: "generate", answer });
      expect(await failure(at.provider, at.provider.submit(PICTURE, signal))).toMatchObject({
        code: "provider_unavailable",
        retryable: true,
        notAccepted: true,
      });
      expect(at.server.calls).toHaveLength(1);
    },
  );

  it("[P2] whose reference cannot be read is not asked for", async () => {
    await using at = await openGoogleAgainst();
    const submit = at.provider.submit({ ...PICTURE, inputPaths: [join(at.folder, "gone.png")] }, signal);
    expect(await failure(at.provider, submit)).toMatchObject({ notAccepted: true });
    expect(at.server.calls).toEqual([]);
  });

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

describe("a video from Google", () => {
  it("is asked for in the background, its reference picture as the first frame", async () => {
    await using at = await openGoogleAgainst();
    const reference = join(at.folder, "reference.png");
    await writeFile(reference, await sharp({ create: SQUARE }).png().toBuffer());
    await at.provider.submit({ ...VIDEO, inputPaths: [reference] }, signal);
    expect(at.server.bodies).toMatchObject([
      {
        model: "gemini-omni-1.1-flash",
        background: true,
        input: [
          { type: "image", mime_type: "image/png" },
          { type: "text", text: "fog" },
        ],
        generation_config: { video_config: { task: "image_to_video" } },
        response_format: { aspect_ratio: "9:16", resolution: "720p", duration: "3.5s", delivery: "uri" },
      },
    ]);
  });

  it.each<[string, Omit<Fault, "step">]>([
    ["is lost", { reply: "lost" }],
    ["breaks off", { reply: "reset" }],
    ["has no id", { answer: { status: 200, body: { status: "in_progress" } } }],
    ["is that Google is overloaded", { answer: { status: 503, body: { error: { code: "service_unavailable" } } } }],
    ["is that something went wrong", { answer: { status: 500, body: { error: { code: "api_error" } } } }],
  ])("[P2] may be under way when the answer %s, and is asked for once", async (_how, fault) => {
    await using at = await openGoogleAgainst();
    at.server.fault({ step: "create", ...fault });
    const classified = await failure(at.provider, at.provider.submit(VIDEO, signal));
    expect(classified).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect(classified.notAccepted).toBeUndefined();
    expect(at.server.calls).toHaveLength(1);
  });

  it.each<[VideoPlan["stays"] & string, ProviderStatus]>([
    ["queued", { state: "queued", position: null }],
    ["in_progress", { state: "running", fraction: null }],
    ["requires_action", { state: "unknown", raw: "requires_action" }],
    ["dreaming", { state: "unknown", raw: "dreaming" }],
  ])("[P5] that is %s is waited for", async (stays, told) => {
    await using at = await filmed({ stays });
    expect(await at.ended()).toEqual(told);
  });

  it.each<[string, VideoPlan, Partial<ClassifiedError>]>([
    ["words and no video", { ends: talk("I can't do that.") }, { code: "content_policy_output", retryable: false }],
    ["nothing at all", { ends: { steps: [] } }, { code: "content_policy_output", retryable: false }],
    ["a block", { ends: flop("failed", "image_safety") }, { code: "content_policy_output", retryable: false }],
    ["its own error", { ends: flop("failed", "api_error") }, { code: "provider_unavailable", retryable: true }],
    ["no reason", { ends: { status: "failed" } }, { code: "provider_unavailable", retryable: true }],
    ["half of it", { ends: { status: "incomplete" } }, { code: "provider_unavailable", retryable: true }],
    ["a spent budget", { ends: { status: "budget_exceeded" } }, { code: "provider_quota", retryable: false }],
    ["an unfinished file", { file: "FAILED" }, { code: "provider_unavailable", retryable: true }],
  ])("that ends with %s has failed, and why is told", async (_what, plan, means) => {
    await using at = await filmed(plan);
    expect(await at.ended()).toMatchObject({ state: "failed", error: means });
  });

  it("is not made before its file is", async () => {
    await using at = await filmed({ processing: 2 });
    expect([await at.ended(), await at.status(), await at.status()]).toEqual([
      { state: "running", fraction: null },
      { state: "running", fraction: null },
      { state: "succeeded" },
    ]);
  });

  it.each([
    [error(429, "RESOURCE_EXHAUSTED", "Slow down.", [retryInfo("12s")]), wait(12_000)],
    [
      { status: 503, body: "<html>" },
      { code: "provider_unavailable", retryable: true },
    ],
    [
      { status: 200, body: [] },
      { code: "provider_unavailable", retryable: true },
    ],
  ])("[P3] whose read is not answered is read again, and no failure", async (answer, means) => {
    await using at = await filmed();
    at.server.fault({ step: "poll", answer });
    expect(await failure(at.provider, at.status())).toMatchObject(means);
    expect(await at.ended()).toEqual({ state: "succeeded" });
  });

  it("is fetched from the answer itself where Google puts it there", async () => {
    await using at = await filmed({ inline: true });
    expect(await at.ended()).toEqual({ state: "succeeded" });
    const { body, claimedBytes } = await at.fetch();
    expect((await buffer(body)).subarray(4, 8).toString()).toBe("ftyp");
    expect(claimedBytes).toBeGreaterThan(1_000);
  });

  it("[P3] whose download is refused for a moment is fetched again", async () => {
    await using at = await filmed();
    await at.ended();
    at.server.fault({ step: "download", answer: { status: 503 } });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect((await buffer((await at.fetch()).body)).length).toBeGreaterThan(1_000);
    const downloads = at.server.calls.filter(({ step }) => step === "download");
    expect(downloads.map(({ path }) => path)).toEqual(Array(2).fill(expect.stringMatching(/:download\?alt=media$/)));
    expect(downloads[0]?.headers).toMatchObject({ "x-goog-api-key": GOOGLE_TEST_KEY });
  });

  it.each<[string, Omit<Fault, "step">]>([
    ["breaks off", { reply: "reset" }],
    ["stops coming", { afterMs: 2_000 }],
  ])("whose file %s is not taken for whole", async (_how, fault) => {
    await using at = await filmed({}, { limits: { ...HASTY, answerMs: 300 } });
    await at.ended();
    at.server.fault({ step: "download", ...fault });
    const whole = at.fetch().then(({ body }) => buffer(body));
    expect(await failure(at.provider, whole)).toMatchObject({ code: "provider_unavailable", retryable: true });
  });

  it("[P1] is known by its id, whatever else the answer that accepted it lacks", async () => {
    await using at = await openGoogleAgainst();
    at.server.fault({ step: "create", answer: { status: 200, body: { id: "v1_abc", status: null, steps: null } } });
    expect(await at.provider.submit(VIDEO, signal)).toEqual({ providerRef: "v1_abc" });
  });

  it("[P3] [P6] that was not fetched for two days is gone, and that is final once it is seen twice", async () => {
    await using at = await filmed({ file: "EXPIRED" });
    expect(await at.ended()).toEqual({ state: "succeeded" });
    expect(await failure(at.provider, at.fetch())).toMatchObject({ retryable: true });
    expect(await failure(at.provider, at.fetch())).toMatchObject({
      code: "provider_unavailable",
      message: expect.stringMatching(/two days/),
      retryable: false,
      gone: true,
    });
  });

  it("is fetched from no private address that Google would name, and the key goes nowhere else", async () => {
    await using elsewhere = await openGoogleAgainst();
    const uri = `${elsewhere.server.url.origin}/v1beta/secrets/1`;
    await using at = await filmed({ uri });
    await at.ended();
    expect(await failure(at.provider, at.fetch())).toMatchObject({ retryable: false });
    await using named = await filmed();
    await named.ended();
    named.server.fault({
      step: "download",
      answer: { status: 302, headers: { location: "https://10.0.0.1/video.mp4" } },
    });
    expect(await failure(named.provider, named.fetch())).toMatchObject({ retryable: false });
    expect(elsewhere.server.calls).toEqual([]);
  });

  it("[J7] that has ended cannot be cancelled, and the word of Google for that is taken for an answer", async () => {
    await using at = await filmed();
    await at.ended();
    const cancel = at.provider.cancel?.(at.submission, signal) ?? Promise.resolve();
    expect(await failure(at.provider, cancel)).toMatchObject({ retryable: false });
    expect(await at.status()).toEqual({ state: "succeeded" });
  });
});

const SQUARE = { width: 8, height: 8, channels: 3, background: "teal" } as const;

function ended(finishReason: string, parts: readonly object[] = []): object {
  return { candidates: [{ content: { role: "model", parts }, finishReason }] };
}

function wait(ms: number): Partial<ClassifiedError> {
  return { code: "rate_limited", retryable: true, retryAfterMs: durationMs(ms) };
}

function used(): Partial<ClassifiedError> {
  return { code: "provider_quota", retryable: false };
}

function talk(text: string): Record<string, unknown> {
  return { steps: [{ type: "model_output", content: [{ type: "text", text }] }] };
}

function flop(status: string, code: string): Record<string, unknown> {
  return { status, errors: [{ code, message: "The request was blocked." }] };
}

async function drawn(seed: number): Promise<Buffer> {
  const { simulatedOutput } = await import("../simulator/simulatedOutput.ts");
  return simulatedOutput({ ...PICTURE, params: { aspectRatio: "16:9", seed } }, 256);
}
