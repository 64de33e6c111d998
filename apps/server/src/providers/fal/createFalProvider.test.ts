import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openFal } from "../../testing/protocols/fal/openFal.ts";
import { FAL_TEST_KEY, openFalServer } from "../../testing/protocols/fal/openFalServer.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import type { FalEnd, FalPlan, FalSubmission } from "../../testing/protocols/fal/openFalServer.ts";
import type { ClassifiedError, Provider, ProviderStatus, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();

/** Waits so little that only what never comes is asked of it. */
const HASTY = { answerMs: 200, silenceMs: 200 };
const NEVER = 600_000;

const IMAGE: SubmitRequest = {
  clientRef: "job-1",
  model: "fal/flux-schnell",
  type: "image",
  prompt: "fog",
  params: { aspectRatio: "16:9", resolution: "720p", seed: 7 },
  inputPaths: [],
};
const VIDEO: SubmitRequest = {
  ...IMAGE,
  model: "fal/veo-3.1-fast",
  type: "video",
  params: { aspectRatio: "9:16", resolution: "720p", durationMs: 4_000, seed: 7 },
};

/** The adapter and the server that it talks to. */
async function opened(plan?: (submission: FalSubmission) => FalPlan) {
  const server = await openFalServer(plan);
  const provider = openFal(server);
  return {
    server,
    provider,
    async [Symbol.asyncDispose]() {
      await provider.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

providerContract("fal (picture)", async () => ({
  ...(await opened(({ input }) => (input["prompt"] === "slow" ? { stays: "IN_QUEUE" } : {}))),
  quick: (clientRef) => ({ ...IMAGE, clientRef }),
  slow: (clientRef) => ({ ...IMAGE, clientRef, prompt: "slow" }),
}));

providerContract("fal (clip)", async () => ({
  ...(await opened(({ input }) => (input["prompt"] === "slow" ? { stays: "IN_PROGRESS" } : {}))),
  quick: (clientRef) => ({ ...VIDEO, clientRef }),
  slow: (clientRef) => ({ ...VIDEO, clientRef, prompt: "slow" }),
}));

/** One accepted request. */
async function submitted(plan: FalPlan = {}, request = IMAGE) {
  const at = await opened(() => plan);
  const { provider, server } = at;
  const { providerRef } = await provider.submit(request, signal);
  const submission = submissionOf(request, providerRef);
  const status = (): Promise<ProviderStatus> => provider.status(submission, signal);
  return {
    ...at,
    providerRef,
    submission,
    status,
    /** The status once it is COMPLETED. */
    ended: async () => {
      await status();
      await status();
      return status();
    },
    fetch: () => provider.fetchOutput(submission, signal),
    cancel: () => provider.cancel?.(submission, signal),
    count: (step: string) => server.calls.filter((call) => call.step === step).length,
  };
}

async function refusalOf(provider: Provider, asked: Promise<unknown>): Promise<ClassifiedError> {
  const thrown = await asked.then(
    () => {
      throw new Error("It was answered.");
    },
    (error: unknown) => error,
  );
  return provider.classifyError(thrown);
}

const failure = (
  status: number,
  body: unknown,
  more: Omit<FalEnd, "status" | "body"> = { error: "The request failed" },
) => ({ failure: { status, body, ...more } });

const modelError = (type: string, msg = "", loc: readonly string[] = ["body"]) => ({
  detail: [{ type, msg, loc, url: `https://docs.fal.ai/errors/#${type}`, input: "what was asked for" }],
});

describe("a request at fal", () => {
  it("is followed below owner and app alone, and its key goes in the header that fal reads", async () => {
    await using at = await submitted();
    expect(at.providerRef).toBe(`fal-ai/flux/requests/${at.server.accepted[0]?.id}`);
    await at.status();
    expect(at.server.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /fal-ai/flux/schnell",
      `GET /${at.providerRef}/status`,
    ]);
    expect(at.server.calls.map(({ headers }) => headers["authorization"])).toEqual(
      Array.from({ length: 2 }, () => `Key ${FAL_TEST_KEY}`),
    );
  });

  it("tells how many are ahead in the queue, then that it runs, then that it is done", async () => {
    await using at = await submitted();
    expect([await at.status(), await at.status(), await at.status()]).toEqual([
      { state: "queued", position: 0 },
      { state: "running", fraction: null },
      { state: "succeeded" },
    ]);
  });

  it("[P5] reports a status that is not known, and one that cannot be read, instead of guessing", async () => {
    await using paused = await submitted({ status: "PAUSED" });
    expect(await paused.status()).toEqual({ state: "unknown", raw: "PAUSED" });
    paused.server.fault({ step: "poll", answer: { status: 200, body: "<html>" } });
    expect(await paused.status()).toEqual({ state: "unknown", raw: "no status" });
  });

  it("[P3] a result that cannot be read for any HTTP status is no news of the request", async () => {
    await using at = await submitted();
    await at.status();
    await at.status();
    for (const status of [500, 502, 503, 504, 429, 400, 401, 403, 404]) {
      at.server.fault({ step: "result", answer: { status, body: "<html>Bad gateway</html>" } });
      await expect(at.status()).rejects.toMatchObject({ status });
    }
    expect(await at.status()).toEqual({ state: "succeeded" });
  });

  it("[P3] an error of fal's own machinery while the result is read is no news, as long as the status reported none", async () => {
    await using at = await submitted();
    await at.status();
    await at.status();
    const body = { detail: "Internal error", error_type: "internal_error" };
    at.server.fault({
      step: "result",
      answer: { status: 500, headers: { "x-fal-error-type": "internal_error" }, body },
    });
    await expect(at.status()).rejects.toMatchObject({ status: 500 });
    expect(await at.status()).toEqual({ state: "succeeded" });
  });

  it("[P3] a broken connection, a late answer and an answer that is no result are no news either", async () => {
    await using at = await submitted();
    await using hasty = openFal(at.server, HASTY);
    await at.status();
    await at.status();
    at.server.fault({ step: "result", reply: "lost" });
    at.server.fault({ step: "result", reply: "reset" });
    at.server.fault({ step: "result", answer: { status: 200, body: "<html>Sign in</html>" } });
    at.server.fault({ step: "poll", afterMs: NEVER });
    for (const [asked, why] of [
      [hasty, "too_slow"],
      [at.provider, "broken"],
      [at.provider, "broken"],
      [at.provider, undefined],
    ] as const) {
      const error: unknown = await asked.status(at.submission, signal).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect((error as { readonly why?: string }).why).toBe(why);
      expect(at.provider.classifyError(error)).toMatchObject({ code: "provider_unavailable", retryable: true });
    }
    expect(await at.status()).toEqual({ state: "succeeded" });
  });
});

describe("a request that failed at fal", () => {
  it.each<[string, FalPlan, Partial<ClassifiedError>]>([
    [
      "the rules, in the words of a model",
      failure(422, modelError("content_policy_violation", "Flagged by a content checker.", ["body", "prompt"]), {
        headers: { "x-fal-retryable": "true" },
      }),
      { code: "content_policy_input", retryable: false },
    ],
    [
      "an input that the model does not take",
      failure(422, modelError("image_too_small", "Image too small", ["body", "image_url"])),
      { code: "invalid_input", message: "Image too small (image_url)", retryable: false },
    ],
    [
      "a 422 of the old form",
      failure(422, { detail: "Prompt too long" }, {}),
      { code: "invalid_input", retryable: false },
    ],
    [
      "a list of errors without a frame",
      failure(422, modelError("no_media_generated", "Nothing was generated.").detail, {}),
      { code: "invalid_input", message: "Nothing was generated.", retryable: false },
    ],
    [
      "a model that broke, which may go better",
      failure(500, modelError("internal_server_error"), { headers: { "x-fal-retryable": "true" } }),
      { code: "provider_unavailable", retryable: true },
    ],
    [
      "a model that broke for good: X-Fal-Retryable is obeyed",
      failure(504, modelError("generation_timeout"), { headers: { "x-fal-retryable": "false" } }),
      { code: "provider_unavailable", retryable: false },
    ],
    [
      "a partner that broke, behind a 400",
      failure(400, modelError("downstream_service_error"), {}),
      { code: "provider_unavailable", retryable: true },
    ],
    [
      "a runner that went away",
      failure(
        503,
        { detail: "Runner disconnected", error_type: "runner_disconnected" },
        {
          error: "Runner disconnected",
          errorType: "runner_disconnected",
        },
      ),
      { code: "provider_unavailable", retryable: true },
    ],
    [
      "a request that fal could not read",
      failure(400, { detail: "Bad request", error_type: "bad_request" }, {}),
      { code: "invalid_input", retryable: false },
    ],
    [
      "an app that says no more than that it failed",
      failure(500, { detail: "Something broke" }),
      { code: "provider_unavailable", retryable: true },
    ],
  ])("is told by its result: %s", async (_why, plan, expected) => {
    await using at = await submitted(plan);
    expect(await at.ended()).toMatchObject({ state: "failed", error: expected });
    expect(at.count("submit")).toBe(1);
  });

  it("[P3] is not told by a gateway's page or a locked account, even when the status says that it failed: why is still to be read", async () => {
    await using at = await submitted(failure(422, modelError("content_policy_violation")));
    await at.status();
    await at.status();
    const locked = { detail: "User is locked. Reason: Exhausted balance." };
    at.server.fault({ step: "result", answer: { status: 502, body: "<html>Bad gateway</html>" } });
    at.server.fault({ step: "result", answer: { status: 403, body: locked } });
    await expect(at.status()).rejects.toMatchObject({ status: 502 });
    await expect(at.status()).rejects.toMatchObject({ status: 403 });
    expect(await at.status()).toMatchObject({ state: "failed", error: { code: "content_policy_input" } });
  });

  it("has its picture withheld by the safety checker, although the result is a 200", async () => {
    await using at = await submitted({ result: (result) => ({ ...result, has_nsfw_concepts: [true] }) });
    expect(await at.ended()).toMatchObject({
      state: "failed",
      error: { code: "content_policy_output", retryable: false },
    });
  });

  it("has no file, although it is said to be done: it is not bought again by itself", async () => {
    await using at = await submitted({ result: () => ({ images: [], has_nsfw_concepts: null }) });
    expect(await at.ended()).toMatchObject({
      state: "failed",
      error: { code: "provider_unavailable", retryable: false },
    });
  });
});

describe("cancelling at fal", () => {
  it.each<[string, FalPlan, number, ProviderStatus["state"]]>([
    ["in the queue is done at once", { stays: "IN_QUEUE" }, 0, "cancelled"],
    ["in the queue leaves nothing that could be asked about", { stays: "IN_QUEUE", forgotten: true }, 0, "cancelled"],
    ["at work asks the model, which stops", { stays: "IN_PROGRESS" }, 1, "cancelled"],
    ["at work asks the model, which finishes first", { ignoresCancel: true }, 1, "succeeded"],
    ["what is done changes nothing", {}, 2, "succeeded"],
  ])("[J7] %s", async (_what, plan, reads, state) => {
    await using at = await submitted(plan);
    for (let read = 0; read < reads; read += 1) await at.status();
    await at.cancel();
    await at.status();
    expect(await at.status()).toEqual({ state });
  });

  it("[P3] a request that cannot be found is no news, unless its cancel was answered so too", async () => {
    await using at = await submitted({ stays: "IN_QUEUE", forgotten: true });
    at.server.fault({ step: "poll", answer: { status: 404, body: { detail: "Request not found" } } });
    await expect(at.status()).rejects.toMatchObject({ status: 404 });
    await at.cancel();
    await using another = await opened();
    const elsewhere = submissionOf(IMAGE, at.providerRef);
    await expect(another.provider.status(elsewhere, signal)).rejects.toMatchObject({ status: 404 });
    await another.provider.cancel?.(elsewhere, signal);
    expect(await another.provider.status(elsewhere, signal)).toEqual({ state: "cancelled" });
  });

  it("[J7] that broke on the way is to be asked for again, one that was refused is not", async () => {
    await using at = await submitted({ stays: "IN_QUEUE" });
    at.server.fault({ step: "cancel", answer: { status: 503 } });
    at.server.fault({ step: "cancel", answer: { status: 405 } });
    expect((await refusalOf(at.provider, at.cancel() ?? Promise.resolve())).retryable).toBe(true);
    expect((await refusalOf(at.provider, at.cancel() ?? Promise.resolve())).retryable).toBe(false);
  });
});

describe("submitting to fal", () => {
  it.each<[string, { status: number; headers?: Record<string, string>; body?: unknown }, Partial<ClassifiedError>]>([
    [
      "a 429 that says when",
      { status: 429, headers: { "retry-after": "7" }, body: { detail: "Too many requests" } },
      { code: "rate_limited", retryable: true, retryAfterMs: 7_000 as ClassifiedError["retryAfterMs"] & number },
    ],
    ["a 429 that does not", { status: 429 }, { code: "rate_limited", retryable: true }],
    ["a wrong key", { status: 401, body: { detail: "Unauthorized" } }, { code: "provider_auth", retryable: false }],
    [
      "an empty account",
      {
        status: 403,
        body: { detail: "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing." },
      },
      { code: "provider_quota", retryable: false },
    ],
    [
      "a locked account",
      { status: 403, body: { detail: "User is locked. Reason: Admin lock. Please contact support@fal.ai." } },
      { code: "provider_auth", message: "fal has locked this account.", retryable: false },
    ],
    [
      "the rules",
      { status: 422, body: modelError("content_policy_violation") },
      { code: "content_policy_input", retryable: false },
    ],
    ["a model that is not there", { status: 404 }, { code: "invalid_input", retryable: false }],
  ])("[P2] is refused for certain by %s", async (_what, answer, expected) => {
    await using at = await opened();
    at.server.fault({ step: "submit", answer });
    const error = await refusalOf(at.provider, at.provider.submit(IMAGE, signal));
    expect(error).toMatchObject({ ...expected, notAccepted: true });
    expect(at.server.calls).toHaveLength(1);
  });

  it.each([500, 502, 503, 504, 499, 408])(
    "[P2] leaves open after a %i whether it was accepted, and is not repeated",
    async (status) => {
      await using at = await opened();
      at.server.fault({ step: "submit", answer: { status, headers: { "x-fal-retryable": "true" } } });
      const error = await refusalOf(at.provider, at.provider.submit(IMAGE, signal));
      expect(error.notAccepted).toBeUndefined();
      expect(error).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(at.server.calls).toHaveLength(1);
    },
  );

  it("[P2] leaves open after a lost reply, and after one that names no request, that it was accepted", async () => {
    await using at = await opened();
    at.server.fault({ step: "submit", reply: "lost" });
    expect((await refusalOf(at.provider, at.provider.submit(IMAGE, signal))).notAccepted).toBeUndefined();
    expect(at.server.accepted).toHaveLength(1);
    for (const body of [{ request_id: "../../../keys" }, {}, "ok"]) {
      at.server.fault({ step: "submit", answer: { status: 200, body } });
      expect((await refusalOf(at.provider, at.provider.submit(IMAGE, signal))).notAccepted).toBeUndefined();
    }
    expect([at.provider.lookup, at.provider.idempotentSubmit]).toEqual([undefined, false]);
  });

  it("[P2] asks nothing of fal when a picture cannot be read", async () => {
    await using at = await opened();
    const request = { ...VIDEO, inputPaths: ["/nowhere/at-all.png"] };
    const error = await refusalOf(at.provider, at.provider.submit(request, signal));
    expect(error).toMatchObject({ code: "storage_failed", notAccepted: true });
    expect(at.server.calls).toEqual([]);
  });

  it("sends a picture within the request, to the model's other endpoint", async () => {
    await using folder = await temporaryFolder();
    await using at = await opened();
    const path = join(folder.path, "first.png");
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "navy" } })
      .png()
      .toBuffer();
    await writeFile(path, png);
    await at.provider.submit({ ...VIDEO, inputPaths: [path] }, signal);
    expect(at.server.accepted).toMatchObject([
      {
        endpoint: "fal-ai/veo3.1/fast/image-to-video",
        input: { image_url: `data:image/png;base64,${png.toString("base64")}` },
      },
    ]);
  });
});

