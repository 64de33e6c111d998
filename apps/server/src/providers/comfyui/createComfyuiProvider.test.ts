import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { sniff } from "../../media/mediaTypes.ts";
import { providerContract } from "../../testing/providerContract.ts";
import {
  COMFYUI_VERSIONS,
  comfyuiBegin,
  comfyuiPicture,
  comfyuiRefusal,
  comfyuiRequest,
  comfyuiStatus,
  comfyuiUntil,
  isRunning,
} from "../../testing/protocols/comfyui/comfyuiRequest.ts";
import { CLIP_WORKFLOW, openComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import { promptIdOf } from "./promptIdOf.ts";
import type { Provider, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();
const JSON_BODY = { "content-type": "application/json" };

for (const version of ["0.36.0", "0.3.60"])
  providerContract(`comfyui ${version}`, async () => {
    const stage = await openComfyuiStage({ version });
    return {
      provider: stage.provider,
      quick: (clientRef) => comfyuiRequest(clientRef),
      slow: (clientRef) => comfyuiRequest(clientRef, "dunes [slow]"),
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  });

describe("a prompt at ComfyUI", () => {
  it("is the workflow with what was asked for in it", async () => {
    await using stage = await openComfyuiStage({ checkpoints: ["juggernaut.safetensors", "other.safetensors"] });
    const ref = await comfyuiBegin(
      stage,
      comfyuiRequest("job-1", "a fjord", { params: { aspectRatio: "9:16", seed: 42 } }),
    );
    const graph = stage.server.graphs.get(ref);
    expect(graph?.["6"]?.inputs["text"]).toBe("a fjord");
    expect(graph?.["3"]?.inputs["seed"]).toBe(42);
    expect(graph?.["5"]?.inputs).toMatchObject({ width: 768, height: 1344 });
    expect(graph?.["4"]?.inputs["ckpt_name"]).toBe("juggernaut.safetensors");
    expect(graph?.["9"]?.inputs["filename_prefix"]).toBe(`reelstate/${ref}`);
  });

  it("takes pictures along, each once, and under the name of what is in it", async () => {
    await using stage = await openComfyuiStage();
    const inputPaths = [await comfyuiPicture(stage)];
    const changes = { model: "comfyui/image-to-image", inputPaths };
    const ref = await comfyuiBegin(stage, comfyuiRequest("job-1", "in winter", changes));
    await comfyuiBegin(stage, comfyuiRequest("job-2", "in spring", changes));
    const [name = "", ...others] = stage.server.uploads.keys();
    expect(name).toMatch(/^reelstate\/[0-9a-f]{32}\.png$/);
    expect(others).toEqual([]);
    expect(stage.server.graphs.get(ref)?.["10"]?.inputs["image"]).toBe(name);
    expect(await comfyuiUntil(stage, comfyuiRequest("job-1", "", changes), ref)).toEqual({ state: "succeeded" });
  });

  it("[P2] is not sent without the pictures it needs, or with one that it has no place for", async () => {
    await using stage = await openComfyuiStage();
    const inputPaths = [await comfyuiPicture(stage)];
    for (const of of [
      comfyuiRequest("job-1", "fog", { model: "comfyui/image-to-image" }),
      comfyuiRequest("job-2", "fog", { inputPaths }),
    ])
      expect(await comfyuiRefusal(stage, of)).toMatchObject({
        code: "invalid_input",
        retryable: false,
        notAccepted: true,
      });
    expect(stage.asked("submit")).toBe(0);
  });

  it("makes a clip of a person's own workflow, as long as asked, in the model's own steps", async () => {
    await using stage = await openComfyuiStage({ workflows: { "clip.json": CLIP_WORKFLOW } });
    const params = { aspectRatio: "16:9", seed: 7, durationMs: 3_000 };
    const of = comfyuiRequest("job-1", "waves", { model: "comfyui/clip", type: "video", params });
    const ref = await comfyuiBegin(stage, of);
    expect(stage.server.graphs.get(ref)?.["40"]?.inputs).toMatchObject({ width: 832, height: 480, length: 49 });
    expect(await comfyuiUntil(stage, of, ref)).toEqual({ state: "succeeded" });
    const { body } = await stage.provider.fetchOutput(submissionOf(of, ref), signal);
    expect(sniff(await buffer(body))).toBe("mp4");
  });

  it("[U3] tells its place in line", async () => {
    await using stage = await openComfyuiStage();
    stage.server.hold(true);
    const refs = [
      await comfyuiBegin(stage, comfyuiRequest("job-1")),
      await comfyuiBegin(stage, comfyuiRequest("job-2")),
    ];
    const told = await Promise.all(refs.map((ref) => comfyuiStatus(stage.provider, comfyuiRequest("x"), ref)));
    expect(told).toEqual([
      { state: "queued", position: 1 },
      { state: "queued", position: 2 },
    ]);
  });

  it.each(COMFYUI_VERSIONS)(
    "[P2] %s: whose reply was lost is found by our reference, waiting, running and ended",
    async (version) => {
      await using stage = await openComfyuiStage({ version });
      const { provider, server } = stage;
      const of = comfyuiRequest("job-1");
      server.hold(true);
      server.fault({ step: "submit", reply: "lost" });
      const error = await provider.submit(of, signal).catch((thrown: unknown) => thrown);
      expect(provider.classifyError(error).notAccepted).toBeUndefined();
      const waiting = await provider.lookup?.(of, signal);
      if (waiting?.state !== "found") throw new Error("It was not found.");
      expect(waiting.providerRef === promptIdOf("job-1")).toBe(version !== "0.3.30");
      server.hold(false);
      expect(await comfyuiUntil(stage, of, waiting.providerRef)).toEqual({ state: "succeeded" });
      expect(await provider.lookup?.(of, signal)).toEqual(waiting);
      expect(await provider.lookup?.(comfyuiRequest("job-2"), signal)).toEqual({ state: "absent" });
      expect(server.runs).toEqual([waiting.providerRef]);
    },
  );

  it("[P2] is not sent when its pictures were so long on the way that another attempt may have begun", async () => {
    let asleep = 0;
    await using stage = await openComfyuiStage({ timers: { clock: () => Date.now() + asleep } });
    const changes = { model: "comfyui/image-to-image", inputPaths: [await comfyuiPicture(stage)] };
    stage.server.fault({ step: "upload", afterMs: 50 });
    const refused = comfyuiRefusal(stage, comfyuiRequest("job-1", "fog", changes));
    asleep = 10_001;
    expect(await refused).toMatchObject({ code: "provider_unavailable", retryable: true, notAccepted: true });
    expect(stage.asked("submit")).toBe(0);
  });

  it("[J6] that ComfyUI lost in a crash (ComfyUI#2844) has failed and may be tried again, be it waiting, running or ended", async () => {
    await using stage = await openComfyuiStage();
    const of = comfyuiRequest("job-1", "dunes [slow]");
    const vanished = { state: "failed", error: { code: "provider_unavailable", retryable: true } };
    const first = await comfyuiBegin(stage, of);
    const second = await comfyuiBegin(stage, comfyuiRequest("job-2"));
    await comfyuiUntil(stage, of, first, isRunning);
    stage.server.crash();
    expect(await comfyuiStatus(stage.provider, of, first)).toMatchObject(vanished);
    expect(await comfyuiStatus(stage.provider, comfyuiRequest("job-2"), second)).toMatchObject(vanished);
    const third = await comfyuiBegin(stage, comfyuiRequest("job-3"));
    await comfyuiUntil(stage, comfyuiRequest("job-3"), third);
    stage.server.clearHistory();
    expect(await comfyuiStatus(stage.provider, comfyuiRequest("job-3"), third)).toMatchObject(vanished);
  });

  it("[P3] whose file was cleared away is told as made, fails to be fetched, and is made anew, which costs nothing", async () => {
    await using stage = await openComfyuiStage();
    const of = comfyuiRequest("job-1");
    const ref = await comfyuiBegin(stage, of);
    await comfyuiUntil(stage, of, ref);
    stage.server.emptyOutputs();
    const refused = async () => {
      const fetched = stage.provider.fetchOutput(submissionOf(of, ref), signal);
      return stage.provider.classifyError(await fetched.catch((thrown: unknown) => thrown));
    };
    const first = await refused();
    expect(first).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect(first).not.toHaveProperty("gone");
    expect(await refused()).toMatchObject({ code: "provider_unavailable", retryable: true, gone: true });
  });

  const clip = (clientRef: string, prompt = "waves") => {
    const params = { aspectRatio: "16:9", seed: 7, durationMs: 1_000 };
    return comfyuiRequest(clientRef, prompt, { model: "comfyui/clip", type: "video", params });
  };

  async function fetchedFrom(provider: Provider, of: SubmitRequest, ref: string) {
    const { body } = await provider.fetchOutput(submissionOf(of, ref), signal);
    return sniff(await buffer(body));
  }

  it("[P1] [P6] is followed as it was sent when the file of its workflow says something else by then", async () => {
    await using stage = await openComfyuiStage({ workflows: { "clip.json": CLIP_WORKFLOW } });
    const ref = await comfyuiBegin(stage, clip("job-1"));
    const changed = { ...CLIP_WORKFLOW, reelstate: { ...CLIP_WORKFLOW.reelstate, output: "41" } };
    await stage.write("clip.json", changed);
    const provider = stage.open();
    expect(await comfyuiUntil({ provider }, clip("job-1"), ref)).toEqual({ state: "succeeded" });
    expect(await fetchedFrom(provider, clip("job-1"), ref)).toBe("mp4");
  });

  it("[P1] [P6] [U3] is followed, cancelled and fetched when the file of its workflow was renamed or removed", async () => {
    await using stage = await openComfyuiStage({ workflows: { "clip.json": CLIP_WORKFLOW } });
    const [long, short] = [clip("job-1", "waves [slow]"), clip("job-2")];
    const [longRef, shortRef] = [await comfyuiBegin(stage, long), await comfyuiBegin(stage, short)];
    await stage.write("clip.json", null);
    const provider = stage.open();
    expect(provider.models.map(({ id }) => id)).not.toContain("comfyui/clip");
    expect((await comfyuiStatus(provider, short, shortRef)).state).toBe("queued");
    await comfyuiUntil({ provider }, long, longRef, (status) => status.state === "running" && status.fraction === 0.75);
    await provider.cancel?.(submissionOf(long, longRef), signal);
    expect(await comfyuiUntil({ provider }, long, longRef)).toEqual({ state: "cancelled" });
    expect(await comfyuiUntil({ provider }, short, shortRef)).toEqual({ state: "succeeded" });
    expect(await fetchedFrom(provider, short, shortRef)).toBe("mp4");
  });

  it("[P6] that a studio sent which marked less is found by whatever it saved, when its file is gone", async () => {
    await using stage = await openComfyuiStage({ workflows: { "clip.json": CLIP_WORKFLOW } });
    const prompt = stage.server.graphs.get(await comfyuiBegin(stage, clip("job-1")));
    const body = JSON.stringify({ prompt, extra_data: { reelstate: "job-0" } });
    await fetch(new URL("/prompt", stage.server.url), { method: "POST", body, headers: JSON_BODY });
    await stage.write("clip.json", null);
    const provider = stage.open();
    const found = await provider.lookup?.(clip("job-0"), signal);
    if (found?.state !== "found") throw new Error("It was not found.");
    expect(await comfyuiUntil({ provider }, clip("job-0"), found.providerRef)).toEqual({ state: "succeeded" });
    expect(await fetchedFrom(provider, clip("job-0"), found.providerRef)).toBe("mp4");
  });

  it.each(["../../queue", "a/b", "..", "a?b", ""])(
    "[P2] takes an answer that names it %j for no answer: the name would lead elsewhere",
    async (id) => {
      await using stage = await openComfyuiStage();
      stage.server.fault({ step: "submit", answer: { status: 200, body: { prompt_id: id } } });
      const error = await comfyuiRefusal(stage, comfyuiRequest("job-1"));
      expect(error).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(error.notAccepted).toBeUndefined();
      const strange = [0, id, {}, { reelstate: "job-1" }, []];
      stage.server.fault({
        step: "queue",
        answer: { status: 200, body: { queue_running: [strange], queue_pending: [] } },
      });
      await expect(stage.provider.lookup?.(comfyuiRequest("job-1"), signal)).rejects.toThrow("invalid_format");
    },
  );
});
