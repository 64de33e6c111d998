import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { RenderError } from "../../renderer/RenderError.ts";
import { startRender } from "../../renderer/startRender.ts";
import { temporaryFolder } from "../../renderer/testing.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import { InputGone } from "../InputGone.ts";
import type { Provider, SubmitRequest, ProviderStatus } from "../Provider.ts";
import { LOCAL_IMAGE, LOCAL_MODELS, LOCAL_VIDEO } from "./localModels.ts";
import { createLocalProvider } from "./localProvider.ts";
import type { LocalProviderDeps } from "./localProvider.ts";

const { signal } = new AbortController();

function request(clientRef: string, changes: Partial<SubmitRequest> = {}): SubmitRequest {
  const params = { aspectRatio: "1:1", resolution: "480p", seed: 5, durationMs: 1000 };
  return { clientRef, model: LOCAL_IMAGE, type: "image", prompt: "dunes at dusk", params, inputPaths: [], ...changes };
}

const clip = (clientRef: string, durationMs = 15_000): SubmitRequest =>
  request(clientRef, { type: "video", model: LOCAL_VIDEO, params: { resolution: "480p", seed: 5, durationMs } });

const createProvider = (
  deps: Pick<LocalProviderDeps, "workDir"> & Partial<LocalProviderDeps>,
): Provider & AsyncDisposable => {
  const provider = createLocalProvider({ startRender, concurrency: 1, now: Date.now, ...deps });
  return Object.assign(provider, { [Symbol.asyncDispose]: () => provider.close() });
};

const open = (workDir: string, concurrency = 1) => createProvider({ workDir, concurrency });

const statusOf = (provider: Provider, of: SubmitRequest): Promise<ProviderStatus> =>
  provider.status(submissionOf(of, of.clientRef), signal);

async function until(
  provider: Provider,
  of: SubmitRequest,
  done: (status: ProviderStatus) => boolean,
): Promise<ProviderStatus> {
  for (;;) {
    const status = await statusOf(provider, of);
    if (done(status)) return status;
    await wait(20);
  }
}

const ended = (status: ProviderStatus): boolean => status.state !== "queued" && status.state !== "running";

async function fetched(provider: Provider, of: SubmitRequest): Promise<Buffer> {
  const { body } = await provider.fetchOutput(submissionOf(of, of.clientRef), signal);
  return buffer(body);
}