describe("a file at fal", () => {
  it("[P3] can be fetched again after a failure, and its address is never shown the key", async () => {
    await using at = await submitted();
    await at.ended();
    at.server.fault({ step: "file", answer: { status: 503 } });
    at.server.fault({ step: "file", reply: "lost" });
    for (let time = 0; time < 2; time += 1)
      expect(await refusalOf(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: true });
    const bytes = await buffer((await at.fetch()).body);
    expect((await sharp(bytes).metadata()).format).toBe("png");
    const shown = at.server.calls.filter(({ step }) => step === "file").map(({ headers }) => headers["authorization"]);
    expect(shown).toEqual([undefined, undefined, undefined]);
    expect(at.count("submit")).toBe(1);
  });

  it.each([403, 404, 410])("that answers %i is gone, and is not made a second time by itself", async (status) => {
    await using at = await submitted();
    await at.ended();
    at.server.fault({ step: "file", answer: { status, body: "gone" } });
    expect(await refusalOf(at.provider, at.fetch())).toMatchObject({
      code: "provider_unavailable",
      message: "The finished file is no longer at fal.",
      retryable: false,
    });
  });

  it("is refused where its address or a redirect leads into the own network", async () => {
    const inside = "https://169.254.169.254/latest/meta-data";
    await using named = await submitted({ result: () => ({ images: [{ url: inside }] }) });
    await named.ended();
    await using sent = await submitted();
    await sent.ended();
    sent.server.fault({ step: "file", answer: { status: 302, headers: { location: inside } } });
    await using other = await submitted({ result: () => ({ images: [{ url: "http://example.com/a.png" }] }) });
    await other.ended();
    for (const at of [named, sent, other])
      expect(await refusalOf(at.provider, at.fetch())).toMatchObject({
        message: "The provider named an address that is not visited.",
        retryable: false,
      });
  });

  it("that breaks off is an error; one that is cut short as if it were whole is left for the probe to find", async () => {
    await using at = await submitted();
    await at.ended();
    const whole = await buffer((await at.fetch()).body);
    at.server.fault({ step: "file", reply: "reset" });
    expect(await refusalOf(at.provider, buffer((await at.fetch()).body))).toMatchObject({ retryable: true });
    at.server.fault({ step: "file", reply: "truncated" });
    expect((await buffer((await at.fetch()).body)).length).toBeLessThan(whole.length);
  });

  it("that does not come is given up", async () => {
    await using at = await submitted();
    await using hasty = openFal(at.server, HASTY);
    await at.ended();
    at.server.fault({ step: "result", afterMs: NEVER });
    const fetched = hasty.fetchOutput(at.submission, signal);
    expect(await refusalOf(hasty, fetched)).toMatchObject({ code: "provider_unavailable", retryable: true });
  });
});

it("never repeats the key, not even where fal does", async () => {
  await using at = await submitted(failure(422, modelError("invalid", `The key ${FAL_TEST_KEY} may not.`)));
  const seen: unknown[] = [at.provider, await at.ended()];
  const answers = [
    { status: 401, body: { detail: `No such key: ${FAL_TEST_KEY}` } },
    { status: 422, body: modelError("invalid", `The key ${FAL_TEST_KEY} may not.`, ["body", FAL_TEST_KEY]) },
    { status: 500, headers: { "x-fal-error-type": FAL_TEST_KEY }, body: { error_type: FAL_TEST_KEY, detail: "" } },
    { status: 503 },
  ];
  for (const answer of answers) {
    at.server.fault({ step: "submit", answer });
    seen.push(await refusalOf(at.provider, at.provider.submit(IMAGE, signal)));
  }
  at.server.fault({ step: "poll", answer: { status: 200, body: { status: FAL_TEST_KEY } } });
  seen.push(await at.status());
  expect(inspect(seen, { depth: 10, showHidden: true })).not.toContain(FAL_TEST_KEY);
  expect(JSON.stringify(seen)).not.toContain(FAL_TEST_KEY);
});
