import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ALL_FORMATS, BufferSource, Input } from "mediabunny";
import { describe, expect, it, vi } from "vitest";
import { submissionOf } from "../../testing/submissionOf.ts";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import { createSimulator } from "./simulatorProvider.ts";
import type { Provider, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();

async function openSimulator() {
  const folder = await temporaryFolder();
  const file = join(folder.path, "simulator.jsonl");
  let now = 1_000_000;
  const open = (): Provider => createSimulator({ file, clock: () => now });
  return {
    open,
    file,
    advance: (ms: number) => void (now += ms),
    lines: async () =>
      (await readFile(file, "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function request(script: Record<string, unknown>, change: Partial<SubmitRequest> = {}): SubmitRequest {
  return {
    clientRef: "job-1",
    model: "sim/image",
    type: "image",
    prompt: "fog",
    params: { script },
    inputPaths: [],
    ...change,
  };
}

const statusOf = (provider: Provider, of: SubmitRequest) =>
  provider.status(submissionOf(of, `sim-${of.clientRef}`), signal);

describe("the simulator", () => {
  it("follows its script by the wall clock: queued, running as far as it is, done", async () => {
    await using sim = await openSimulator();
    const provider = sim.open();
    const asked = request({ queueMs: 300, runMs: 1_000 });
    await provider.submit(asked, signal);
    const told = [];
    for (const ms of [0, 299, 1, 250, 500, 249, 1]) {
      sim.advance(ms);
      told.push(await statusOf(provider, asked));
    }
    expect(told).toEqual([
      { state: "queued", position: null },
      { state: "queued", position: null },
      { state: "running", fraction: 0 },
      { state: "running", fraction: 0.25 },
      { state: "running", fraction: 0.75 },
      { state: "running", fraction: 0.999 },
      { state: "succeeded" },
    ]);
  });

  it("[U3] tells no fraction when its script says that it measures none", async () => {
    await using sim = await openSimulator();
    const provider = sim.open();
    const asked = request({ queueMs: 0, runMs: 1_000, progress: "none" });
    await provider.submit(asked, signal);
    sim.advance(500);
    expect(await statusOf(provider, asked)).toEqual({ state: "running", fraction: null });
  });

  it("[P1] remembers through a crash what it accepted, also when the crash cut a line in half", async () => {
    await using sim = await openSimulator();
    const asked = request({ queueMs: 0, runMs: 1_000 });
    await sim.open().submit(asked, signal);
    await appendFile(sim.file, '{"op":"submit","at":1,"client');
    const second = sim.open();
    const later = request({ queueMs: 0, runMs: 0 }, { clientRef: "other-1" });
    await second.submit(later, signal);
    sim.advance(500);
    const third = sim.open();
    expect(await statusOf(third, asked)).toEqual({ state: "running", fraction: 0.5 });
    expect(await statusOf(third, later)).toEqual({ state: "succeeded" });
  });

  it("[P1] is one provider for several processes: each knows what the others asked of it", async () => {
    await using sim = await openSimulator();
    const [first, second] = [sim.open(), sim.open()];
    const asked = request({ queueMs: 0, runMs: 1_000 });
    await first.submit(asked, signal);
    sim.advance(500);
    expect(await statusOf(second, asked)).toEqual({ state: "running", fraction: 0.5 });
    await second.cancel?.(submissionOf(asked, "sim-job-1"), signal);
    expect(await statusOf(first, asked)).toEqual({ state: "cancelled" });
    await Promise.all([first.close(), second.close()]);
  });

  it("bears witness to everything it was asked, one line of JSON each", async () => {
    await using sim = await openSimulator();
    const provider = sim.open();
    const asked = request({ queueMs: 0, runMs: 0 });
    await provider.lookup?.(asked, signal);
    await provider.submit(asked, signal);
    await statusOf(provider, asked);
    await provider.fetchOutput(submissionOf(asked, "sim-job-1"), signal);
    await provider.cancel?.(submissionOf(asked, "sim-job-1"), signal);
    const lines = await sim.lines();
    expect(lines.map(({ op }) => op)).toEqual(["lookup", "submit", "poll", "fetch", "cancel"]);
    expect(lines.every((line) => line["client_ref"] === "job-1" && line["at"] === 1_000_000)).toBe(true);
  });

  it("fails at the submit as often as its script says, counted over a job's attempts and over crashes", async () => {
    await using sim = await openSimulator();
    const fail = { code: "rate_limited", at: "submit", retryable: true, times: 2 };
    const results = [];
    for (const clientRef of ["job-1", "job-2", "job-3"]) {
      const provider = sim.open();
      const error = await provider.submit(request({ fail }, { clientRef }), signal).then(
        () => null,
        (thrown: unknown) => provider.classifyError(thrown),
      );
      results.push(error?.code ?? "accepted", error?.notAccepted ?? false);
    }
    expect(results).toEqual(["rate_limited", true, "rate_limited", true, "accepted", false]);
    expect(
      await sim
        .open()
        .submit(request({ fail }, { clientRef: "another-3" }), signal)
        .catch(() => "its own count"),
    ).toBe("its own count");
  });

  it("fails that far into its run, so many times", async () => {
    await using sim = await openSimulator();
    const provider = sim.open();
    const script = {
      queueMs: 0,
      runMs: 1_000,
      fail: { code: "provider_unavailable", at: 0.4, retryable: true, times: 1 },
    };
    const [first, second] = [request(script), request(script, { clientRef: "job-2" })];
    await provider.submit(first, signal);
    sim.advance(399);
    expect(await statusOf(provider, first)).toMatchObject({ state: "running" });
    sim.advance(1);
    expect(await statusOf(provider, first)).toMatchObject({
      state: "failed",
      error: { code: "provider_unavailable", retryable: true },
    });
    await provider.submit(second, signal);
    sim.advance(1_000);
    expect(await statusOf(provider, second)).toEqual({ state: "succeeded" });
    expect(await statusOf(provider, first)).toMatchObject({ state: "failed" });
  });

  it("fails its fetch, or gives bytes that our storage cannot keep, so many times", async () => {
    await using sim = await openSimulator();
    const provider = sim.open();
    for (const at of ["fetch", "store"]) {
      const asked = request(
        { queueMs: 0, runMs: 0, fail: { code: "storage_failed", at, times: 1 } },
        { clientRef: `${at}-1` },
      );
      await provider.submit(asked, signal);
      const fetch = async () => buffer((await provider.fetchOutput(submissionOf(asked, "x"), signal)).body);
      await expect(fetch()).rejects.toBeInstanceOf(Error);
      expect((await fetch()).length).toBeGreaterThan(1_000);
    }
  });

  it("[J7] cancels, ignores the cancel or cannot, as its script says, and never what was done before", async () => {
    await using sim = await openSimulator();
    const provider = sim.open();
    const ends: Record<string, string> = {};
    for (const cancel of ["ok", "late", "unsupported"]) {
      const asked = request({ queueMs: 0, runMs: 1_000, cancel }, { clientRef: `${cancel}-1` });
      await provider.submit(asked, signal);
      sim.advance(500);
      const taken = await provider.cancel?.(submissionOf(asked, "x"), signal).then(
        () => "taken",
        () => "refused",
      );
      sim.advance(500);
      ends[cancel] = `${taken}, ${(await statusOf(provider, asked)).state}`;
    }
    expect(ends).toEqual({ ok: "taken, cancelled", late: "taken, succeeded", unsupported: "refused, succeeded" });
    const done = request({ queueMs: 0, runMs: 100 }, { clientRef: "done-1" });
    await provider.submit(done, signal);
    sim.advance(100);
    await provider.cancel?.(submissionOf(done, "x"), signal);
    expect(await statusOf(provider, done)).toEqual({ state: "succeeded" });
  });

  it("[P2] loses its reply when told to, once, having accepted; and finds it, or cannot", async () => {
    await using sim = await openSimulator();
    const provider = sim.open();
    const lost = request({ dropAnswer: true, idempotent: true });
    await expect(provider.submit(lost, signal)).rejects.toThrow("The connection broke");
    expect(await provider.lookup?.(lost, signal)).toEqual({ state: "found", providerRef: "sim-job-1" });
    expect(await provider.submit(lost, signal)).toEqual({ providerRef: "sim-job-1" });
    const hidden = request({ dropAnswer: true, lookup: false }, { clientRef: "hidden-1" });
    await expect(provider.submit(hidden, signal)).rejects.toThrow("The connection broke");
    expect(await provider.lookup?.(hidden, signal)).toEqual({ state: "unsupported" });
  });

  it("makes pictures of the shape and videos of the length asked for, the same ones each time", async () => {
    await using sim = await openSimulator();
    const provider = sim.open();
    const output = async (asked: SubmitRequest) =>
      buffer((await provider.fetchOutput(submissionOf(asked, "x"), signal)).body);
    const { default: sharp } = await import("sharp");
    const tall = request({}, { params: { aspectRatio: "9:16", seed: 3 } });
    expect(await sharp(await output(tall)).metadata()).toMatchObject({ width: 360, height: 640 });
    expect((await output(tall)).equals(await output(tall))).toBe(true);
    for (const durationMs of [1_000, 2_500, 7_000]) {
      const bytes = await output(request({}, { type: "video", model: "sim/video", params: { durationMs } }));
      using input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
      expect(Math.round((await input.computeDuration()) * 1000)).toBe(durationMs);
    }
    const clip = request({}, { type: "video", model: "sim/video", params: { durationMs: 1_000 } });
    const [first, clock] = [await output(clip), vi.spyOn(Date, "now")];
    clock.mockReturnValue(Date.now() + 5_000);
    expect((await output(clip)).equals(first)).toBe(true);
    expect(await output(request({ outputBytes: 10 }))).toHaveLength(10);
    expect(await output(request({ outputBytes: 50_000 }))).toHaveLength(50_000);
  });
});
