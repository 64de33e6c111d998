import { ApiError, createFalClient, parseEndpointId, ValidationError } from "@fal-ai/client";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openFal } from "../../testing/protocols/fal/openFal.ts";
import { FAL_TEST_KEY, openFalServer } from "../../testing/protocols/fal/openFalServer.ts";
import { FAL_MODELS } from "./falModels.ts";
import type { EndpointTypeMap } from "@fal-ai/client/endpoints";
import type { FalPlan, FalServer } from "../../testing/protocols/fal/openFalServer.ts";
import type { SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();
const SCHNELL = "fal-ai/flux/schnell";

/** fal's own client; it knows one address, which is led to the server here. */
function clientOf(server: FalServer, credentials = FAL_TEST_KEY) {
  return createFalClient({
    credentials,
    fetch: (address, init) => {
      const { pathname, search } = new URL(address instanceof Request ? address.url : address);
      return fetch(new URL(`${pathname}${search}`, server.url), init);
    },
  });
}

async function opened(plan: FalPlan = {}) {
  const server = await openFalServer(() => plan);
  const { queue } = clientOf(server);
  const { request_id: requestId } = await queue.submit(SCHNELL, { input: { prompt: "fog" } });
  return { server, queue, requestId, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe("fal's own client against the protocol server", () => {
  it("submits, follows to the end and fetches the same picture", async () => {
    await using at = await opened();
    const { queue, requestId } = at;
    const told = [];
    for (let read = 0; read < 3; read += 1) told.push(await queue.status(SCHNELL, { requestId, logs: true }));
    expect(told.map(({ status }) => status)).toEqual(["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]);
    expect(told[0]).toMatchObject({ request_id: requestId, queue_position: 0 });
    const { data, requestId: named } = await queue.result(SCHNELL, { requestId });
    expect(named).toBe(requestId);
    const [image] = data.images;
    const bytes = await (await fetch(image?.url ?? "")).arrayBuffer();
    expect((await sharp(bytes).metadata()).format).toBe("png");
    expect(data.has_nsfw_concepts).toEqual([false]);
  });

  it("waits as its users do, with one call", async () => {
    await using server = await openFalServer();
    const { data } = await clientOf(server).subscribe("fal-ai/veo3.1/fast", {
      input: { prompt: "fog", duration: "4s" },
      pollInterval: 10,
    });
    expect(data.video).toMatchObject({ content_type: "video/mp4" });
  });

  it("cancels in the queue, and is told so by the result", async () => {
    await using at = await opened({ stays: "IN_QUEUE" });
    const { queue, requestId } = at;
    await queue.cancel(SCHNELL, { requestId });
    expect((await queue.status(SCHNELL, { requestId })).status).toBe("COMPLETED");
    await expect(queue.result(SCHNELL, { requestId })).rejects.toMatchObject({
      status: 499,
      body: { error_type: "client_cancelled" },
    });
    await expect(queue.cancel(SCHNELL, { requestId })).rejects.toMatchObject({
      status: 400,
      body: { status: "ALREADY_COMPLETED" },
    });
  });

  it("understands a refusal by the rules, a request that is not there, and a wrong key", async () => {
    const detail = [{ loc: ["body", "prompt"], msg: "Flagged.", type: "content_policy_violation" }];
    await using at = await opened({ failure: { status: 422, body: { detail } } });
    const { queue, requestId, server } = at;
    for (let read = 0; read < 3; read += 1) await queue.status(SCHNELL, { requestId });
    const refused: unknown = await queue.result(SCHNELL, { requestId }).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(ValidationError);
    expect((refused as ValidationError).getFieldErrors("prompt")).toEqual(detail);
    const absent = { requestId: "6a3f0b1e-0000-4000-8000-000000000000" };
    await expect(queue.status(SCHNELL, absent)).rejects.toMatchObject({ status: 404 });
    await expect(queue.cancel(SCHNELL, absent)).rejects.toMatchObject({ body: { status: "NOT_FOUND" } });
    const stranger = clientOf(server, "another").queue.submit(SCHNELL, { input: { prompt: "fog" } });
    await expect(stranger).rejects.toBeInstanceOf(ApiError);
    await expect(stranger).rejects.toMatchObject({ status: 401 });
  });
});

const WORDS = { prompt: "A lighthouse in fog" };
const SEEN = "data:image/png;base64,AAAA";

type Asked<Endpoint extends keyof EndpointTypeMap> = EndpointTypeMap[Endpoint]["input"];

/** What each model is asked, in the types of fal's own client: a field that it does not know does not compile. */
const ASKED = {
  "fal/flux-schnell": {
    endpoint: "fal-ai/flux/schnell",
    input: {
      ...WORDS,
      image_size: { width: 1680, height: 720 },
      num_images: 1,
      output_format: "png",
      seed: 7,
    } satisfies Asked<"fal-ai/flux/schnell">,
  },
  "fal/nano-banana-2": {
    endpoint: "fal-ai/nano-banana-2/edit",
    input: {
      ...WORDS,
      aspect_ratio: "21:9",
      resolution: "1K",
      num_images: 1,
      limit_generations: true,
      output_format: "png",
      seed: 7,
      image_urls: [SEEN],
    } satisfies Asked<"fal-ai/nano-banana-2/edit">,
  },
  "fal/seedream-4.5": {
    endpoint: "fal-ai/bytedance/seedream/v4.5/edit",
    input: {
      ...WORDS,
      image_size: { width: 3024, height: 1296 },
      num_images: 1,
      max_images: 1,
      seed: 7,
      image_urls: [SEEN],
    } satisfies Asked<"fal-ai/bytedance/seedream/v4.5/edit">,
  },
  "fal/veo-3.1-fast": {
    endpoint: "fal-ai/veo3.1/fast/image-to-video",
    input: {
      ...WORDS,
      aspect_ratio: "16:9",
      duration: "6s",
      resolution: "720p",
      generate_audio: true,
      auto_fix: false,
      seed: 7,
      image_url: SEEN,
    } satisfies Asked<"fal-ai/veo3.1/fast/image-to-video">,
  },
  "fal/kling-3-standard": {
    endpoint: "fal-ai/kling-video/v3/standard/text-to-video",
    input: {
      ...WORDS,
      aspect_ratio: "16:9",
      duration: "5",
      generate_audio: false,
    } satisfies Asked<"fal-ai/kling-video/v3/standard/text-to-video">,
  },
};

describe("the models at fal", () => {
  it("are asked for what fal's own types allow, pictures included where they take them", () => {
    const asked = FAL_MODELS.map((model) => {
      const pictures = model.maxInputs === 0 ? [] : [SEEN];
      const request: SubmitRequest = {
        clientRef: "job-1",
        model: model.id,
        type: model.type,
        ...WORDS,
        params: { aspectRatio: model.aspectRatios.at(-1) === "21:9" ? "21:9" : "16:9", durationMs: 4_500, seed: 7 },
        inputPaths: [],
      };
      return [model.id, { endpoint: model.endpoint(pictures), input: model.input(request, pictures) }];
    });
    expect(Object.fromEntries(asked)).toEqual(ASKED);
  });

  it("have their requests where fal's own client looks for them, with pictures or without", async () => {
    await using server = await openFalServer();
    await using provider = openFal(server);
    for (const { id, type, endpoint } of FAL_MODELS) {
      const request = { clientRef: id, model: id, type, ...WORDS, params: { durationMs: 4_000 }, inputPaths: [] };
      const { providerRef } = await provider.submit(request, signal);
      for (const { owner, alias } of [endpoint([]), endpoint([SEEN])].map(parseEndpointId))
        expect(providerRef).toBe(`${owner}/${alias}/requests/${server.accepted.at(-1)?.id}`);
    }
  });

  it("[C1] are paid by the length that is made, which is not shorter than what was asked for", () => {
    const priceOf = (id: string, ...spans: readonly number[]) => {
      const model = FAL_MODELS.find((offer) => offer.id === id);
      return spans.map((durationMs) => model?.price({ durationMs }));
    };
    expect(priceOf("fal/veo-3.1-fast", 4_000, 4_001, 6_000, 8_000)).toEqual([60, 90, 90, 120]);
    expect(priceOf("fal/kling-3-standard", 3_000, 5_000, 5_001, 15_000)).toEqual([26, 42, 51, 126]);
  });

  it("[P2] asks nothing of fal for a model that is not offered any more", async () => {
    await using server = await openFalServer();
    await using provider = openFal(server);
    const request: SubmitRequest = {
      clientRef: "job-1",
      model: "fal/retired",
      type: "image",
      ...WORDS,
      params: {},
      inputPaths: [],
    };
    const error: unknown = await provider.submit(request, signal).catch((thrown: unknown) => thrown);
    expect(provider.classifyError(error)).toMatchObject({ code: "invalid_input", notAccepted: true });
    expect(server.calls).toEqual([]);
  });
});
