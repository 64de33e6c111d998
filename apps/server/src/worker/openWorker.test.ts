import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { realTimers } from "../Timers.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { Timers } from "../Timers.ts";

describe("a worker", () => {
  it("[J2] [J4] [A5] claims a job and completes it with media that is whole", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const created = await studio.create();
    expect(created).toMatchObject({ status: "pending", liveJob: { attempt: 0, phase: "queued" } });
    const asset = await studio.ended(created.id);
    expect(asset).toMatchObject({ status: "completed", errorCode: null, lastJob: { charged: 6 } });
    expect(asset.currentVersion.media).toMatchObject({ mime: "image/png", width: 640, height: 360, durationMs: null });
    expect(await studio.store.creditSummary({ workspaceId: "default" as never })).toEqual({ balance: 994, held: 0 });
    const logged = studio.lines.filter(({ msg }) => msg === "transition");
    expect(logged.map(({ job, asset: of, attempt, from, to }) => ({ job, of, attempt, from, to }))).toEqual([
      { job: asset.lastJob?.id, of: asset.id, attempt: 1, from: "pending", to: "processing" },
      { job: asset.lastJob?.id, of: asset.id, attempt: 1, from: "processing", to: "completed" },
    ]);
    expect(logged[1]).toHaveProperty("ms", expect.any(Number));
  });

  it("[A5] completes a video with a poster and a length above zero", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const script = { queueMs: 0, runMs: 0 };
    const created = await studio.create(
      {},
      { type: "video", model: "sim/video", params: { durationMs: 2_000, script } },
    );
    const { currentVersion } = await studio.ended(created.id);
    expect(currentVersion.media).toMatchObject({ mime: "video/mp4", durationMs: 2_000 });
    const poster = await studio.storage.head(currentVersion.media?.posterUrl.slice("/media/".length) ?? "");
    expect(poster?.bytes).toBeGreaterThan(100);
  });

  it("works on no more jobs at once than it may, and on the next as soon as one has ended", async () => {
    await using studio = await openTestStudio();
    const worker = studio.startWorker({ concurrency: 2 });
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => studio.create({ runMs: 200 })));
    let most = 0;
    const looking = setInterval(() => (most = Math.max(most, worker.running())), 5);
    const ended = await Promise.all(made.map(({ id }) => studio.ended(id)));
    clearInterval(looking);
    expect(ended.map(({ status }) => status)).toEqual(Array(5).fill("completed"));
    expect(most).toBe(2);
  });

  it("fails the attempt, and not its lease ten times over, when a reference picture cannot be read", async () => {
    await using studio = await openTestStudio({
      wrapStorage: (storage) => ({
        ...storage,
        withLocalFile: (key, use) => (hidden ? Promise.reject(new Error("gone")) : storage.withLocalFile(key, use)),
      }),
    });
    let hidden = false;
    studio.startWorker();
    const { id } = await studio.ended((await studio.create()).id);
    hidden = true;
    const made = await studio.ended((await studio.create({}, { inputs: [id] })).id);
    expect(made).toMatchObject({ status: "failed", errorCode: "storage_failed", lastJob: { charged: 0 } });
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });
});

