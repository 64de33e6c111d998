import { credits, durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { LEASE, openStudio } from "../openStudio.ts";
import { samplePlan } from "../samples.ts";
import type { EpochMs, ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { OpenStore, Studio } from "../openStudio.ts";

export function claimContract(open: OpenStore): void {
  it("[J2] a claim raises the attempt, sets the lease, and brings all that an attempt needs", async () => {
    await using studio = await openStudio(open);
    const asset = await studio.create();
    const now = await studio.store.now();
    const job = await studio.claimOne();
    expect(job).toMatchObject({
      jobId: asset.jobId,
      workspaceId: studio.workspaceId,
      assetId: asset.assetId,
      versionId: asset.versionId,
      attempt: 1,
      failures: 0,
      losses: 0,
      model: "sim/image",
      provider: "sim",
      prompt: asset.prompt,
      params: asset.params,
      inputs: [],
      quote: 6,
      leaseUntil: now + LEASE,
      attemptDeadlineAt: now + 60_000,
      jobDeadlineAt: now + 300_000,
      cancelRequested: false,
      submission: null,
    });
    expect(await studio.get(asset.assetId)).toMatchObject({
      status: "processing",
      rowVersion: 2,
      liveJob: { status: "processing", phase: "submitting", attempt: 1, startedAt: now, queuePosition: null },
    });
    expect(await studio.claim()).toEqual([]);
  });

  it("[J2] concurrent claims never share a job", async () => {
    await using studio = await openStudio(open);
    for (let made = 0; made < 20; made += 1) await studio.create();
    const claims = await Promise.all(Array.from({ length: 8 }, () => studio.claim(4)));
    const jobs = claims.flat().map(({ jobId }) => jobId);
    expect(jobs).toHaveLength(20);
    expect(new Set(jobs).size).toBe(20);
  });

  it("[J5] tells how long until the next try of the models asked about", async () => {
    await using studio = await openStudio(open);
    const next = async (models: readonly string[] = ["sim/image", "sim/video"]) =>
      (await studio.store.nextTry({ models, providers: ["sim"], since: await studio.store.now() })).ms;
    expect(await next()).toBeNull();
    const [late, soon] = [await studio.start(), await studio.start()];
    await studio.create();
    await studio.fail(late, { backoffMs: durationMs(9_000) });
    await studio.fail(soon, { backoffMs: durationMs(2_000) });
    expect(await next()).toBe(2_000);
    expect(await next(["sim/video"])).toBeNull();
    studio.advanceClock(500);
    expect(await next()).toBe(1_500);
    // What is due is for claiming, also when it cannot be claimed yet.
    studio.advanceClock(1_500);
    expect(await next()).toBe(7_000);
    await studio.cancel(late.assetId);
    expect(await next()).toBeNull();
  });

  it("[J5] a try whose time came after a claim and before the question was told of by nobody: it is, once", async () => {
    await using studio = await openStudio(open);
    const next = (since: EpochMs | null) => studio.store.nextTry({ models: ["sim/image"], providers: ["sim"], since });
    await studio.fail(await studio.start(), { backoffMs: durationMs(2_000) });
    const before = await next(null);
    expect(before.ms).toBe(2_000);
    studio.advanceClock(1_999);
    expect(await studio.claim()).toEqual([]);
    studio.advanceClock(1);
    const since = await next(before.now);
    expect(since).toEqual({ now: before.now + 2_000, ms: 0 });
    // Whoever could not claim it then is not sent round in a circle.
    expect((await next(since.now)).ms).toBeNull();
  });

  it("[J2] a job in backoff cannot be claimed before its time", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.fail(job, { backoffMs: durationMs(2_000) });
    studio.advanceClock(1_999);
    expect(await studio.claim()).toEqual([]);
    studio.advanceClock(1);
    expect(await studio.claim()).toMatchObject([{ jobId: job.jobId, attempt: 2, failures: 1 }]);
  });

  it("[J2] only jobs of the models asked for are claimed", async () => {
    await using studio = await openStudio(open);
    const video = await studio.create({ type: "video", plan: samplePlan({ model: "sim/video" }) });
    expect(await studio.claim(5, ["sim/image"])).toEqual([]);
    expect(await studio.claim(5, [])).toEqual([]);
    expect(await studio.claim(5, ["sim/video"])).toMatchObject([{ jobId: video.jobId, type: "video" }]);
  });

  it("[P1] [P6] what holds a submission is claimed by whoever has its provider, and by nobody else, its model offered or not", async () => {
    await using studio = await openStudio(open);
    const queued = await studio.start();
    const again = await studio.start();
    for (const job of [queued, again]) await studio.openAtProvider(job);
    await studio.store.handBack(queued);
    await studio.fail(again, { backoffMs: durationMs(2_000) });
    const fresh = await studio.create();
    const next = async (models: readonly string[], providers: readonly string[]) =>
      (await studio.store.nextTry({ models, providers, since: null })).ms;
    expect([await next([], ["sim"]), await next(["sim/image"], [])]).toEqual([2_000, null]);
    expect((await studio.claim(9, ["sim/image"], [])).map(({ jobId }) => jobId)).toEqual([fresh.jobId]);
    expect(await studio.claim(9, ["sim/video"], ["other"])).toEqual([]);
    expect(await studio.claim(9, [], ["sim"])).toMatchObject([
      { jobId: queued.jobId, attempt: 2, submission: { state: "open" } },
    ]);
    studio.advanceClock(2_000);
    expect(await studio.claim(9, [], [])).toEqual([]);
    expect(await studio.claim(9, [], ["sim"])).toMatchObject([{ jobId: again.jobId, attempt: 2 }]);
  });

  it("[J7] asked only for what is to be settled, a claim brings what was wished cancelled and may be alive, nothing else", async () => {
    await using studio = await openStudio(open);
    const [wished, unwished, late] = [await studio.start(), await studio.start(), await studio.start()];
    for (const job of [wished, unwished, late]) await studio.openAtProvider(job);
    await studio.cancel(late.assetId);
    await studio.loseAll();
    await studio.create({ plan: samplePlan({ priority: 9 }) });
    await studio.cancel(wished.assetId);
    const models = ["sim/image"];
    const claim = (onlyToSettle: boolean) =>
      studio.store.claim({ workerId: "worker-1", limit: 9, leaseMs: LEASE, models, providers: ["sim"], onlyToSettle });
    const settling = await claim(true);
    expect(settling.map(({ jobId }) => jobId).toSorted()).toEqual([wished.jobId, late.jobId].toSorted());
    expect(settling[0]).toMatchObject({ attempt: 2, cancelRequested: true, submission: { state: "open" } });
    expect(await claim(true)).toEqual([]);
    expect(await claim(false)).toHaveLength(2);
  });

  it("[J2] a higher priority goes first, then who came first", async () => {
    await using studio = await openStudio(open);
    const first = await studio.create();
    const second = await studio.create();
    const urgent = await studio.create({ plan: samplePlan({ priority: 5 }) });
    const claimed = await studio.claim(3);
    expect(claimed.map(({ jobId }) => jobId)).toEqual([urgent.jobId, first.jobId, second.jobId]);
  });

  it("[J2] workspaces are served in turn: who asked for a hundred does not keep out who asked for one", async () => {
    await using studio = await openStudio(open);
    for (let made = 0; made < 12; made += 1) await studio.create();
    const others = [await openWorkspace(studio), await openWorkspace(studio)];
    for (const other of others) await studio.create({}, other);
    const served = (await studio.claim(6)).map(({ workspaceId }) => workspaceId);
    for (const other of others) expect(served.slice(0, 3)).toContain(other);
    expect(served).toHaveLength(6);
  });

  it("[J2] one at a time, too, the turn goes round", async () => {
    await using studio = await openStudio(open);
    const other = await openWorkspace(studio);
    for (let made = 0; made < 4; made += 1) {
      await studio.create();
      await studio.create({}, other);
    }
    const served: WorkspaceId[] = [];
    for (let turn = 0; turn < 8; turn += 1) served.push((await studio.claimOne()).workspaceId);
    for (let turn = 0; turn < 8; turn += 2) expect(new Set(served.slice(turn, turn + 2)).size).toBe(2);
  });

  it("[J6] a heartbeat renews the leases that are still ours, and tells of those that are not", async () => {
    await using studio = await openStudio(open);
    const mine = await studio.start();
    const stopped = await studio.start();
    await studio.fail(stopped, { retryable: false });
    studio.advanceClock(LEASE - 1);
    const attempts = [mine, { ...mine, attempt: 0 }, stopped].map(({ jobId, attempt }) => ({ jobId, attempt }));
    expect(await studio.store.heartbeat({ leaseMs: LEASE, attempts })).toEqual([
      { jobId: mine.jobId, attempt: 1, alive: true, cancelRequested: false },
      { jobId: mine.jobId, attempt: 0, alive: false, cancelRequested: false },
      { jobId: stopped.jobId, attempt: 1, alive: false, cancelRequested: false },
    ]);
    studio.advanceClock(LEASE - 1);
    expect(await studio.sweep()).toMatchObject({ lost: 0 });
    await studio.cancel(mine.assetId);
    expect(await studio.store.heartbeat({ leaseMs: LEASE, attempts: attempts.slice(0, 1) })).toMatchObject([
      { alive: true, cancelRequested: true },
    ]);
    await studio.loseAll();
    expect(await studio.get(mine.assetId)).toMatchObject({ status: "cancelled" });
  });

  it("[U3] places in line are counted for each model of the workspace, by priority and age", async () => {
    await using studio = await openStudio(open);
    const other = await openWorkspace(studio);
    const first = await studio.create();
    await studio.create({}, other);
    const second = await studio.create();
    const urgent = await studio.create({ plan: samplePlan({ priority: 1 }) });
    const film = await studio.create({ type: "video", plan: samplePlan({ model: "sim/video" }) });
    const places = async () =>
      Promise.all(
        [urgent, first, second, film].map(async ({ assetId }) => (await studio.get(assetId)).liveJob?.queuePosition),
      );
    expect(await places()).toEqual([1, 2, 3, 1]);
    expect((await studio.store.liveProgress({ workspaceId: studio.workspaceId })).queue).toEqual({
      waiting: 4,
      line: [urgent, first, second, film].map(({ assetId }, index) => ({
        assetId,
        place: [1, 2, 3, 1][index],
        startsIn: null,
      })),
    });
    while ((await studio.claim(1, ["sim/image"]))[0]?.workspaceId !== studio.workspaceId);
    expect(await places()).toEqual([null, 1, 2, 1]);
  });
}

async function openWorkspace({ store, ids }: Studio): Promise<WorkspaceId> {
  const workspaceId = ids<WorkspaceId>();
  await store.ensureWorkspace({
    workspaceId,
    name: "Other",
    project: { id: ids<ProjectId>(), name: "P" },
    grant: credits(1_000),
  });
  return workspaceId;
}
