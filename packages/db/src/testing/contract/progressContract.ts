import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import type { ProcessingPhase } from "@reelstate/lifecycle";
import type { OpenStore } from "../openStudio.ts";

/** J3, E4: how far an attempt is said to be. */
export function progressContract(open: OpenStore): void {
  it("[J3] phases and the fraction only go forward, and a report without a number keeps the last one", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const report = (phase: ProcessingPhase, fraction: number | null) =>
      studio.store.progress({ jobId: job.jobId, attempt: 1, phase, fraction });
    expect(await report("at_provider", 0.4)).toEqual({ ok: true, transition: null, cancelRequested: false });
    expect(await report("at_provider", 0.3)).toEqual({ ok: false, why: "backwards" });
    expect(await report("submitting", 0.5)).toEqual({ ok: false, why: "backwards" });
    expect(await report("at_provider", 1.5)).toEqual({ ok: false, why: "illegal" });
    expect(await report("storing", null)).toMatchObject({ ok: true });
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({
      phase: "storing",
      progress: { kind: "measured", fraction: 0.4 },
    });
  });

  it("[E4] [A9] progress is a latest value: no event, no new row version, and the feed is woken", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const before = await studio.get(job.assetId);
    const wakes: boolean[] = [];
    const stop = studio.store.onWake((wake) => void wakes.push(wake.feed));
    await studio.store.progress({ jobId: job.jobId, attempt: 1, phase: "at_provider", fraction: 0.25 });
    stop();
    expect(wakes).toContain(true);
    expect((await studio.get(job.assetId)).rowVersion).toBe(before.rowVersion);
    expect(await studio.events()).toHaveLength(2);
    expect(await studio.store.liveProgress({ workspaceId: studio.workspaceId })).toMatchObject({
      jobs: [
        {
          assetId: job.assetId,
          jobId: job.jobId,
          attempt: 1,
          phase: "at_provider",
          progress: { kind: "measured", fraction: 0.25 },
        },
      ],
      queue: { waiting: 0, line: [] },
    });
  });

  it("[J3] a new attempt starts from nothing", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.store.progress({ jobId: job.jobId, attempt: 1, phase: "storing", fraction: 0.9 });
    await studio.store.handBack({ jobId: job.jobId, attempt: 1 });
    await studio.claimOne();
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({
      attempt: 2,
      phase: "submitting",
      progress: { fraction: null },
    });
  });

  it("[U3] after enough runs of a model, progress without a number is estimated from them", async () => {
    await using studio = await openStudio(open);
    for (const seconds of [10, 20, 30, 40, 50]) {
      const job = await studio.start();
      studio.advanceClock(seconds * 1_000);
      await studio.complete(job);
    }
    studio.advanceClock(60_000);
    const job = await studio.start();
    expect((await studio.get(job.assetId)).liveJob?.progress).toEqual({
      kind: "estimated",
      fraction: null,
      low: 20_000,
      high: 50_000,
    });
  });
}