describe("failures and their budget", () => {
  it("[J5] tries again while failures are left, then fails for good with words and without a charge", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const fail = { code: "provider_unavailable", at: 0.5, retryable: true };
    const asset = await studio.ended((await studio.create({ fail })).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "provider_unavailable", lastJob: { charged: 0 } });
    // What a provider lets be asked for again was free.
    expect(asset).toMatchObject({ lastJob: { endedAtProvider: false } });
    expect(asset.errorMessage).not.toBe("");
    expect(studio.testimony(["submit"])).toHaveLength(3);
    expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 3, failures: 3 }]);
  });

  it("[J5] completes after failures that were fewer than the budget", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const fail = { code: "provider_unavailable", at: 0.5, retryable: true, times: 2 };
    const asset = await studio.ended((await studio.create({ fail })).id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit"])).toHaveLength(3);
  });

  it("[J5] fails at once when trying again would not help", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const asset = await studio.ended(
      (await studio.create({ fail: { code: "content_policy_input", at: "submit" } })).id,
    );
    expect(asset).toMatchObject({
      status: "failed",
      errorCode: "content_policy_input",
      lastJob: { recoverable: false },
    });
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });

  it("[J5] does not try again what cannot go better, whatever the provider says of it", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const codes = [
      "content_policy_input",
      "content_policy_output",
      "invalid_input",
      "insufficient_credits",
      "provider_quota",
      "provider_auth",
    ];
    const made = await Promise.all(codes.map((code) => studio.create({ fail: { code, at: 0.5, retryable: true } })));
    const ended = await Promise.all(made.map(({ id }) => studio.ended(id)));
    expect(ended.map(({ errorCode }) => errorCode)).toEqual(codes);
    expect(studio.testimony(["submit"])).toHaveLength(codes.length);
  });

  it("[J5] waits as long as its draw says before the next try", async () => {
    await using studio = await openTestStudio();
    studio.startWorker({ random: () => 0.5 });
    const fail = { code: "provider_unavailable", at: 0, retryable: true, times: 1 };
    const { id } = await studio.create({ fail });
    const waiting = await studio.until(id, ({ liveJob }) => liveJob?.phase === "backoff");
    expect(waiting).toMatchObject({ status: "pending", liveJob: { failures: 1, maxFailures: 3, attempt: 1 } });
    const asset = await studio.ended(id);
    expect(asset.status).toBe("completed");
    const [first, second] = studio.testimony(["submit"]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(500);
  });

  it("[J5] begins the next try when its time comes, though nobody looks round", async () => {
    // No backstop, no other work: nothing but a timer for this try can begin it.
    const every: Timers["every"] = (ms, callback) => (ms === 1_000 ? () => {} : realTimers.every(ms, callback));
    let asked = 0;
    await using studio = await openTestStudio({
      timers: { every },
      wrapStore: (store) => ({ ...store, nextTry: (request) => ((asked += 1), store.nextTry(request)) }),
    });
    studio.startWorker({ random: () => 0.3 });
    // With hands free, a worker asks when the next try is.
    await expect.poll(() => asked, { timeout: 15_000 }).toBeGreaterThan(0);
    const fail = { code: "provider_unavailable", at: 0, retryable: true, times: 2 };
    expect(await studio.ended((await studio.create({ fail })).id)).toMatchObject({ status: "completed" });
    expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 3, failures: 2 }]);
  });

  it("[J5] begins a try whose time comes between a claim that came too early and the question when the next one is", async () => {
    const every: Timers["every"] = (ms, callback) => (ms === 1_000 ? () => {} : realTimers.every(ms, callback));
    // A timer may end a moment before its time, by the database's clock.
    const after: Timers["after"] = (ms, callback) => realTimers.after(Math.max(0, ms - 10), callback);
    await using studio = await openTestStudio({
      timers: { every, after },
      wrapStore: (store) => ({ ...store, nextTry: (request) => delay(30).then(() => store.nextTry(request)) }),
    });
    studio.startWorker({ random: () => 0.3 });
    const fail = { code: "provider_unavailable", at: 0, retryable: true, times: 2 };
    expect(await studio.ended((await studio.create({ fail })).id)).toMatchObject({ status: "completed" });
  });

  it("[J5] waits as long as the provider asked, whatever was drawn", async () => {
    let refused = 0;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        submit: async (request, signal) => {
          if ((refused += 1) === 1) throw new Error("429");
          return simulator.submit(request, signal);
        },
        classifyError: () => ({
          code: "rate_limited",
          message: "Too many requests.",
          retryable: true,
          notAccepted: true,
          retryAfterMs: 700 as never,
        }),
      }),
    });
    studio.startWorker({ random: () => 0 });
    const { id } = await studio.create();
    const waiting = await studio.until(id, ({ liveJob }) => liveJob?.phase === "backoff");
    const asset = await studio.ended(id);
    expect(asset.status).toBe("completed");
    expect((waiting.liveJob?.nextTryAt ?? 0) - waiting.updatedAt).toBe(700);
    expect(studio.testimony(["submit"])[0]?.at).toBeGreaterThanOrEqual(waiting.liveJob?.nextTryAt ?? Infinity);
  });

  it("[A4] says something to people even when the provider gave no reason", async () => {
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        status: async () => ({ state: "failed", error: { code: "internal", message: " ", retryable: false } }),
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset).toMatchObject({
      status: "failed",
      errorCode: "internal",
      errorMessage: "The provider gave no reason.",
    });
  });
});
