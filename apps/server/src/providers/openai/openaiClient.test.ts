import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError, toFile } from "openai";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { OPENAI_TEST_KEY, openOpenaiServer } from "../../testing/protocols/openai/openOpenaiServer.ts";
import type { OpenaiPlan } from "../../testing/protocols/openai/openOpenaiServer.ts";

/** OpenAI's own client, against the server that our adapter is tried against: what it does not understand, we would not have to. */
async function opened(plan: OpenaiPlan = {}, apiKey = OPENAI_TEST_KEY) {
  const server = await openOpenaiServer(() => plan);
  const client = new OpenAI({ apiKey, baseURL: server.home.href, maxRetries: 0 });
  return { server, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const caught = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
const PICTURE = { model: "gpt-image-2.6-flare", prompt: "fog" } as const;

describe("OpenAI's own client", () => {
  it("draws a picture", async () => {
    await using at = await opened();
    const answer = await at.client.images.generate({ ...PICTURE, size: "1536x1024", quality: "high" });
    const bytes = Buffer.from(answer.data?.[0]?.b64_json ?? "", "base64");
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "png", width: 256 });
    expect(answer).toMatchObject({ size: "1536x1024", usage: { output_tokens: 1756 } });
  });

  it("edits pictures", async () => {
    await using at = await opened();
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "teal" } })
      .png()
      .toBuffer();
    const file = () => toFile(png, "a.png", { type: "image/png" });
    await at.client.images.edit({ ...PICTURE, image: [await file(), await file()] });
    expect(at.server.bodies).toMatchObject([{ prompt: "fog", "image[]": [{ name: "a.png" }, { name: "a.png" }] }]);
  });

  it("makes a video, reads what becomes of it, and downloads it", async () => {
    await using at = await opened();
    const { videos } = at.client;
    const { id, status } = await videos.create({ model: "sora-2", prompt: "fog", seconds: "4", size: "1280x720" });
    expect(status).toBe("queued");
    const told = [await videos.retrieve(id), await videos.retrieve(id), await videos.retrieve(id)];
    expect(told.map((video) => [video.status, video.progress])).toEqual([
      ["queued", 0],
      ["in_progress", 40],
      ["completed", 100],
    ]);
    const content = Buffer.from(await (await videos.downloadContent(id)).arrayBuffer());
    expect(content.toString("latin1", 4, 8)).toBe("ftyp");
  });

  it("is told why a video failed", async () => {
    await using at = await opened({ progress: [], error: { code: "moderation_blocked", message: "No." } });
    const { videos } = at.client;
    const { id } = await videos.create({ model: "sora-2", prompt: "fog" });
    await videos.retrieve(id);
    expect(await videos.retrieve(id)).toMatchObject({ status: "failed", error: { code: "moderation_blocked" } });
  });

  it("understands refusals as errors of the API", async () => {
    await using at = await opened();
    const { images, videos } = at.client;
    const wrong = await caught(images.generate({ ...PICTURE, prompt: "" }));
    expect(wrong).toBeInstanceOf(BadRequestError);
    expect(await caught(images.generate({ ...PICTURE, model: "dall-e-3" }))).toMatchObject({ code: "model_not_found" });
    expect(await caught(videos.retrieve("video_0"))).toBeInstanceOf(NotFoundError);
    const body = { error: { message: "No.", type: "insufficient_quota", param: null, code: "insufficient_quota" } };
    at.server.fault({ step: "generate", answer: { status: 429, body } });
    expect(await caught(images.generate(PICTURE))).toBeInstanceOf(RateLimitError);
    await using stranger = await opened({}, "sk-wrong");
    const refused = await caught(stranger.client.images.generate(PICTURE));
    expect(refused).toBeInstanceOf(AuthenticationError);
    expect(refused).toMatchObject({ code: "invalid_api_key" });
  });
});
