import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";

describe("what was paid for", () => {
  it.each(["fetch", "store"])(
    "[P6] is not lost when its %s fails for good: failed, released, and recovered later",
    async (at) => {
      await using studio = await openTestStudio();
      studio.startWorker();
      const code = at === "fetch" ? "provider_unavailable" : "storage_failed";
      const { id } = await studio.create({ fail: { code, at, retryable: true, times: 3 } });
      const failed = await studio.ended(id);
      expect(failed).toMatchObject({ status: "failed", errorCode: code, lastJob: { recoverable: true, charged: 0 } });
      expect(await studio.api.credits.summary()).toEqual({ balance: 1_000, held: 0 });
      expect(studio.rows("SELECT state, outcome FROM submission")).toMatchObject([{ state: "open" }]);
      expect(studio.testimony(["fetch"])).toHaveLength(3);

      const recovering = await studio.api.assets.recover({ id });
      expect(recovering.liveJob?.quote).toBe(6);
      const asset = await studio.ended(id);
      expect(asset).toMatchObject({ status: "completed", lastJob: { charged: 6, recoverable: false } });
      expect(studio.testimony(["submit"])).toHaveLength(1);
      expect(await studio.api.credits.summary()).toEqual({ balance: 994, held: 0 });
    },
  );

  it("[P6] a storage that fails once costs an attempt and nothing else", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const asset = await studio.ended(
      (await studio.create({ fail: { code: "storage_failed", at: "store", times: 1 } })).id,
    );
    expect(asset.status).toBe("completed");
    expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 2, failures: 1 }]);
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });

  it.each([
    ["image", "nothing", { outputBytes: 0 }],
    ["image", "half a picture", { outputBytes: 600 }],
    ["video", "nothing", { outputBytes: 0 }],
    ["video", "most of a clip", { outputBytes: 180_000 }],
  ] as const)(
    "[J4] [A5] %s: %s of it was delivered, which fails the attempt and costs nothing",
    async (type, _what, script) => {
      await using studio = await openTestStudio();
      studio.startWorker();
      const params = { script: { queueMs: 0, runMs: 0, ...script } };
      const asset = await studio.ended((await studio.create({}, { type, model: `sim/${type}`, params })).id);
      expect(asset).toMatchObject({ status: "failed", errorCode: "provider_unavailable", lastJob: { charged: 0 } });
      expect(asset.currentVersion.media).toBeNull();
      expect(studio.testimony(["submit"])).toHaveLength(1);
      expect(studio.testimony(["fetch"])).toHaveLength(3);
    },
  );

  it("[J4] something else under the name of a picture fails the attempt, and its stream is closed", async () => {
    const closed: boolean[] = [];
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        fetchOutput: async (submission, signal) => {
          const video = { ...submission, request: { ...submission.request, type: "video" as const } };
          const output = await simulator.fetchOutput(video, signal);
          output.body.once("close", () => closed.push(true));
          return { ...output, claimedMime: "image/png" };
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset).toMatchObject({ status: "failed", errorMessage: "Instead of a picture there was something else." });
    await wait(20);
    expect(closed).toEqual([true, true, true]);
  });

  it("[J4] a file shorter than the provider announced fails the attempt", async () => {
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        fetchOutput: async (submission, signal) => {
          const output = await simulator.fetchOutput(submission, signal);
          return { ...output, claimedBytes: (output.claimedBytes ?? 0) + 1 };
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset).toMatchObject({ status: "failed", lastJob: { recoverable: true } });
    expect(asset.errorMessage).toMatch(/^The provider announced \d+ bytes and delivered \d+\.$/);
  });
});
