import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  comfyuiBegin,
  comfyuiRequest,
  comfyuiStatus,
  comfyuiUntil,
} from "../../testing/protocols/comfyui/comfyuiRequest.ts";
import { openComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import type { ComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import type { ProviderStatus } from "../Provider.ts";

const { signal } = new AbortController();

describe("progress from ComfyUI's websocket", () => {
  const heard = (status: ProviderStatus): boolean => status.state === "running" && status.fraction === 0.75;

  it("[U3] is what the sampler's steps say, also to whoever takes the prompt up later, until it ends", async () => {
    await using stage = await openComfyuiStage();
    const of = comfyuiRequest("job-1", "dunes [slow]");
    const ref = await comfyuiBegin(stage, of);
    await comfyuiUntil(stage, of, ref, heard);
    await stage.provider.close();
    const next = stage.open();
    await comfyuiUntil({ provider: next }, of, ref, heard);
    await next.cancel?.(submissionOf(of, ref), signal);
    expect(await comfyuiUntil({ provider: next }, of, ref)).toEqual({ state: "cancelled" });
    await closed(stage);
  });

  it("is only a hint: whatever comes over it, or nothing, the reads decide", async () => {
    await using stage = await openComfyuiStage();
    const of = comfyuiRequest("job-1", "dunes [slow]");
    const ref = await comfyuiBegin(stage, of);
    await comfyuiUntil(stage, of, ref, heard);
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
    expect(
      await comfyuiUntil(stage, of, ref, (status) => status.state === "running" && status.fraction !== 0.75),
    ).toEqual({
      state: "running",
      fraction: 0.8,
    });
  });

  it("is listened to again some time after its line was cut, and what was heard before stays", async () => {
    let later = 0;
    await using stage = await openComfyuiStage({ timers: { monotonic: () => performance.now() + later } });
    const of = comfyuiRequest("job-1", "dunes [slow]");
    const ref = await comfyuiBegin(stage, of);
    await comfyuiUntil(stage, of, ref, heard);
    stage.server.hangUp();
    expect(heard(await comfyuiStatus(stage.provider, of, ref))).toBe(true);
    later = 10_000;
    await comfyuiUntil(stage, of, ref, (status) => heard(status) && stage.server.sockets() === 1);
  });

  it("is let go with the attempt that listened", async () => {
    await using stage = await openComfyuiStage();
    const of = comfyuiRequest("job-1", "dunes [slow]");
    const ref = await comfyuiBegin(stage, of);
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
    while (server.sockets() > 0) await wait(5);
  }
});
