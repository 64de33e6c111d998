import Replicate from "replicate";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openReplicateServer, REPLICATE_TOKEN } from "./openReplicateServer.ts";

const MODEL = "black-forest-labs/flux-schnell";
const INPUT = { prompt: "A lighthouse in fog", aspect_ratio: "16:9", output_format: "png" };

async function opened(auth = REPLICATE_TOKEN) {
  const server = await openReplicateServer();
  return {
    server,
    client: new Replicate({ auth, baseUrl: server.home.href }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The server is held to what Replicate's own client expects. */
describe("Replicate's own client before the protocol server", () => {
  it("submits, follows and gets a result that is a picture", async () => {
    await using at = await opened();
    at.server.follow({ startMs: 60_000, runMs: 60_000 });
    const created = await at.client.predictions.create({ model: MODEL, input: INPUT });
    expect(created).toMatchObject({
      status: "starting",
      model: MODEL,
      input: INPUT,
      output: null,
      data_removed: false,
    });
    at.server.pass(60_000);
    expect(await at.client.predictions.get(created.id)).toMatchObject({ status: "processing", error: null });
    at.server.pass(60_000);
    const done = await at.client.wait(created);
    expect(done).toMatchObject({ status: "succeeded", metrics: { predict_time: 60 } });
    const bytes = await (await fetch(done.output[0])).arrayBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "png", width: 128, height: 72 });
  });

  it.each([{ mode: "poll", interval: 10 } as const, { mode: "block" } as const])("runs a model, %o", async (wait) => {
    await using at = await opened();
    at.server.follow({ startMs: 20, runMs: 40 });
    const output = await at.client.run("bytedance/seedance-1-lite", { input: { prompt: "waves", duration: 2 }, wait });
    expect(output).toMatch(/\/files\/\w+\/output$/);
  });

  it("cancels, and lists what there is, newest first", async () => {
    await using at = await opened();
    at.server.follow({ runMs: 3_600_000 });
    const [first, second] = [
      await at.client.predictions.create({ model: MODEL, input: INPUT }),
      await at.client.predictions.create({ model: MODEL, input: INPUT }),
    ];
    expect(await at.client.predictions.cancel(first.id)).toMatchObject({ id: first.id, status: "canceled" });
    const { results } = await at.client.predictions.list();
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      [second.id, "processing"],
      [first.id, "canceled"],
    ]);
  });

  it("tells a failure, and what is refused", async () => {
    await using at = await opened();
    at.server.follow({ error: "NSFW content detected. Try running it again, or try a different prompt." });
    const failed = at.client.run(MODEL, { input: INPUT, wait: { mode: "poll", interval: 10 } });
    await expect(failed).rejects.toThrow("Prediction failed: NSFW content detected.");
    const wrong = at.client.predictions.create({ model: MODEL, input: { ...INPUT, aspect_ratio: "7:1" } });
    await expect(wrong).rejects.toThrow(/422.*input\.aspect_ratio/s);
    await using stranger = await opened("r8_wrong");
    const refused = stranger.client.predictions.create({ model: MODEL, input: INPUT });
    await expect(refused).rejects.toMatchObject({ name: "ApiError", response: { status: 401 } });
  });

  it("forgets what was made after an hour", async () => {
    await using at = await opened();
    const { id, output } = await at.client.predictions.create({ model: MODEL, input: INPUT });
    at.server.pass(3_600_000);
    expect(await at.client.predictions.get(id)).toMatchObject({
      status: "succeeded",
      data_removed: true,
      input: {},
      output: null,
      logs: null,
    });
    expect((await fetch(output[0])).status).toBe(404);
  });
});
