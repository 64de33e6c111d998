import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { realTimers } from "../Timers.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { AssetId } from "@reelstate/lifecycle";

describe("draining", () => {
  it("[J6] stops claiming at once, hands back without spending a budget, and the next worker goes on where it was", async () => {
    await using studio = await openTestStudio();
    const worker = studio.startWorker({ concurrency: 1 });
    const first = await studio.create({ runMs: 1_000 });
    await studio.until(first.id, ({ liveJob }) => liveJob?.phase === "at_provider");
    const draining = worker.drain(100);
    const second = await studio.create();
    await draining;
    expect(worker.running()).toBe(0);
    expect(await studio.get(first.id)).toMatchObject({ status: "pending", liveJob: { failures: 0, attempt: 1 } });
    expect(await studio.get(second.id)).toMatchObject({ status: "pending", liveJob: { attempt: 0 } });
    expect(studio.rows("SELECT losses, failures FROM job WHERE asset_id = ?", first.id)).toEqual([
      { losses: 0, failures: 0 },
    ]);

    studio.startWorker();
    const ended = await studio.ended(first.id);
    expect(ended.status).toBe("completed");
    expect(await studio.ended(second.id)).toMatchObject({ status: "completed" });
    expect(submitsOf(studio, first.id)).toBe(1);
  });

  it("[J6] gives back what a claim on its way still brings, untouched", async () => {
    const answer = Promise.withResolvers<void>();
    let asked = 0;
    await using studio = await openTestStudio({
      wrapStore: (store) => ({
        ...store,
        claim: async (request) => {
          const claimed = await store.claim(request);
          if (claimed.length > 0) {
            asked += 1;
            await answer.promise;
          }
          return claimed;
        },
      }),
    });
    const worker = studio.startWorker();
    const { id } = await studio.create();
    await studio.until(id, () => asked === 1);
    const drained = worker.drain(0);
    answer.resolve();
    await drained;
    expect(await studio.get(id)).toMatchObject({ status: "pending", liveJob: { phase: "queued", attempt: 1 } });
    expect(studio.rows("SELECT failures, losses FROM job")).toEqual([{ failures: 0, losses: 0 }]);
    expect(studio.testimony(["submit"])).toEqual([]);
  });

  it("[J6] ends though a job cannot be given back: its lease will end", async () => {
    await using studio = await openTestStudio({
      wrapStore: (store) => ({ ...store, handBack: () => Promise.reject(new Error("the disk is away")) }),
    });
    const worker = studio.startWorker();
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await worker.drain(0);
    expect(worker.running()).toBe(0);
    expect(await studio.get(id)).toMatchObject({ status: "processing", liveJob: { attempt: 1 } });
  });

  it("[J6] ends though the database does not answer any more: the leases will end", async () => {
    const answer = Promise.withResolvers<void>();
    let away = false;
    await using studio = await openTestStudio({
      // Its patience is not waited for here.
      timers: { sleep: (ms, signal) => realTimers.sleep(Math.min(ms, 100), signal) },
      wrapStore: (store) => ({
        ...store,
        handBack: (request) => (away ? answer.promise.then(() => store.handBack(request)) : store.handBack(request)),
        heartbeat: (request) => (away ? answer.promise.then(() => store.heartbeat(request)) : store.heartbeat(request)),
      }),
    });
    const worker = studio.startWorker({ leaseMs: 300 });
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    away = true;
    const drained = worker.drain(100).then(() => "drained");
    const came = await Promise.race([drained, wait(8_000, "still waiting")]);
    const left = studio.rows("SELECT status, attempt FROM job");
    answer.resolve();
    expect([came, left]).toEqual(["drained", [{ status: "processing", attempt: 1 }]]);
  });

  it("lets what ends within the grace end, and does not wait longer than that takes", async () => {
    await using studio = await openTestStudio();
    const worker = studio.startWorker();
    const { id } = await studio.create({ runMs: 300 });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    const at = Date.now();
    await worker.drain(10_000);
    expect(Date.now() - at).toBeLessThan(3_000);
    expect(await studio.get(id)).toMatchObject({ status: "completed" });
  });

  it("[P1] hears out a submit under way, so that the next worker need not ask what became of it", async () => {
    let submitting = (): void => {};
    const started = new Promise<void>((resolve) => (submitting = resolve));
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        submit: async (request, signal) => {
          submitting();
          await wait(400, undefined, { signal });
          return simulator.submit(request, signal);
        },
      }),
    });
    const worker = studio.startWorker();
    const { id } = await studio.create({ lookup: false });
    await started;
    await worker.drain(0);
    expect(studio.rows("SELECT state FROM submission")).toEqual([{ state: "open" }]);
    studio.startWorker();
    const asset = await studio.ended(id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });
});

function submitsOf(studio: Awaited<ReturnType<typeof openTestStudio>>, id: AssetId): number {
  const jobs = studio.rows<{ readonly id: string }>("SELECT id FROM job WHERE asset_id = ?", id);
  return studio.testimony(["submit"]).filter((line) => jobs.some((job) => line.client_ref.startsWith(job.id))).length;
}
