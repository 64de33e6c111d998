import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ApiError, GoogleGenAI } from "@google/genai";
import { describe, expect, it } from "vitest";
import { GOOGLE_TEST_KEY, openGoogleServer } from "../../testing/protocols/google/openGoogleServer.ts";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import type { VideoPlan } from "../../testing/protocols/google/openGoogleServer.ts";

/** Google's own client, against the server that our adapter is tried against: what it does not understand, we would not have to. */
async function opened(plan: VideoPlan = {}, apiKey = GOOGLE_TEST_KEY) {
  const server = await openGoogleServer(() => plan);
  const client = new GoogleGenAI({ apiKey, apiVersion: "v1beta", httpOptions: { baseUrl: server.url.origin } });
  return { server, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const OMNI = "gemini-omni-1.1-flash";

describe("Google's own client", () => {
  it("draws a picture", async () => {
    await using at = await opened();
    const answer = await at.client.models.generateContent({
      model: "gemini-3-pro-image",
      contents: "fog",
      config: { responseModalities: ["IMAGE"], imageConfig: { aspectRatio: "16:9", imageSize: "2K" } },
    });
    const parts = answer.candidates?.[0]?.content?.parts ?? [];
    expect(parts.map(({ thought }) => thought ?? false)).toEqual([true, false]);
    expect(Buffer.from(parts[1]?.inlineData?.data ?? "", "base64").toString("latin1", 1, 4)).toBe("PNG");
    expect(answer.responseId).not.toBe("");
  });

  it("makes a video in the background, reads what becomes of it, and downloads it", async () => {
    await using at = await opened({ processing: 1 });
    await using folder = await temporaryFolder();
    const { interactions, files } = at.client;
    const { id, status } = await interactions.create({
      model: OMNI,
      input: [{ type: "text", text: "fog" }],
      background: true,
      response_format: { type: "video", delivery: "uri", duration: "3s", aspect_ratio: "16:9", resolution: "720p" },
      generation_config: { video_config: { task: "text_to_video" } },
    });
    expect(status).toBe("in_progress");
    expect(await interactions.get(id)).toMatchObject({ id, status: "in_progress" });
    const made = await interactions.get(id);
    expect(made.status).toBe("completed");
    const name = /files\/[\w-]+/.exec(made.output_video?.uri ?? "")?.[0] ?? "";
    expect([(await files.get({ name })).state, (await files.get({ name })).state]).toEqual(["PROCESSING", "ACTIVE"]);
    const downloadPath = join(folder.path, "video.mp4");
    await files.download({ file: name, downloadPath });
    expect((await readFile(downloadPath)).toString("latin1", 4, 8)).toBe("ftyp");
  });

  it("cancels a video", async () => {
    await using at = await opened({ stays: "in_progress" });
    const { interactions } = at.client;
    const { id } = await interactions.create({ model: OMNI, input: "fog", background: true });
    expect((await interactions.cancel(id)).status).toBe("cancelled");
    expect((await interactions.get(id)).status).toBe("cancelled");
  });

  it("understands refusals as errors of the API", async () => {
    await using at = await opened({}, "wrong");
    const drawing = at.client.models.generateContent({ model: "gemini-nano-banana-2.1", contents: "fog" });
    const refused = await drawing.catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: 400, message: expect.stringMatching(/API_KEY_INVALID/) });
    const filming = at.client.interactions.create({ model: OMNI, input: "fog", background: true });
    await expect(filming).rejects.toMatchObject({ message: expect.stringMatching(/API key/) });
  });
});
