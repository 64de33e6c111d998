import { credits, durationMs, viewOf } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { PrunePolicy } from "../../store/keeping.ts";
import type { OpenStore } from "../openStudio.ts";

const DAY = 86_400_000;
const NEVER = durationMs(10_000 * DAY);
const KEEP: PrunePolicy = {
  eventsOlderThanMs: NEVER,
  jobsOlderThanMs: NEVER,
  keysOlderThanMs: NEVER,
  binOlderThanMs: NEVER,
  limit: 1_000,
};
const FINAL = { retryable: false } as const;

export function keepingContract(open: OpenStore): void {
  it("[E3] events are pruned as a prefix; the history of an asset that is there stays with it", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const job = await studio.start();
    studio.advanceClock(2 * DAY);
    await studio.fail(job, FINAL);
    const before = await store.assetHistory({ workspaceId, assetId: job.assetId });
    expect(await store.prune({ ...KEEP, eventsOlderThanMs: durationMs(DAY) })).toEqual({
      events: 2,
      jobs: 0,
      keys: 0,
      assets: 0,
    });
    expect(await store.prune({ ...KEEP, eventsOlderThanMs: durationMs(DAY) })).toMatchObject({ events: 0 });
    expect(await store.assetHistory({ workspaceId, assetId: job.assetId })).toEqual(before);
    await studio.startJob("retry", job.assetId);
    expect(await store.feedHead({ workspaceId })).toMatchObject({ seq: 4 });
  });

  it("[E3] pruning goes piece by piece, oldest first, and whoever stood before a piece is told to reset", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    for (let made = 0; made < 3; made += 1) await studio.made();
    studio.advanceClock(2 * DAY);
    await studio.create();
    const { feedId } = await store.feedHead({ workspaceId });
    const policy = { ...KEEP, eventsOlderThanMs: durationMs(DAY), limit: 4 };
    const resumes = async (after: number) =>
      (await store.readFeed({ workspaceId, after, feedId, limit: 20 })).resumable;
    expect(await resumes(3)).toBe(true);
    const pruned = [];
    for (let round = 0; round < 4; round += 1) {
      pruned.push((await store.prune(policy)).events);
      expect(await store.checkInvariants()).toEqual([]);
    }
    expect(pruned).toEqual([4, 4, 1, 0]);
    expect([await resumes(8), await resumes(9)]).toEqual([false, true]);
    expect((await store.readFeed({ workspaceId, after: 9, feedId, limit: 20 })).items).toHaveLength(1);
  });

  it("[E3] an old event behind a younger one stays: what is pruned is a prefix", async () => {
    await using studio = await openStudio(open);
    const { store } = studio;
    studio.advanceClock(2 * DAY);
    await studio.create();
    studio.advanceClock(-2 * DAY);
    await studio.create();
    studio.advanceClock(2 * DAY + 1);
    expect(await store.prune({ ...KEEP, eventsOlderThanMs: durationMs(DAY) })).toMatchObject({ events: 0 });
  });

  it("[A4] [U1] what a card says of a failure is the same after its job is purged", async () => {
    await using studio = await openStudio(open);
    const failed = await studio.start();
    await studio.fail(failed, FINAL);
    const cancelled = await studio.create();
    await studio.cancel(cancelled.assetId);
    const views = () =>
      Promise.all([failed, cancelled].map(async ({ assetId }) => viewOf(await studio.get(assetId), "en")));
    const before = await views();
    studio.advanceClock(2 * DAY);
    const policy = { ...KEEP, jobsOlderThanMs: durationMs(DAY), limit: 1 };
    const pruned = [];
    for (let round = 0; round < 3; round += 1) pruned.push((await studio.store.prune(policy)).jobs);
    expect(pruned).toEqual([1, 1, 0]);
    expect(await views()).toEqual(before);
  });

  it("[A4] a failed asset says why after its job is purged, and can be retried", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.fail(job, FINAL);
    const before = await studio.get(job.assetId);
    studio.advanceClock(2 * DAY);
    expect(await studio.store.prune({ ...KEEP, jobsOlderThanMs: durationMs(DAY) })).toMatchObject({ jobs: 1 });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "failed",
      errorCode: before.errorCode,
      errorMessage: before.errorMessage,
      lastJob: null,
      rowVersion: before.rowVersion + 1,
    });
    expect(await studio.startJob("retry", job.assetId)).toMatchObject({
      ok: true,
      asset: { currentVersion: { id: job.versionId } },
    });
    await studio.complete(await studio.claimOne());
    expect(await studio.credit()).toEqual({ balance: 994, held: 0 });
  });

  it("[P6] a recoverable job is not purged, and neither is a live one", async () => {
    await using studio = await openStudio(open);
    const paid = await studio.start();
    await studio.openAtProvider(paid);
    await studio.fail(paid, FINAL);
    await studio.create();
    studio.advanceClock(2 * DAY);
    expect(await studio.store.prune({ ...KEEP, jobsOlderThanMs: durationMs(DAY) })).toMatchObject({ jobs: 0 });
    expect(await studio.startJob("recover", paid.assetId)).toMatchObject({ ok: true });
  });

  it("[P7] what holds a slot is not purged, for something of it may be alive at the provider, until the sweeper has let go of it", async () => {
    await using studio = await openStudio(open);
    await studio.store.setLimits([{ provider: "sim", slots: 2 }]);
    const [unconfirmed, deleted] = [await studio.start(), await studio.start()];
    for (const job of [unconfirmed, deleted]) {
      await studio.intend(job);
      await studio.fail(job, { ...FINAL, code: "unconfirmed_submit" });
    }
    await studio.remove(deleted.assetId);
    const atOnce = { ...KEEP, jobsOlderThanMs: durationMs(1), binOlderThanMs: durationMs(1) };
    studio.advanceClock(2);
    expect(await studio.store.prune(atOnce)).toMatchObject({ jobs: 0, assets: 0 });
    studio.advanceClock(60_000);
    await studio.sweep();
    expect(await studio.store.prune({ ...atOnce, jobsOlderThanMs: NEVER })).toMatchObject({ jobs: 0, assets: 1 });
    expect(await studio.store.prune(atOnce)).toMatchObject({ jobs: 1, assets: 0 });
  });

  it("[A8] a deleted asset's rows go after the bin period, when nothing is live and nothing was made from it", async () => {
    await using studio = await openStudio(open);
    const { store } = studio;
    const source = await studio.made();
    const derived = await studio.made({ inputs: [source.assetId] });
    const running = await studio.start();
    for (const { assetId } of [source, running]) await studio.remove(assetId);
    const policy = { ...KEEP, binOlderThanMs: durationMs(DAY) };
    expect(await store.prune(policy)).toMatchObject({ assets: 0 });
    studio.advanceClock(2 * DAY);
    expect(await store.prune(policy)).toMatchObject({ assets: 0 });
    await store.settle({ jobId: running.jobId, attempt: running.attempt });
    expect(await store.prune(policy)).toMatchObject({ assets: 1 });
    await studio.remove(derived.assetId);
    studio.advanceClock(2 * DAY);
    expect(await store.prune(policy)).toMatchObject({ assets: 2 });
    expect(await store.referencedKeys()).toEqual(new Set());
    expect(await studio.credit()).toEqual({ balance: 988, held: 0 });
    expect((await studio.events()).every(({ kind }) => kind === "removed")).toBe(true);
  });

  it("[A8] deleted assets that were made from each other go too, once nothing else was made from any of them", async () => {
    await using studio = await openStudio(open);
    const { store } = studio;
    const one = await studio.made();
    const two = await studio.made({ inputs: [one.assetId] });
    // Its newer version was made from what had been made from its older one: each refers to the other.
    await studio.startJob("regenerate", one.assetId, { change: { inputs: [two.assetId] } });
    await studio.complete(await studio.claimOne());
    const three = await studio.made({ inputs: [two.assetId] });
    const policy = { ...KEEP, binOlderThanMs: durationMs(DAY) };
    const pruned: number[] = [];
    for (const { assetId } of [one, two, three]) {
      await studio.remove(assetId);
      pruned.push((await store.prune(policy)).assets);
      studio.advanceClock(2 * DAY);
      // While the third is there, or still in the bin, what it was made from stays, and what that was made from.
      if (assetId !== three.assetId) pruned.push((await store.prune(policy)).assets);
    }
    expect(pruned).toEqual([0, 0, 0, 0, 0]);
    expect((await store.referencedKeys()).size).toBe(3);
    // A piece at a time, also where the pieces belong together.
    for (let piece = 0; piece < 4; piece += 1) pruned.push((await store.prune({ ...policy, limit: 10 })).assets);
    expect(pruned.slice(5)).toEqual([1, 1, 1, 0]);
    expect(await store.referencedKeys()).toEqual(new Set());
  });

  it("[E3] the events of an asset that is gone leave no history behind", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const job = await studio.made();
    await studio.remove(job.assetId);
    studio.advanceClock(2 * DAY);
    await store.prune({ ...KEEP, binOlderThanMs: durationMs(DAY) });
    expect(await store.prune({ ...KEEP, eventsOlderThanMs: durationMs(DAY) })).toMatchObject({ events: 4 });
    expect(await store.assetHistory({ workspaceId, assetId: job.assetId })).toBeNull();
  });

  it("[C4] keys are pruned, with which an old press would be a new one", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const idempotency = { key: "k", bodyHash: "b" };
    await store.createAssets({ workspaceId, projectId: null, idempotency, assets: [studio.newAsset()] });
    expect(await store.prune({ ...KEEP, keysOlderThanMs: durationMs(DAY) })).toMatchObject({ keys: 0 });
    studio.advanceClock(2 * DAY);
    expect(await store.prune({ ...KEEP, keysOlderThanMs: durationMs(DAY) })).toMatchObject({ keys: 1 });
  });

  it("[A8] a file is referenced as long as a version has it, by media, poster and thumbnail", async () => {
    await using studio = await openStudio(open);
    const job = await studio.made();
    const keys = await studio.store.referencedKeys();
    expect(keys.size).toBe(3);
    await studio.remove(job.assetId);
    expect(await studio.store.referencedKeys()).toEqual(keys);
  });

  it("[J8] a store that is closed finishes what it was asked before, and refuses what comes later", async () => {
    await using opened = await open();
    const { store } = opened;
    const ensure = (n: number) =>
      store.ensureWorkspace({
        workspaceId: `w-${n}` as WorkspaceId,
        name: "W",
        project: { id: `p-${n}` as ProjectId, name: "P" },
        grant: credits(1),
      });
    const writes = Promise.all([1, 2, 3].map(ensure));
    const closed = Promise.all([store.close(), store.close()]);
    await expect(ensure(4)).rejects.toThrow("closed");
    expect(await writes).toHaveLength(3);
    expect(await closed).toHaveLength(2);
  });
}
