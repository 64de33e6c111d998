import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { sniff } from "../../media/mediaTypes.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { CLIP_WORKFLOW, openComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import { promptIdOf } from "./promptIdOf.ts";
import type { ComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import type { Provider, ProviderStatus, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();
const PATIENCE_MS = 20_000;
/** With everything; with an interrupt that heeds an id; with neither that nor ids of our own. */
const VERSIONS = ["0.36.0", "0.3.60", "0.3.30"] as const;

function request(clientRef: string, prompt = "dunes at dusk", changes: Partial<SubmitRequest> = {}): SubmitRequest {
  const params = { aspectRatio: "16:9", seed: 7 };
  return { clientRef, model: "comfyui/text-to-image", type: "image", prompt, params, inputPaths: [], ...changes };
}

const statusOf = (provider: Provider, of: SubmitRequest, ref: string): Promise<ProviderStatus> =>
  provider.status(submissionOf(of, ref), signal);

async function until(
  { provider }: Pick<ComfyuiStage, "provider">,
  of: SubmitRequest,
  ref: string,
  done: (status: ProviderStatus) => boolean = ended,
): Promise<ProviderStatus> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await wait(10)) {
    const status = await statusOf(provider, of, ref);
    if (done(status)) return status;
  }
  throw new Error(`Waited in vain: ${JSON.stringify(await statusOf(provider, of, ref))}`);
}

const ended = ({ state }: ProviderStatus): boolean => ["succeeded", "failed", "cancelled"].includes(state);
const running = ({ state }: ProviderStatus): boolean => state === "running";

async function begin(stage: ComfyuiStage, of: SubmitRequest): Promise<string> {
  const { providerRef } = await stage.provider.submit(of, signal);
  return providerRef;
}

async function refusalOf(stage: ComfyuiStage, of: SubmitRequest) {
  const thrown = await stage.provider.submit(of, signal).then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).not.toBeNull();
  return stage.provider.classifyError(thrown);
}

async function picture(stage: ComfyuiStage): Promise<string> {
  const path = join(stage.folder, "reference");
  const bytes = await sharp({ create: { width: 32, height: 32, channels: 3, background: "teal" } })
    .png()
    .toBuffer();
  await writeFile(path, bytes);
  return path;
}

