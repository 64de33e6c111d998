import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import type { OpenStore } from "../openStudio.ts";

export function cancelContract(open: OpenStore): void {
  it("[J7] a waiting job is cancelled at once, and its credits come back", async () => {
    await using studio = await openStudio(open);
    const { assetId } = await studio.create();
    expect(await studio.cancel(assetId)).toMatchObject({
      ok: true,
      asset: { status: "cancelled", liveJob: null, lastJob: { status: "cancelled", charged: 0 } },
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
    expect(await studio.claim()).toEqual([]);
  });

  it("[J7] a running job is wished cancelled, hears of it, and ends when its worker has stopped", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const wakes: boolean[] = [];
    studio.store.onWake(({ work }) => void wakes.push(work));
    expect(await studio.cancel(job.assetId)).toMatchObject({
      ok: true,
      asset: { status: "processing", liveJob: { cancelRequested: true } },
    });
    expect(wakes).toContain(true);
    const ref = { jobId: job.jobId, attempt: job.attempt };
    expect(await studio.store.progress({ ...ref, phase: "at_provider", fraction: null })).toMatchObject({
      cancelRequested: true,
    });
    expect(await studio.store.settle(ref)).toMatchObject({
      ok: true,
      transition: { event: "settle", to: "cancelled" },
    });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "cancelled",
      lastJob: { status: "cancelled", cancelRequested: true },
    });
  });

  it("[J7] a second wish changes nothing and is answered like the first", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const first = await studio.cancel(job.assetId);
    expect(await studio.cancel(job.assetId)).toEqual(first);
    expect(await studio.events()).toHaveLength(3);
  });

  it("[J7] a wish meant for one job stops no other: late on its way, it had stopped what somebody began after it", async () => {
    await using studio = await openStudio(open);
    const { workspaceId, store } = studio;
    const { assetId, jobId } = await studio.start();
    expect(await store.cancel({ workspaceId, assetId, jobId })).toMatchObject({ ok: true });
    await store.settle({ jobId, attempt: 1 });
    await studio.startJob("retry", assetId);
    const later = await studio.claimOne();
    expect(await store.cancel({ workspaceId, assetId, jobId })).toMatchObject({
      ok: false,
      why: "already_ended",
      asset: { liveJob: { id: later.jobId, cancelRequested: false } },
    });
    expect(await studio.complete(later)).toMatchObject({ ok: true });
    expect((await studio.get(assetId)).lastJob).toMatchObject({ status: "completed", cancelRequested: false });
  });

  it("[J7] settling without a wish is refused", async () => {
    await using studio = await openStudio(open);
    const { jobId, attempt } = await studio.start();
    expect(await studio.store.settle({ jobId, attempt })).toMatchObject({ ok: false });
  });

  it("[J7] with an open submission the job stays until it is settled at the provider", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.openAtProvider(job);
    await studio.cancel(job.assetId);
    const ref = { jobId: job.jobId, attempt: job.attempt };
    expect(await studio.store.settle(ref)).toEqual({ ok: false, why: "unsettled" });
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({ cancelRequested: true, openSubmission: true });
    expect(await studio.store.settle({ ...ref, ends: "cancelled" })).toMatchObject({ ok: true });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "cancelled", lastJob: { recoverable: false } });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[J7] a wished job in backoff with an open submission is claimable at once, to settle", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.openAtProvider(job);
    await studio.fail(job, { backoffMs: durationMs(60_000) });
    expect(await studio.cancel(job.assetId)).toMatchObject({
      ok: true,
      asset: {
        status: "pending",
        liveJob: { phase: "queued", cancelRequested: true, openSubmission: true, nextTryAt: null },
      },
    });
    const again = await studio.claimOne();
    expect(again).toMatchObject({ attempt: 2, cancelRequested: true, submission: { id: submissionId, state: "open" } });
    await studio.store.settle({ jobId: again.jobId, attempt: 2, ends: "cancelled" });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "cancelled" });
  });

  it("[J7] a result that was faster than the cancel wins, and is charged", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.openAtProvider(job);
    await studio.cancel(job.assetId);
    expect(await studio.complete(job)).toMatchObject({ ok: true, cancelRequested: true });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "completed",
      lastJob: { status: "completed", charged: 6, cancelRequested: true },
    });
  });

  it("[J7] after a wish there is neither backoff nor another try", async () => {
    await using studio = await openStudio(open);
    const failed = await studio.start();
    await studio.cancel(failed.assetId);
    await studio.fail(failed);
    const lost = await studio.start();
    await studio.cancel(lost.assetId);
    await studio.loseAll();
    const back = await studio.start();
    await studio.cancel(back.assetId);
    await studio.store.handBack({ jobId: back.jobId, attempt: 1 });
    for (const { assetId } of [failed, lost, back])
      expect(await studio.get(assetId)).toMatchObject({ status: "cancelled", errorCode: null });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[J7] a wished job lost with something alive at the provider waits, without backoff, to be settled", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.openAtProvider(job);
    await studio.cancel(job.assetId);
    await studio.loseAll();
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({
      status: "pending",
      phase: "queued",
      nextTryAt: null,
    });
    expect(await studio.claimOne()).toMatchObject({
      cancelRequested: true,
      attempt: 2,
      losses: 1,
      failures: 0,
      submission: { state: "open" },
    });
  });

  it("[J7] after a wish no new submission may be made", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.cancel(job.assetId);
    const { jobId, attempt } = job;
    const intent = { jobId, attempt, submissionId: studio.ids(), clientRef: "late", provider: "sim" } as never;
    expect(await studio.store.intendSubmission(intent)).toEqual({ ok: false, why: "unsettled" });
  });

  it("[J7] [J8] an upload and an unknown asset have nothing to cancel", async () => {
    await using studio = await openStudio(open);
    expect(await studio.cancel(studio.ids())).toEqual({ ok: false, why: "not_found" });
    const job = await studio.made();
    expect(await studio.cancel(job.assetId)).toMatchObject({
      ok: false,
      why: "already_ended",
      asset: { status: "completed" },
    });
  });
}
