import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { openReplicate } from "../../testing/protocols/replicate/openReplicate.ts";
import { REPLICATE_TOKEN } from "../../testing/protocols/replicate/openReplicateServer.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import { REPLICATE_MODELS } from "./replicateModels.ts";
import type { OpenedReplicate } from "../../testing/protocols/replicate/openReplicate.ts";
import type { Course } from "../../testing/protocols/replicate/ServedPrediction.ts";
import type { Fault } from "../../testing/protocols/openProtocolServer.ts";
import type { ProviderStatus, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();
const HOUR_MS = 3_600_000;
const PICTURE: SubmitRequest = {
  clientRef: "job-1",
  model: "replicate/flux-schnell",
  type: "image",
  prompt: "A lighthouse in fog",
  params: { aspectRatio: "16:9", seed: 4_000_000_000 },
  inputPaths: [],
};
const CLIP: SubmitRequest = {
  ...PICTURE,
  model: "replicate/seedance-1.5-pro",
  type: "video",
  params: { aspectRatio: "16:9", resolution: "720p", durationMs: 2_000, seed: 7 },
};

providerContract("replicate", async () => {
  const opened = await openReplicate();
  const making = (request: SubmitRequest, course: Course) => (clientRef: string) => {
    opened.server.follow(course);
    return { ...request, clientRef };
  };
  return {
    provider: opened.provider,
    quick: making(PICTURE, { startMs: 40, runMs: 80 }),
    slow: making(CLIP, { runMs: HOUR_MS }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
});

/** What was thrown by a call, as the worker hears of it. */
async function refusal({ provider }: OpenedReplicate, asked: Promise<unknown>) {
  const error = await asked.then(
    () => {
      throw new Error("It was answered.");
    },
    (thrown: unknown) => thrown,
  );
  return provider.classifyError(error);
}

const refusedSubmit = (at: OpenedReplicate, request = PICTURE) => refusal(at, at.provider.submit(request, signal));

/** A prediction with a course, and its status as far along it as is said. */
async function submitted(at: OpenedReplicate, course: Course = {}, request = PICTURE) {
  at.server.follow(course);
  const { providerRef } = await at.provider.submit(request, signal);
  const submission = submissionOf(request, providerRef);
  return {
    submission,
    status: () => at.provider.status(submission, signal),
    fetch: () => at.provider.fetchOutput(submission, signal),
  };
}

const callsOf = ({ server }: OpenedReplicate, step: string) => server.calls.filter((call) => call.step === step);

describe("asking Replicate", () => {
  it.each(REPLICATE_MODELS.map(({ offer }) => [offer.id, offer] as const))(
    "asks for %s as its page says, with as many pictures as it takes",
    async (id, offer) => {
      await using at = await openReplicate();
      const reference = fileURLToPath(new URL("../../testing/media/photo-portrait-8.jpg", import.meta.url));
      for (const aspectRatio of offer.aspectRatios) {
        const [resolution] = offer.resolutions;
        const params = { aspectRatio, seed: 2 ** 32 - 1, ...(resolution === undefined ? {} : { resolution }) };
        const request = { ...PICTURE, model: id, type: offer.type, params };
        await at.provider.submit(request, signal);
        if (aspectRatio !== offer.aspectRatios[0]) continue;
        await at.provider.submit({ ...request, inputPaths: [reference].slice(0, offer.maxInputs) }, signal);
      }
      const pictures = at.server.predictions.flatMap(({ input }) =>
        Object.values(input).filter((value) => String(value).startsWith("data:image/jpeg;base64,")),
      );
      expect(pictures.length).toBe(offer.maxInputs);
      expect(at.server.predictions[0]?.input).toMatchObject({ prompt: PICTURE.prompt, seed: 2 ** 31 - 1 });
    },
  );

  it("[P1] knows a request by its id, whatever else the answer that accepted it lacks", async () => {
    await using at = await openReplicate();
    at.server.fault({ step: "submit", answer: { status: 201, body: { id: "p1", status: null } } });
    expect(await at.provider.submit(PICTURE, signal)).toEqual({ providerRef: "p1" });
  });

  it("never waits within the call, and bounds what Replicate may do for it before the studio's own deadline", async () => {
    await using at = await openReplicate();
    for (const request of [PICTURE, CLIP]) await at.provider.submit(request, signal);
    const asked = callsOf(at, "submit").map(({ headers }) => [headers["prefer"], headers["cancel-after"]]);
    expect(asked).toEqual([
      [undefined, "10m"],
      [undefined, "20m"],
    ]);
    for (const { offer, deadlineMinutes } of REPLICATE_MODELS)
      expect(offer.attemptTimeoutMs).toBeGreaterThan(deadlineMinutes * 60_000);
  });

  it("[C1] prices a clip by the whole seconds that it asks for", async () => {
    await using at = await openReplicate();
    const params = { ...CLIP.params, durationMs: 4_100 };
    await at.provider.submit({ ...CLIP, params }, signal);
    expect(at.server.predictions[0]?.input).toMatchObject({ duration: 5, resolution: "720p", generate_audio: false });
    const { price } = at.provider.models.find(({ id }) => id === CLIP.model) ?? {};
    expect([price?.({ durationMs: 4_100 }), price?.({ durationMs: 5_000 }), price?.({ durationMs: 2_000 })]).toEqual([
      13, 13, 6,
    ]);
  });

  it("[P2] sends nothing when a picture cannot go along, and says so", async () => {
    await using at = await openReplicate();
    await using folder = await temporaryFolder();
    const large = join(folder.path, "large");
    await writeFile(large, Buffer.alloc(10_000_001));
    const request = { ...PICTURE, model: "replicate/flux-kontext-pro" };
    expect(await refusedSubmit(at, { ...request, inputPaths: [large] })).toMatchObject({
      code: "invalid_input",
      notAccepted: true,
    });
    expect(await refusedSubmit(at, { ...request, inputPaths: [join(folder.path, "gone")] })).toMatchObject({
      code: "storage_failed",
      notAccepted: true,
    });
    expect(callsOf(at, "submit")).toEqual([]);
  });

  it("[P2] claims no lookup and no idempotence, which Replicate does not document", async () => {
    await using at = await openReplicate();
    expect([at.provider.lookup, at.provider.idempotentSubmit]).toEqual([undefined, false]);
  });
});

describe("a submit that Replicate turns away", () => {
  const said = (status: number, title: string, detail: string): Fault => ({
    step: "submit",
    answer: { status, body: { title, detail, status } },
  });

  it.each([
    ["the key", 401, "Unauthenticated", "You did not pass a valid authentication token", "provider_auth"],
    [
      "an empty account",
      402,
      "Insufficient credit",
      "You have insufficient credit to run this model.",
      "provider_quota",
    ],
    ["a spend limit", 403, "Forbidden", "You've hit your monthly spend limit.", "provider_quota"],
    ["a model that is gone", 404, "Not found", "The requested resource could not be found.", "invalid_input"],
    ["its input", 422, "Input validation failed", "- input.prompt: prompt is required\n", "invalid_input"],
    ["its content", 422, "Input rejected", "The prompt was flagged as sensitive.", "content_policy_input"],
  ])("[P2] says of %s what it is: certainly not accepted, and final", async (_what, status, title, detail, code) => {
    await using at = await openReplicate();
    at.server.fault(said(status, title, detail));
    const error = await refusedSubmit(at);
    expect(error).toMatchObject({ code, retryable: false, notAccepted: true });
    if (code === "invalid_input" || code === "content_policy_input") expect(error.message).toContain(detail.trim());
    expect(callsOf(at, "submit").length).toBe(1);
  });

  it("[P2] knows a wrong key and a wrong input from the server itself", async () => {
    await using wrongKey = await openReplicate({ token: "r8_wrong" });
    expect(await refusedSubmit(wrongKey)).toMatchObject({ code: "provider_auth", notAccepted: true });
    await using at = await openReplicate();
    const wrongRatio = { ...PICTURE, params: { aspectRatio: "7:1", seed: 1 } };
    const error = await refusedSubmit(at, wrongRatio);
    expect(error).toMatchObject({ code: "invalid_input", notAccepted: true });
    expect(error.message).toContain("input.aspect_ratio");
    expect(at.server.predictions).toEqual([]);
  });

  it("[J5] waits as long as it is asked to, be it in the header or in words", async () => {
    await using at = await openReplicate();
    const words = { detail: "Request was throttled. Your rate limit resets in ~30s." };
    at.server.fault({ step: "submit", answer: { status: 429, headers: { "retry-after": "7" }, body: words } });
    at.server.fault({ step: "submit", answer: { status: 429, body: words } });
    at.server.fault({ step: "submit", answer: { status: 429, body: "slow down" } });
    const errors = [await refusedSubmit(at), await refusedSubmit(at), await refusedSubmit(at)];
    for (const error of errors)
      expect(error).toMatchObject({ code: "rate_limited", retryable: true, notAccepted: true });
    expect(errors.map(({ retryAfterMs }) => retryAfterMs)).toEqual([7_000, 30_000, undefined]);
    expect(callsOf(at, "submit").length).toBe(3);
  });
});

describe("a submit whose outcome nobody knows", () => {
  const FAULTS: readonly (readonly [string, Omit<Fault, "step">])[] = [
    ["500", { answer: { status: 500, body: { detail: "Internal server error" } } }],
    ["503 that is a page", { answer: { status: 503, headers: { "content-type": "text/html" }, body: "<html>" } }],
    ["a lost reply", { reply: "lost" }],
    ["a reset within the answer", { reply: "reset" }],
    ["half an answer", { reply: "truncated" }],
    ["an answer without an id", { answer: { status: 201, body: { status: "starting" } } }],
    ["an id that would lead elsewhere", { answer: { status: 201, body: { id: "../account", status: "starting" } } }],
  ];

  it.each(FAULTS)("[P2] %s: is asked once, and not taken for a no", async (_what, fault) => {
    await using at = await openReplicate();
    at.server.fault({ step: "submit", ...fault });
    const error = await refusedSubmit(at);
    expect(error.code).toBe("provider_unavailable");
    expect(error.notAccepted).toBeUndefined();
    expect(callsOf(at, "submit").length).toBe(1);
  });
});

describe("what became of a prediction", () => {
  it.each([
    [
      "E005",
      "The input or output was flagged as sensitive. Please try again with different inputs. (E005)",
      "content_policy_input",
      false,
    ],
    [
      "the prompt",
      "The request failed because the input text may contain sensitive information.",
      "content_policy_input",
      false,
    ],
    ["NSFW", "NSFW content detected. Try running it again, or try a different prompt.", "content_policy_output", false],
    [
      "a withheld clip",
      "The request failed because the output video may contain sensitive information.",
      "content_policy_output",
      false,
    ],
    ["E006", "The input was invalid. (E006)", "invalid_input", false],
    ["E1001", "E1001: Model out of memory", "invalid_input", false],
    [
      "E003",
      "Service is currently unavailable due to high demand. Please try again later. (E003)",
      "rate_limited",
      true,
    ],
    ["a time-out", "The upstream request timed out", "timeout", true],
    ["an interruption", "Prediction interrupted; please retry (code: PA)", "provider_unavailable", true],
    ["whatever else", "'NoneType' object has no attribute 'shape'", "provider_unavailable", true],
  ])("[J5] reads %s in the words of a failure", async (_what, words, code, retryable) => {
    await using at = await openReplicate();
    const { status } = await submitted(at, { error: words });
    expect(await status()).toMatchObject({
      state: "failed",
      error: { code, retryable, message: `Replicate failed: ${words}` },
    });
  });

  it("tells waiting from running, and no progress", async () => {
    await using at = await openReplicate();
    const { status } = await submitted(at, { startMs: HOUR_MS / 60, runMs: HOUR_MS / 60 });
    expect(await status()).toEqual({ state: "queued", position: null });
    at.server.pass(HOUR_MS / 60);
    expect(await status()).toEqual({ state: "running", fraction: null });
    at.server.pass(HOUR_MS / 60);
    expect(await status()).toEqual({ state: "succeeded" });
  });

  it("[P5] takes a status that it does not know for unknown, whatever else is said", async () => {
    await using at = await openReplicate();
    const { status } = await submitted(at, { status: "Succeeded" });
    expect(await status()).toEqual({ state: "unknown", raw: "Succeeded" });
  });

  it("[J7] says that it was cancelled where that was asked for, in whatever state, by us or at Replicate's site", async () => {
    await using at = await openReplicate();
    for (const course of [{ startMs: HOUR_MS }, { runMs: HOUR_MS }]) {
      const { status, submission } = await submitted(at, course, CLIP);
      await at.provider.cancel?.(submission, signal);
      at.server.pass(HOUR_MS);
      expect(await status()).toEqual({ state: "cancelled" });
    }
  });

  it("[J7] leaves what was done first done, cancelled or not", async () => {
    await using at = await openReplicate();
    const { status, submission } = await submitted(at);
    await at.provider.cancel?.(submission, signal);
    expect(await status()).toEqual({ state: "succeeded" });
  });

  it("[J10] takes the end that its deadline brought for a time-out: tried again where nothing ran, left to a person where it did", async () => {
    await using at = await openReplicate();
    const ended = async (course: Course): Promise<ProviderStatus> => {
      const { status } = await submitted(at, course, CLIP);
      at.server.pass(30 * 60_000);
      return status();
    };
    expect(await ended({ startMs: HOUR_MS })).toMatchObject({
      state: "failed",
      error: { code: "timeout", retryable: true },
    });
    expect(await ended({ runMs: HOUR_MS })).toMatchObject({
      state: "failed",
      error: { code: "timeout", retryable: false },
    });
  });

  it("[J10] goes by the documented meaning of a status where no times are told", async () => {
    await using at = await openReplicate();
    const { status } = await submitted(at);
    const bare = (said: string): void =>
      at.server.fault({ step: "poll", answer: { status: 200, body: { id: "p1", status: said, deadline: 7 } } });
    bare("aborted");
    bare("canceled");
    expect([(await status()).state, (await status()).state]).toEqual(["failed", "cancelled"]);
  });

  it("[P6] says of a result that was deleted after its hour what it is, and that another one costs again", async () => {
    await using at = await openReplicate();
    const { status, fetch } = await submitted(at);
    at.server.pass(HOUR_MS - 1_000);
    expect(await status()).toEqual({ state: "succeeded" });
    at.server.pass(1_000);
    const after = await status();
    expect(after).toMatchObject({ state: "failed", error: { code: "provider_unavailable", retryable: false } });
    expect(after.state === "failed" && after.error.message).toMatch(/after an hour.*charged/);
    // Between the status and the fetch: the next attempt's status decides.
    expect(await refusal(at, fetch())).toMatchObject({ code: "provider_unavailable", retryable: true });
  });

  it("[P3] has no news where it was not answered, and goes on", async () => {
    await using at = await openReplicate();
    const { status } = await submitted(at);
    const faults: readonly Omit<Fault, "step">[] = [
      { answer: { status: 502 } },
      { answer: { status: 429, headers: { "retry-after": "3" } } },
      { answer: { status: 200, body: "<html>" } },
      { answer: { status: 404, body: { detail: "The requested resource could not be found." } } },
      { reply: "lost" },
      { reply: "reset" },
    ];
    for (const fault of faults) {
      at.server.fault({ step: "poll", ...fault });
      expect((await refusal(at, status())).message).not.toBe("");
    }
    expect(await status()).toEqual({ state: "succeeded" });
  });
});

describe("the file that Replicate made", () => {
  it.each([
    ["a string", (url: string) => url],
    ["a list", (url: string) => [url, `${url}2`]],
    ["an object", (url: string) => ({ seed: 7, video: { url } })],
  ])("is found in %s", async (_what, output) => {
    await using at = await openReplicate();
    const { status, fetch } = await submitted(at, { output });
    expect(await status()).toEqual({ state: "succeeded" });
    expect((await buffer((await fetch()).body)).length).toBeGreaterThan(100);
  });

  it.each([
    ["nothing", () => null],
    ["words", () => "hello Alice"],
    ["an empty list", () => []],
  ])("[P6] is none where %s came out: a final failure, not a job without an end", async (_what, output) => {
    await using at = await openReplicate();
    const { status } = await submitted(at, { output });
    expect(await status()).toMatchObject({ state: "failed", error: { retryable: false } });
  });

  it.each([
    ["500", { answer: { status: 500 } }, "provider_unavailable"],
    ["404", { answer: { status: 404 } }, "provider_unavailable"],
    ["403 of the file's place, which says nothing of the key", { answer: { status: 403 } }, "provider_unavailable"],
    ["429", { answer: { status: 429, headers: { "retry-after": "3" } } }, "rate_limited"],
    ["a lost reply", { reply: "lost" }, "provider_unavailable"],
  ] as const)("[P3] is fetched again after %s", async (_what, fault, code) => {
    await using at = await openReplicate();
    const { fetch } = await submitted(at);
    at.server.fault({ step: "file", ...fault });
    expect(await refusal(at, fetch())).toMatchObject({ code, retryable: true });
    expect((await fetch()).claimedMime).toBe("image/png");
  });

  it("[P3] breaks off as a broken connection, or as a slow one, never as a shorter file", async () => {
    await using at = await openReplicate();
    const { fetch, submission } = await submitted(at);
    at.server.fault({ step: "file", reply: "reset" });
    const { body } = await fetch();
    expect(await refusal(at, buffer(body))).toMatchObject({ code: "provider_unavailable", retryable: true });
    at.server.fault({ step: "file", afterMs: HOUR_MS });
    const patience = new AbortController();
    const slow = refusal(at, at.provider.fetchOutput(submission, patience.signal));
    await vi.waitUntil(() => callsOf(at, "file").length === 2, { timeout: 15_000 });
    patience.abort(new DOMException("Enough.", "TimeoutError"));
    expect(await slow).toMatchObject({ code: "provider_unavailable", retryable: true });
  });

  it.each(["http://10.0.0.7/a.png", "https://127.0.0.1/a.png", "https://169.254.169.254/latest/meta-data"])(
    "is not fetched from %s, named by Replicate or by a redirect",
    async (url) => {
      await using at = await openReplicate();
      const named = await submitted(at, { output: () => url });
      expect(await refusal(at, named.fetch())).toMatchObject({ code: "provider_unavailable", retryable: false });
      const { fetch } = await submitted(at);
      at.server.fault({ step: "file", answer: { status: 302, headers: { location: url } } });
      expect(await refusal(at, fetch())).toMatchObject({ code: "provider_unavailable", retryable: false });
    },
  );
});

describe("the key", () => {
  it("stands in one header and in nothing that is said, even where Replicate repeats it", async () => {
    await using at = await openReplicate();
    const echo = `No access for Bearer ${REPLICATE_TOKEN}`;
    const told: unknown[] = [at.provider];
    for (const status of [400, 401, 402, 404, 422, 429, 500]) {
      at.server.fault({ step: "submit", answer: { status, body: { title: echo, detail: echo, status } } });
      told.push(await refusedSubmit(at));
    }
    told.push(await (await submitted(at, { error: echo })).status());
    told.push(await (await submitted(at, { status: echo })).status());
    told.push(await refusal(at, (await submitted(at, { output: () => `http://${REPLICATE_TOKEN}.example/` })).fetch()));
    at.server.fault({ step: "poll", answer: { status: 200, body: { id: REPLICATE_TOKEN, status: 7 } } });
    told.push(await refusal(at, (await submitted(at)).status()));
    expect(inspect(told, { depth: 10 }) + JSON.stringify(told)).not.toContain(REPLICATE_TOKEN);
    expect(JSON.stringify(told)).toContain("[secret]");
    expect(at.server.calls.every(({ path }) => !path.includes(REPLICATE_TOKEN))).toBe(true);
    expect(callsOf(at, "submit")[0]?.headers["authorization"]).toBe(`Bearer ${REPLICATE_TOKEN}`);
  });
});