for (const version of ["0.36.0", "0.3.60"])
  providerContract(`comfyui ${version}`, async () => {
    const stage = await openComfyuiStage({ version });
    return {
      provider: stage.provider,
      quick: (clientRef) => request(clientRef),
      slow: (clientRef) => request(clientRef, "dunes [slow]"),
      [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
    };
  });

describe("a prompt at ComfyUI", () => {
  it("is the workflow with what was asked for in it", async () => {
    await using stage = await openComfyuiStage({ checkpoints: ["juggernaut.safetensors", "other.safetensors"] });
    const ref = await begin(stage, request("job-1", "a fjord", { params: { aspectRatio: "9:16", seed: 42 } }));
    const graph = stage.server.graphs.get(ref);
    expect(graph?.["6"]?.inputs["text"]).toBe("a fjord");
    expect(graph?.["3"]?.inputs["seed"]).toBe(42);
    expect(graph?.["5"]?.inputs).toMatchObject({ width: 768, height: 1344 });
    expect(graph?.["4"]?.inputs["ckpt_name"]).toBe("juggernaut.safetensors");
    expect(graph?.["9"]?.inputs["filename_prefix"]).toBe(`reelstate/${ref}`);
  });

  it("takes pictures along, each once, and under the name of what is in it", async () => {
    await using stage = await openComfyuiStage();
    const inputPaths = [await picture(stage)];
    const changes = { model: "comfyui/image-to-image", inputPaths };
    const ref = await begin(stage, request("job-1", "in winter", changes));
    await begin(stage, request("job-2", "in spring", changes));
    const [name = "", ...others] = stage.server.uploads.keys();
    expect(name).toMatch(/^reelstate\/[0-9a-f]{32}\.png$/);
    expect(others).toEqual([]);
    expect(stage.server.graphs.get(ref)?.["10"]?.inputs["image"]).toBe(name);
    expect(await until(stage, request("job-1", "", changes), ref)).toEqual({ state: "succeeded" });
  });

  it("[P2] is not sent without the pictures it needs, or with one that it has no place for", async () => {
    await using stage = await openComfyuiStage();
    const inputPaths = [await picture(stage)];
    for (const of of [
      request("job-1", "fog", { model: "comfyui/image-to-image" }),
      request("job-2", "fog", { inputPaths }),
    ])
      expect(await refusalOf(stage, of)).toMatchObject({ code: "invalid_input", retryable: false, notAccepted: true });
    expect(stage.asked("submit")).toBe(0);
  });

  it("makes a clip of a person's own workflow, as long as asked, in the model's own steps", async () => {
    await using stage = await openComfyuiStage({ workflows: { "clip.json": CLIP_WORKFLOW } });
    const params = { aspectRatio: "16:9", seed: 7, durationMs: 3_000 };
    const of = request("job-1", "waves", { model: "comfyui/clip", type: "video", params });
    const ref = await begin(stage, of);
    expect(stage.server.graphs.get(ref)?.["40"]?.inputs).toMatchObject({ width: 832, height: 480, length: 49 });
    expect(await until(stage, of, ref)).toEqual({ state: "succeeded" });
    const { body } = await stage.provider.fetchOutput(submissionOf(of, ref), signal);
    expect(sniff(await buffer(body))).toBe("mp4");
  });

  it("[U3] tells its place in line", async () => {
    await using stage = await openComfyuiStage();
    stage.server.hold(true);
    const refs = [await begin(stage, request("job-1")), await begin(stage, request("job-2"))];
    const told = await Promise.all(refs.map((ref) => statusOf(stage.provider, request("x"), ref)));
    expect(told).toEqual([
      { state: "queued", position: 1 },
      { state: "queued", position: 2 },
    ]);
  });

  it.each(VERSIONS)(
    "[P2] %s: whose reply was lost is found by our reference, waiting, running and ended",
    async (version) => {
      await using stage = await openComfyuiStage({ version });
      const { provider, server } = stage;
      const of = request("job-1");
      server.hold(true);
      server.fault({ step: "submit", reply: "lost" });
      const error = await provider.submit(of, signal).catch((thrown: unknown) => thrown);
      expect(provider.classifyError(error).notAccepted).toBeUndefined();
      const waiting = await provider.lookup?.(of, signal);
      if (waiting?.state !== "found") throw new Error("It was not found.");
      expect(waiting.providerRef === promptIdOf("job-1")).toBe(version !== "0.3.30");
      server.hold(false);
      expect(await until(stage, of, waiting.providerRef)).toEqual({ state: "succeeded" });
      expect(await provider.lookup?.(of, signal)).toEqual(waiting);
      expect(await provider.lookup?.(request("job-2"), signal)).toEqual({ state: "absent" });
      expect(server.runs).toEqual([waiting.providerRef]);
    },
  );

  it("[P2] is not sent when its pictures were so long on the way that another attempt may have begun", async () => {
    let asleep = 0;
    await using stage = await openComfyuiStage({ timers: { clock: () => Date.now() + asleep } });
    const changes = { model: "comfyui/image-to-image", inputPaths: [await picture(stage)] };
    stage.server.fault({ step: "upload", afterMs: 50 });
    const refused = refusalOf(stage, request("job-1", "fog", changes));
    asleep = 10_001;
    expect(await refused).toMatchObject({ code: "provider_unavailable", retryable: true, notAccepted: true });
    expect(stage.asked("submit")).toBe(0);
  });

  it("[J6] that ComfyUI lost in a crash (ComfyUI#2844) has failed and may be tried again, be it waiting, running or ended", async () => {
    await using stage = await openComfyuiStage();
    const of = request("job-1", "dunes [slow]");
    const vanished = { state: "failed", error: { code: "provider_unavailable", retryable: true } };
    const first = await begin(stage, of);
    const second = await begin(stage, request("job-2"));
    await until(stage, of, first, running);
    stage.server.crash();
    expect(await statusOf(stage.provider, of, first)).toMatchObject(vanished);
    expect(await statusOf(stage.provider, request("job-2"), second)).toMatchObject(vanished);
    const third = await begin(stage, request("job-3"));
    await until(stage, request("job-3"), third);
    stage.server.clearHistory();
    expect(await statusOf(stage.provider, request("job-3"), third)).toMatchObject(vanished);
  });

  it("[P3] whose file was cleared away is told as made, fails to be fetched, and is made anew", async () => {
    await using stage = await openComfyuiStage();
    const of = request("job-1");
    const ref = await begin(stage, of);
    await until(stage, of, ref);
    stage.server.emptyOutputs();
    const error = await stage.provider.fetchOutput(submissionOf(of, ref), signal).catch((thrown: unknown) => thrown);
    expect(stage.provider.classifyError(error)).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect(await statusOf(stage.provider, of, ref)).toMatchObject({ state: "failed", error: { retryable: true } });
  });
});

describe("a run that goes wrong at ComfyUI", () => {
  it.each([
    ["[broken]", false, /KSampler \(node 3\): mat1 and mat2 shapes/],
    ["[oom]", true, /KSampler \(node 3\): the GPU ran out of memory/],
    ["[nothing]", false, /node 9 has saved nothing/],
  ])(
    "[J5] %s says where and why, whether it may go better, and nothing of what was asked",
    async (word, retryable, message) => {
      await using stage = await openComfyuiStage();
      const of = request("job-1", `dunes ${word}`);
      const status = await until(stage, of, await begin(stage, of));
      expect(status).toMatchObject({
        state: "failed",
        error: { code: "provider_unavailable", retryable, message: expect.stringMatching(message) },
      });
      expect(JSON.stringify(status)).not.toContain("a secret");
    },
  );

  it("[P5] with a status that nobody knows is waited on", async () => {
    await using stage = await openComfyuiStage();
    const of = request("job-1", "dunes [strange]");
    const ref = await begin(stage, of);
    expect(await until(stage, of, ref, ({ state }) => state === "unknown")).toEqual({
      state: "unknown",
      raw: "paused",
    });
  });

  it("[P2] [J5] is refused at once where the workflow cannot be carried out, with the node and the input", async () => {
    const broken = structuredClone(CLIP_WORKFLOW);
    broken.workflow["41"].class_type = "VHS_VideoCombine";
    await using stage = await openComfyuiStage({
      workflows: {
        "missing.json": broken,
        "huge.json": {
          ...CLIP_WORKFLOW,
          reelstate: { ...CLIP_WORKFLOW.reelstate, frames: { perSecond: 240, step: 100_000 } },
        },
      },
    });
    const clip = { type: "video", params: { durationMs: 5_000 } } as const;
    expect(await refusalOf(stage, request("job-1", "fog", { ...clip, model: "comfyui/missing" }))).toMatchObject({
      code: "provider_unavailable",
      retryable: false,
      notAccepted: true,
      message: expect.stringContaining("Node 'VHS_VideoCombine' not found"),
    });
    expect(await refusalOf(stage, request("job-2", "fog", { ...clip, model: "comfyui/huge" }))).toMatchObject({
      code: "invalid_input",
      notAccepted: true,
      message: expect.stringContaining(
        "EmptyHunyuanLatentVideo (node 40): Value 100001 bigger than max of 16384, length",
      ),
    });
    await using bare = await openComfyuiStage({ checkpoints: [] });
    expect(await refusalOf(bare, request("job-3"))).toMatchObject({
      code: "provider_unavailable",
      notAccepted: true,
      message: expect.stringContaining("models/checkpoints"),
    });
  });
});

describe("a cancel at ComfyUI", () => {
  it.each(VERSIONS)("[J7] %s: takes one that waits from the queue, and only that", async (version) => {
    await using stage = await openComfyuiStage({ version });
    stage.server.hold(true);
    const [mine, other] = [request("job-1"), request("job-2")];
    const [ref, otherRef] = [await begin(stage, mine), await begin(stage, other)];
    await stage.provider.cancel?.(submissionOf(mine, ref), signal);
    expect(await statusOf(stage.provider, mine, ref)).toEqual({ state: "cancelled" });
    stage.server.hold(false);
    expect(await until(stage, other, otherRef)).toEqual({ state: "succeeded" });
    expect(stage.server.runs).toEqual([otherRef]);
  });

  it.each(VERSIONS)("[J7] %s: of what has ended or waits never stops what runs (InvokeAI#6049)", async (version) => {
    await using stage = await openComfyuiStage({ version });
    const [over, long, waiting] = [request("job-1"), request("job-2", "dunes [slow]"), request("job-3")];
    const overRef = await begin(stage, over);
    await until(stage, over, overRef);
    const [longRef, waitingRef] = [await begin(stage, long), await begin(stage, waiting)];
    await until(stage, long, longRef, running);
    await stage.provider.cancel?.(submissionOf(over, overRef), signal);
    await stage.provider.cancel?.(submissionOf(waiting, waitingRef), signal);
    expect(await statusOf(stage.provider, over, overRef)).toEqual({ state: "succeeded" });
    expect(await statusOf(stage.provider, waiting, waitingRef)).toEqual({ state: "cancelled" });
    expect(await statusOf(stage.provider, long, longRef)).toMatchObject({ state: "running" });
    expect(stage.asked("interrupt")).toBe(0);
  });

  it("[J7] 0.3.60: names what it interrupts, because another may have begun since it looked", async () => {
    await using stage = await openComfyuiStage({ version: "0.3.60" });
    const [mine, other] = [request("job-1", "dunes [slow]"), request("job-2", "fog [slow]")];
    const [ref, otherRef] = [await begin(stage, mine), await begin(stage, other)];
    await until(stage, mine, ref, running);
    // It has looked, and asks for the version.
    const begun = Promise.withResolvers<void>();
    stage.server.fault({ step: "stats", until: begun.promise });
    const cancelled = stage.provider.cancel?.(submissionOf(mine, ref), signal);
    while (stage.asked("stats") === 0) await wait(5);
    await interruptAll(stage);
    // Its own line is open, and is not opened after ours, in its place.
    await until(stage, other, otherRef, (status) => status.state === "running" && status.fraction !== null);
    await using ear = await listenAs(stage, promptIdOf("job-2"));
    begun.resolve();
    await cancelled;
    expect(stage.asked("interrupt")).toBe(2);
    // What was interrupted says so with its next step.
    expect(await ear.next(6)).not.toContain("execution_interrupted");
  });

  it("[J7] 0.3.30: whose interrupt heeds no id, leaves what runs to finish, because it could stop another", async () => {
    await using stage = await openComfyuiStage({ version: "0.3.30" });
    const of = request("job-1", "dunes [slow]");
    const ref = await begin(stage, of);
    await until(stage, of, ref, running);
    await stage.provider.cancel?.(submissionOf(of, ref), signal);
    expect(stage.asked("interrupt")).toBe(0);
    expect(await statusOf(stage.provider, of, ref)).toMatchObject({ state: "running" });
  });

  it("[J7] by somebody at ComfyUI itself is told as such", async () => {
    await using stage = await openComfyuiStage();
    const of = request("job-1", "dunes [slow]");
    const ref = await begin(stage, of);
    await until(stage, of, ref, running);
    await interruptAll(stage);
    expect(await until(stage, of, ref)).toEqual({ state: "cancelled" });
  });
});

/** As somebody at ComfyUI's own page does. */
async function interruptAll({ server }: ComfyuiStage): Promise<void> {
  await fetch(new URL("/interrupt", server.url), { method: "POST" });
}

/** The kinds of messages to a client, from when its line is open. */
async function listenAs({ server }: ComfyuiStage, clientId: string) {
  const socket = new WebSocket(new URL(`/ws?clientId=${clientId}`, server.url));
  const kinds: string[] = [];
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") kinds.push((JSON.parse(data) as { readonly type: string }).type);
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  return {
    /** All until so many more have come; an interruption is the last there is. */
    next: async (more: number): Promise<readonly string[]> => {
      const enough = kinds.length + more;
      while (kinds.length < enough && !kinds.includes("execution_interrupted")) await wait(5);
      return kinds;
    },
    [Symbol.asyncDispose]: async () => socket.close(),
  };
}

describe("progress from ComfyUI's websocket", () => {
  const heard = (status: ProviderStatus): boolean => status.state === "running" && status.fraction === 0.75;

  it("[U3] is what the sampler's steps say, also to whoever takes the prompt up later, until it ends", async () => {
    await using stage = await openComfyuiStage();
    const of = request("job-1", "dunes [slow]");
    const ref = await begin(stage, of);
    await until(stage, of, ref, heard);
    await stage.provider.close();
    const next = stage.open();
    await until({ provider: next }, of, ref, heard);
    await next.cancel?.(submissionOf(of, ref), signal);
    expect(await until({ provider: next }, of, ref)).toEqual({ state: "cancelled" });
    await closed(stage);
  });

  it("is only a hint: whatever comes over it, or nothing, the reads decide", async () => {
    await using stage = await openComfyuiStage();
    const of = request("job-1", "dunes [slow]");
    const ref = await begin(stage, of);
    await until(stage, of, ref, heard);
    const told = [
      "not JSON",
      "[]",
      JSON.stringify({ type: "progress", data: { value: 9, max: 10, node: "3", prompt_id: "another" } }),
      JSON.stringify({ type: "progress", data: { value: 9, max: 10, node: "8", prompt_id: ref } }),
      JSON.stringify({ type: "progress", data: { value: 9, max: 0, node: "3", prompt_id: ref } }),
      JSON.stringify({ type: "execution_success", data: { prompt_id: ref } }),
      JSON.stringify({ type: "executing", data: { node: null, prompt_id: ref } }),
      new Uint8Array([0, 0, 0, 1]),
      "x".repeat(300_000),
    ];
    for (const message of told) stage.server.tell(message);
    // What was told before it was heard before it.
    stage.server.tell(JSON.stringify({ type: "progress", data: { value: 8, max: 10, node: "3", prompt_id: ref } }));
    expect(await until(stage, of, ref, (status) => status.state === "running" && status.fraction !== 0.75)).toEqual({
      state: "running",
      fraction: 0.8,
    });
  });

  it("is listened to again some time after its line was cut, and what was heard before stays", async () => {
    let later = 0;
    await using stage = await openComfyuiStage({ timers: { monotonic: () => performance.now() + later } });
    const of = request("job-1", "dunes [slow]");
    const ref = await begin(stage, of);
    await until(stage, of, ref, heard);
    stage.server.hangUp();
    expect(heard(await statusOf(stage.provider, of, ref))).toBe(true);
    later = 10_000;
    await until(stage, of, ref, (status) => heard(status) && stage.server.sockets() === 1);
  });

  it("is let go with the attempt that listened", async () => {
    await using stage = await openComfyuiStage();
    const of = request("job-1", "dunes [slow]");
    const ref = await begin(stage, of);
    const attempt = new AbortController();
    while (stage.server.sockets() === 0) {
      await stage.provider.status(submissionOf(of, ref), attempt.signal);
      await wait(5);
    }
    attempt.abort();
    await closed(stage);
    expect(stage.server.sockets()).toBe(0);
  });

  async function closed({ server }: ComfyuiStage): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; server.sockets() > 0; await wait(5))
      if (Date.now() > end) throw new Error("A socket stayed open.");
  }
});
