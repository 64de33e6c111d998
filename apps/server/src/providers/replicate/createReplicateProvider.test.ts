import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openReplicate } from "../../testing/protocols/replicate/openReplicate.ts";
import {
  HOUR_MS,
  REPLICATE_CLIP,
  REPLICATE_PICTURE,
  callsOf,
  refusedSubmit,
} from "../../testing/protocols/replicate/replicateRequest.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import { REPLICATE_MODELS } from "./replicateModels.ts";
import type { Fault } from "../../testing/protocols/openProtocolServer.ts";
import type { Course } from "../../testing/protocols/replicate/ServedPrediction.ts";
import type { SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();

providerContract("replicate", async () => {
  const opened = await openReplicate();
  const making = (request: SubmitRequest, course: Course) => (clientRef: string) => {
    opened.server.follow(course);
    return { ...request, clientRef };
  };
  return {
    provider: opened.provider,
    quick: making(REPLICATE_PICTURE, { startMs: 40, runMs: 80 }),
    slow: making(REPLICATE_CLIP, { runMs: HOUR_MS }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
});

describe("asking Replicate", () => {
  it.each(REPLICATE_MODELS.map(({ offer }) => [offer.id, offer] as const))(
    "asks for %s as its page says, with as many pictures as it takes",
    async (id, offer) => {
      await using at = await openReplicate();
      const reference = fileURLToPath(new URL("../../testing/media/photo-portrait-8.jpg", import.meta.url));
      for (const aspectRatio of offer.aspectRatios) {
        const [resolution] = offer.resolutions;
        const params = { aspectRatio, seed: 2 ** 32 - 1, ...(resolution === undefined ? {} : { resolution }) };
        const request = { ...REPLICATE_PICTURE, model: id, type: offer.type, params };
        await at.provider.submit(request, signal);
        if (aspectRatio !== offer.aspectRatios[0]) continue;
        await at.provider.submit({ ...request, inputPaths: [reference].slice(0, offer.maxInputs) }, signal);
      }
      const pictures = at.server.predictions.flatMap(({ input }) =>
        Object.values(input).filter((value) => String(value).startsWith("data:image/jpeg;base64,")),
      );
      expect(pictures.length).toBe(offer.maxInputs);
      expect(at.server.predictions[0]?.input).toMatchObject({ prompt: REPLICATE_PICTURE.prompt, seed: 2 ** 31 - 1 });
    },
  );

  it("[P1] knows a request by its id, whatever else the answer that accepted it lacks", async () => {
    await using at = await openReplicate();
    at.server.fault({ step: "submit", answer: { status: 201, body: { id: "p1", status: null } } });
    expect(await at.provider.submit(REPLICATE_PICTURE, signal)).toEqual({ providerRef: "p1" });
  });

  it("never waits within the call, and bounds what Replicate may do for it before the studio's own deadline", async () => {
    await using at = await openReplicate();
    for (const request of [REPLICATE_PICTURE, REPLICATE_CLIP]) await at.provider.submit(request, signal);
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
    const params = { ...REPLICATE_CLIP.params, durationMs: 4_100 };
    await at.provider.submit({ ...REPLICATE_CLIP, params }, signal);
    expect(at.server.predictions[0]?.input).toMatchObject({ duration: 5, resolution: "720p", generate_audio: false });
    const { price } = at.provider.models.find(({ id }) => id === REPLICATE_CLIP.model) ?? {};
    expect([price?.({ durationMs: 4_100 }), price?.({ durationMs: 5_000 }), price?.({ durationMs: 2_000 })]).toEqual([
      13, 13, 6,
    ]);
  });

  it("[P2] sends nothing when a picture cannot go along, and says so", async () => {
    await using at = await openReplicate();
    await using folder = await temporaryFolder();
    const large = join(folder.path, "large");
    await writeFile(large, Buffer.alloc(10_000_001));
    const request = { ...REPLICATE_PICTURE, model: "replicate/flux-kontext-pro" };
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

  it("[P2] sends nothing of parameters that it cannot put together, and says so: not that it may have been accepted", async () => {
    await using at = await openReplicate();
    for (const params of [{ durationMs: "long" }, { seed: 0.5 }, { aspectRatio: 7 }])
      expect(await refusedSubmit(at, { ...REPLICATE_CLIP, params })).toMatchObject({
        code: "internal",
        retryable: false,
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
    const wrongRatio = { ...REPLICATE_PICTURE, params: { aspectRatio: "7:1", seed: 1 } };
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