describe("the local provider", () => {
  it("[P2] makes one picture for one reference, however often it is submitted", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(folder.path);
    const asked = request("once");
    expect(await provider.submit(asked, signal)).toEqual({ providerRef: "once" });
    expect(await provider.submit(asked, signal)).toEqual({ providerRef: "once" });
    expect(await until(provider, asked, ended)).toEqual({ state: "succeeded" });
    await provider.submit(asked, signal);
    expect(await statusOf(provider, asked)).toEqual({ state: "succeeded" });
    expect(await readdir(folder.path)).toEqual(["once.png"]);
    expect((await fetched(provider, asked)).subarray(1, 4).toString()).toBe("PNG");
  });

  it("[P6] says that the studio's disk is full, to the job and to the studio, and leaves it alone for a while", async () => {
    await using folder = await temporaryFolder();
    let told = 0;
    await using provider = createProvider({
      workDir: folder.path,
      startRender: () => ({
        pid: undefined,
        finished: Promise.reject(new RenderError("disk_full", "ENOSPC: no space left on device, write")),
        cancel: () => {},
      }),
      onDiskFull: () => void (told += 1),
    });
    const asked = request("no-room");
    await provider.submit(asked, signal);
    expect(await until(provider, asked, ended)).toMatchObject({
      state: "failed",
      error: {
        code: "storage_failed",
        retryable: true,
        retryAfterMs: 10_000,
        message: expect.stringContaining("no space left"),
      },
    });
    expect(told).toBe(1);
    const other = Object.assign(new Error("ENOSPC: no space left on device, mkdir"), { code: "ENOSPC" });
    expect(provider.classifyError(other)).toMatchObject({ code: "storage_failed" });
  });

  it("[P1] draws the same picture again when the server that was drawing it died", async () => {
    await using folder = await temporaryFolder();
    await using other = await temporaryFolder();
    const asked = request("reborn");
    await using provider = open(folder.path);
    await using successor = open(other.path);
    await provider.submit(asked, signal);
    await until(provider, asked, ended);
    // The successor has never heard of it, and finds no file.
    expect((await statusOf(successor, asked)).state).toBe("running");
    expect(await until(successor, asked, ended)).toEqual({ state: "succeeded" });
    expect((await fetched(successor, asked)).equals(await fetched(provider, asked))).toBe(true);
  });

  it("[P1] uses the finished file it finds after a restart", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "kept.png"), "finished before the crash");
    await using provider = open(folder.path);
    expect(await provider.lookup?.(request("kept"), signal)).toEqual({ state: "found", providerRef: "kept" });
    expect(await provider.lookup?.(request("never"), signal)).toEqual({ state: "absent" });
    expect(await statusOf(provider, request("kept"))).toEqual({ state: "succeeded" });
    expect((await fetched(provider, request("kept"))).toString()).toBe("finished before the crash");
  });

  it("[U3] tells measured progress that only grows, and the place in line of those who wait", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(folder.path);
    const [first, second, third] = [clip("a", 1000), request("b"), request("c")];
    for (const asked of [first, second, third]) await provider.submit(asked, signal);
    expect(await statusOf(provider, second)).toEqual({ state: "queued", position: 1 });
    expect(await statusOf(provider, third)).toEqual({ state: "queued", position: 2 });
    const fractions: number[] = [];
    await until(provider, first, (status) => {
      if (status.state === "running" && status.fraction !== null) fractions.push(status.fraction);
      return ended(status);
    });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(new Set(fractions).size).toBeGreaterThan(2);
    expect(await until(provider, third, ended)).toEqual({ state: "succeeded" });
    expect(await statusOf(provider, second)).toEqual({ state: "succeeded" });
  });

  it("[J7] stops a running render and one that waits, and lets the next begin", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(folder.path);
    const [long, waiting, next] = [clip("long"), clip("waiting"), request("next")];
    for (const asked of [long, waiting, next]) await provider.submit(asked, signal);
    for (const asked of [waiting, long]) await provider.cancel?.(submissionOf(asked, asked.clientRef), signal);
    expect(await statusOf(provider, long)).toEqual({ state: "cancelled" });
    expect(await statusOf(provider, waiting)).toEqual({ state: "cancelled" });
    expect(await until(provider, next, ended)).toEqual({ state: "succeeded" });
  });

  it("[J7] a cancel that comes too late changes nothing", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(folder.path);
    const asked = request("late");
    await provider.submit(asked, signal);
    await until(provider, asked, ended);
    await provider.cancel?.(submissionOf(asked, "late"), signal);
    expect(await statusOf(provider, asked)).toEqual({ state: "succeeded" });
  });

  it("[J7] a cancel of what a dead server was drawing is settled without drawing it", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(folder.path);
    const asked = clip("orphan");
    await provider.cancel?.(submissionOf(asked, "orphan"), signal);
    expect(await statusOf(provider, asked)).toEqual({ state: "cancelled" });
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("[J5] fails for good on a reference picture that cannot be read", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(join(folder.path, "work"));
    const inputPath = join(folder.path, "noise.jpg");
    await writeFile(inputPath, "not a picture");
    const asked = request("unreadable", { inputPaths: [inputPath] });
    await provider.submit(asked, signal);
    expect(await until(provider, asked, ended)).toMatchObject({
      state: "failed",
      error: { code: "invalid_input", retryable: false },
    });
  });

  it("[P6] hands over what is finished though its reference is gone, and draws nothing anew without it", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(folder.path);
    const asked = request("finished");
    await writeFile(join(folder.path, "finished.png"), "finished before");
    const lost = (clientRef: string) => ({
      ...submissionOf({ ...asked, clientRef }, clientRef),
      inputPaths: () => Promise.reject(new InputGone({ cause: new Error("no such file") })),
    });
    expect(await provider.status(lost("finished"), signal)).toEqual({ state: "succeeded" });
    expect(await fetched(provider, asked)).toEqual(Buffer.from("finished before"));
    const error = { code: "storage_failed", retryable: true, detail: "Error: no such file" };
    expect(await provider.status(lost("unfinished"), signal)).toMatchObject({ state: "failed", error });
    expect(await readdir(folder.path)).toEqual(["finished.png"]);
  });

  it("[J5] calls a crash of the renderer retryable", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(folder.path);
    expect(provider.classifyError(new RenderError("crashed", "The renderer stopped (SIGSEGV)."))).toMatchObject({
      code: "provider_unavailable",
      retryable: true,
      message: "The renderer stopped (SIGSEGV).",
    });
    expect(provider.classifyError(new RenderError("timeout", "Too long."))).toMatchObject({
      code: "timeout",
      retryable: true,
    });
    expect(provider.classifyError("what")).toMatchObject({ code: "internal", retryable: true });
  });

  it("[P3] draws again what was fetched and is gone, instead of failing for ever", async () => {
    await using folder = await temporaryFolder();
    const asked = request("gone");
    const provider = open(folder.path);
    await provider.submit(asked, signal);
    await until(provider, asked, ended);
    const before = await fetched(provider, asked);
    await provider.close();
    expect(await readdir(folder.path)).toEqual([]);
    await using successor = open(folder.path);
    expect(await until(successor, asked, ended)).toEqual({ state: "succeeded" });
    expect((await fetched(successor, asked)).equals(before)).toBe(true);
  });

  it("sweeps away what nobody fetched for a day", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "old.png"), "old");
    await writeFile(join(folder.path, "young.png"), "young");
    const days = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(join(folder.path, "old.png"), days, days);
    await using provider = open(folder.path);
    const asked = request("new");
    await provider.submit(asked, signal);
    await until(provider, asked, ended);
    expect((await readdir(folder.path)).toSorted()).toEqual(["new.png", "young.png"]);
  });

  it("never writes outside its folder, whatever the reference", async () => {
    await using folder = await temporaryFolder();
    await using provider = open(join(folder.path, "work"));
    const asked = request("../../escape");
    await provider.submit(asked, signal);
    expect(await until(provider, asked, ended)).toEqual({ state: "succeeded" });
    expect(await readdir(folder.path)).toEqual(["work"]);
    expect(await readdir(join(folder.path, "work"))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.png$/)]);
  });
});

describe("what the local models offer", () => {
  it("[C1] costs nothing, and says so", () => {
    expect(LOCAL_MODELS.map(({ id, price }) => [id, price({ durationMs: 15_000 })])).toEqual([
      [LOCAL_IMAGE, 0],
      [LOCAL_VIDEO, 0],
    ]);
  });

  it.each([
    [{ slate: "yes" }, "slate"],
    [{ durationMs: 500 }, "durationMs"],
    [{ durationMs: 16_000 }, "durationMs"],
    [{ aspectRatio: "5:1" }, "aspectRatio"],
    [{ resolution: "8k" }, "resolution"],
    [{ format: "gif" }, "format"],
    [{ seed: 1.5 }, "seed"],
  ])("names the field that is wrong in %j", (params, field) => {
    for (const { parseParams } of LOCAL_MODELS) expect(parseParams?.(params)?.field).toBe(field);
  });

  it("takes the usual parameters, and names one it does not know", () => {
    for (const { parseParams } of LOCAL_MODELS)
      expect(parseParams?.({ slate: true, format: "webp", seed: 3 })).toBeNull();
    for (const { parseParams } of LOCAL_MODELS) expect(parseParams?.({ mood: "calm" })?.field).toBe("mood");
  });
});
