import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  COMFYUI_VERSIONS,
  comfyuiBegin,
  comfyuiRequest,
  comfyuiStatus,
  comfyuiUntil,
  interruptAll,
  isRunning,
} from "../../testing/protocols/comfyui/comfyuiRequest.ts";
import { openComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import { promptIdOf } from "./promptIdOf.ts";
import type { ComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";

const { signal } = new AbortController();

describe("a cancel at ComfyUI", () => {
  it.each(COMFYUI_VERSIONS)("[J7] %s: takes one that waits from the queue, and only that", async (version) => {
    await using stage = await openComfyuiStage({ version });
    stage.server.hold(true);
    const [mine, other] = [comfyuiRequest("job-1"), comfyuiRequest("job-2")];
    const [ref, otherRef] = [await comfyuiBegin(stage, mine), await comfyuiBegin(stage, other)];
    await stage.provider.cancel?.(submissionOf(mine, ref), signal);
    expect(await comfyuiStatus(stage.provider, mine, ref)).toEqual({ state: "cancelled" });
    stage.server.hold(false);
    expect(await comfyuiUntil(stage, other, otherRef)).toEqual({ state: "succeeded" });
    expect(stage.server.runs).toEqual([otherRef]);
  });

  it.each(COMFYUI_VERSIONS)(
    "[J7] %s: of what has ended or waits never stops what runs (InvokeAI#6049)",
    async (version) => {
      await using stage = await openComfyuiStage({ version });
      const [over, long, waiting] = [
        comfyuiRequest("job-1"),
        comfyuiRequest("job-2", "dunes [slow]"),
        comfyuiRequest("job-3"),
      ];
      const overRef = await comfyuiBegin(stage, over);
      await comfyuiUntil(stage, over, overRef);
      const [longRef, waitingRef] = [await comfyuiBegin(stage, long), await comfyuiBegin(stage, waiting)];
      await comfyuiUntil(stage, long, longRef, isRunning);
      await stage.provider.cancel?.(submissionOf(over, overRef), signal);
      await stage.provider.cancel?.(submissionOf(waiting, waitingRef), signal);
      expect(await comfyuiStatus(stage.provider, over, overRef)).toEqual({ state: "succeeded" });
      expect(await comfyuiStatus(stage.provider, waiting, waitingRef)).toEqual({ state: "cancelled" });
      expect(await comfyuiStatus(stage.provider, long, longRef)).toMatchObject({ state: "running" });
      expect(stage.asked("interrupt")).toBe(0);
    },
  );

  it("[J7] 0.3.60: names what it interrupts, because another may have begun since it looked", async () => {
    await using stage = await openComfyuiStage({ version: "0.3.60" });
    const [mine, other] = [comfyuiRequest("job-1", "dunes [slow]"), comfyuiRequest("job-2", "fog [slow]")];
    const [ref, otherRef] = [await comfyuiBegin(stage, mine), await comfyuiBegin(stage, other)];
    await comfyuiUntil(stage, mine, ref, isRunning);
    // It has looked, and asks for the version.
    const begun = Promise.withResolvers<void>();
    stage.server.fault({ step: "stats", until: begun.promise });
    const cancelled = stage.provider.cancel?.(submissionOf(mine, ref), signal);
    while (stage.asked("stats") === 0) await wait(5);
    await interruptAll(stage);
    // Its own line is open, and is not opened after ours, in its place.
    await comfyuiUntil(stage, other, otherRef, (status) => status.state === "running" && status.fraction !== null);
    await using ear = await listenAs(stage, promptIdOf("job-2"));
    begun.resolve();
    await cancelled;
    expect(stage.asked("interrupt")).toBe(2);
    // What was interrupted says so with its next step.
    expect(await ear.next(6)).not.toContain("execution_interrupted");
  });

  it("[J7] 0.3.30: whose interrupt heeds no id, leaves what runs to finish, because it could stop another", async () => {
    await using stage = await openComfyuiStage({ version: "0.3.30" });
    const of = comfyuiRequest("job-1", "dunes [slow]");
    const ref = await comfyuiBegin(stage, of);
    await comfyuiUntil(stage, of, ref, isRunning);
    await stage.provider.cancel?.(submissionOf(of, ref), signal);
    expect(stage.asked("interrupt")).toBe(0);
    expect(await comfyuiStatus(stage.provider, of, ref)).toMatchObject({ state: "running" });
  });

  it("[J7] by somebody at ComfyUI itself is told as such", async () => {
    await using stage = await openComfyuiStage();
    const of = comfyuiRequest("job-1", "dunes [slow]");
    const ref = await comfyuiBegin(stage, of);
    await comfyuiUntil(stage, of, ref, isRunning);
    await interruptAll(stage);
    expect(await comfyuiUntil(stage, of, ref)).toEqual({ state: "cancelled" });
  });
});

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
