import { credits, durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { LEASE, openStudio } from "../openStudio.ts";
import { samplePlan } from "../samples.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { Limit } from "../../store/attempts.ts";
import type { OpenStore, Studio } from "../openStudio.ts";

const VIDEO = { type: "video" as const, plan: samplePlan({ model: "sim/video" }) };

/** P7: what a provider or a model may do at once is exact, and belongs to submissions. Every test ends by asking the store's own invariants. */
export function slotsContract(open: OpenStore): void {
  const openLimited = async (...limits: readonly Limit[]) => {
    const studio = await openStudio(open);
    await studio.store.setLimits(limits);
    return studio;
  };

  it("[P7] however many claim at once, no more than the provider's slots are taken", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 3 });
    for (let made = 0; made < 12; made += 1) await studio.create();
    const claimed = (await Promise.all(Array.from({ length: 8 }, () => studio.claim(2)))).flat();
    expect(claimed).toHaveLength(3);
    expect(await studio.claim(5)).toEqual([]);
    const [first] = claimed;
    if (first === undefined) throw new Error("Nothing was claimed.");
    await studio.complete(first);
    expect(await studio.claim(5)).toHaveLength(1);
  });

  it("[P7] a model that is full keeps no other model waiting behind it", async () => {
    await using studio = await openLimited({ model: "sim/image", slots: 1 }, { provider: "sim", slots: 3 });
    for (let made = 0; made < 30; made += 1) await studio.create();
    const films = [await studio.create(VIDEO), await studio.create(VIDEO), await studio.create(VIDEO)];
    const claimed = await studio.claim(5);
    expect(claimed.map(({ model }) => model)).toEqual(["sim/image", "sim/video", "sim/video"]);
    expect(claimed.slice(1).map(({ jobId }) => jobId)).toEqual(films.slice(0, 2).map(({ jobId }) => jobId));
  });

  it("[P7] full, it takes work of every workspace in turn as slots become free", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    for (let made = 0; made < 6; made += 1) await studio.create();
    const other = studio.ids<WorkspaceId>();
    const project = { id: studio.ids<ProjectId>(), name: "P" };
    await studio.store.ensureWorkspace({ workspaceId: other, name: "Other", project, grant: credits(1_000) });
    for (let made = 0; made < 3; made += 1) await studio.create({}, other);
    const served: WorkspaceId[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const [job, ...more] = await studio.claim(4);
      if (job === undefined) throw new Error("A free slot was not used.");
      expect(more).toEqual([]);
      served.push(job.workspaceId);
      await studio.complete(job);
    }
    for (let turn = 0; turn < 6; turn += 2) expect(new Set(served.slice(turn, turn + 2)).size).toBe(2);
  });

  it("[P7] an open submission keeps its slot when its attempt is lost, and only its own job comes back to it", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    const job = await studio.start();
    await studio.openAtProvider(job);
    const urgent = await studio.create({ plan: samplePlan({ priority: 9 }) });
    await studio.loseAll();
    const [again, ...others] = await studio.claim(5);
    expect(again).toMatchObject({ jobId: job.jobId, attempt: 2, submission: { state: "open" } });
    expect(others).toEqual([]);
    if (again !== undefined) await studio.complete(again);
    expect(await studio.claim(5)).toMatchObject([{ jobId: urgent.jobId }]);
  });

  it("[P7] an attempt that ends with nothing alive gives its slot back, whatever becomes of the job", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    const waiting = await studio.start();
    await studio.fail(waiting, { backoffMs: durationMs(60_000) });
    const failed = await studio.start();
    await studio.fail(failed, { retryable: false });
    const handed = await studio.start();
    await studio.store.handBack({ jobId: handed.jobId, attempt: handed.attempt });
    const again = await studio.claimOne();
    expect(again).toMatchObject({ jobId: handed.jobId, attempt: 2 });
    await studio.cancel(again.assetId);
    await studio.store.settle({ jobId: again.jobId, attempt: again.attempt });
    const told = await studio.start();
    await studio.openAtProvider(told);
    await studio.fail(told, { retryable: false, ends: "failed" });
    expect(await studio.start()).toBeDefined();
  });

  it("[P7] [P6] a job that failed with its submission open leaves the slot taken; a recovery takes it over", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    const { job } = await failWithOpen(studio);
    const next = await studio.create();
    expect(await studio.claim(5)).toEqual([]);
    await studio.startJob("recover", job.assetId);
    const [recovery, ...others] = await studio.claim(5);
    expect(recovery).toMatchObject({ assetId: job.assetId, submission: { state: "open" } });
    expect(others).toEqual([]);
    if (recovery !== undefined) await studio.complete(recovery);
    expect(await studio.claim(5)).toMatchObject([{ jobId: next.jobId }]);
  });

  it("[P7] [P1] the end of a submission, learnt when its job is over, gives the slot back", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    const { submissionId } = await failWithOpen(studio);
    const next = await studio.create();
    expect(await studio.claim(5)).toEqual([]);
    await studio.store.endSubmission({ submissionId, outcome: "failed" });
    expect(await studio.claim(5)).toMatchObject([{ jobId: next.jobId }]);
  });

  it("[P7] what the provider has made holds no slot once its job has failed on our side", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    const job = await studio.start();
    await studio.openAtProvider(job);
    await studio.fail(job, {
      code: "storage_failed",
      message: "The disk is full.",
      made: true,
      backoffMs: durationMs(0),
    });
    const again = await studio.claimOne();
    const next = await studio.create();
    expect(again).toMatchObject({ jobId: job.jobId, attempt: 2 });
    expect(await studio.claim(5)).toEqual([]);
    await studio.fail(again, { code: "storage_failed", message: "The disk is full.", made: true });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", lastJob: { recoverable: true } });
    expect(await studio.claim(5)).toMatchObject([{ jobId: next.jobId }]);
  });

  it("[P7] [P6] a recovery that holds one slot and lacks another waits for that one, and keeps nobody from being claimed", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    const { job } = await failWithOpen(studio);
    await studio.store.setLimits([
      { provider: "sim", slots: 3 },
      { model: "sim/image", slots: 2 },
    ]);
    const first = await studio.create();
    const film = await studio.create(VIDEO);
    expect((await studio.claim(1)).map(({ jobId }) => jobId)).toEqual([first.jobId]);
    await studio.startJob("recover", job.assetId);
    const claimed = (await studio.claim(5)).map(({ jobId, assetId }) => (assetId === job.assetId ? "recovery" : jobId));
    expect(claimed.toSorted()).toEqual([film.jobId, "recovery"].toSorted());
  });

  it("[P7] what nobody follows any more lets go of its slot after one more attempt's time", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    const { job } = await failWithOpen(studio);
    const next = await studio.create();
    studio.advanceClock(59_999);
    await studio.sweep();
    expect(await studio.claim(5)).toEqual([]);
    studio.advanceClock(1);
    await studio.sweep();
    expect(await studio.claim(5)).toMatchObject([{ jobId: next.jobId }]);
    await studio.startJob("recover", job.assetId);
    expect(await studio.claim(5)).toEqual([]);
  });

  it("[P7] fewer slots than are held take nothing away; more are there at once; none named is no limit", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 3 });
    for (let made = 0; made < 9; made += 1) await studio.create();
    const [one, two, three] = await studio.claim(5);
    if (one === undefined || two === undefined || three === undefined) throw new Error("Too few were claimed.");
    await studio.store.setLimits([{ provider: "sim", slots: 1 }]);
    await studio.complete(one);
    await studio.complete(two);
    expect(await studio.claim(5)).toEqual([]);
    await studio.complete(three);
    expect(await studio.claim(5)).toHaveLength(1);
    await studio.store.setLimits([{ provider: "sim", slots: 2 }]);
    expect(await studio.claim(5)).toHaveLength(1);
    await studio.store.setLimits([]);
    expect(await studio.claim(2)).toHaveLength(2);
    await studio.store.setLimits([{ provider: "sim", slots: 2 }]);
    expect(await studio.claim(5)).toEqual([]);
  });

  it("[P7] a process that cannot open a provider keeps that one's limits, and its models', as they are: it took them away from those that can", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 3 }, { model: "sim/image", slots: 1 });
    for (let made = 0; made < 6; made += 1) await studio.create();
    const [first] = await studio.claim(5);
    if (first === undefined) throw new Error("Nothing was claimed.");
    await studio.store.setLimits([{ provider: "other", slots: 9 }], { awaited: ["sim"], models: ["other/image"] });
    expect(await studio.claim(5)).toEqual([]);
    await studio.complete(first);
    expect(await studio.claim(5)).toHaveLength(1);
    // A model that it knows is not the awaited one's.
    await studio.store.setLimits([], { awaited: ["sim"], models: ["sim/image"] });
    expect(await studio.claim(5)).toHaveLength(2);
    // Where it can be opened its own word counts, and nothing of it is kept once nobody waits for it.
    await studio.store.setLimits([{ provider: "sim", slots: 4 }], { awaited: ["sim"], models: [] });
    expect(await studio.claim(5)).toHaveLength(1);
    await studio.store.setLimits([], { awaited: ["other"], models: ["sim/image"] });
    expect(await studio.claim(5)).toHaveLength(1);
  });

  it("[J2] retries that wait for their time are passed over by a claim, and taken when it has come", async () => {
    await using studio = await openStudio(open);
    for (let made = 0; made < 40; made += 1) await studio.fail(await studio.start(), { backoffMs: durationMs(9_000) });
    const due = await studio.start();
    await studio.fail(due, { backoffMs: durationMs(1_000) });
    const queued = await studio.create();
    studio.advanceClock(1_000);
    expect((await studio.claim(5)).map(({ jobId }) => jobId)).toEqual([due.jobId, queued.jobId]);
    studio.advanceClock(8_000);
    expect(await studio.claim(50)).toHaveLength(40);
  });

  it("[U3] when a job is likely to start is told from its model's own history, and not at all without one", async () => {
    await using studio = await openLimited({ model: "sim/image", slots: 2 });
    const startsIn = async (assetId: Parameters<typeof studio.get>[0]) =>
      (await studio.get(assetId)).liveJob?.startsIn ?? null;
    const early = await studio.create();
    expect(await startsIn(early.assetId)).toBeNull();
    await studio.complete(await studio.claimOne());
    await leaveHistory(studio, 10_000);
    await studio.start();
    await studio.start();
    const [next, second, third] = [await studio.create(), await studio.create(), await studio.create()];
    expect(await startsIn(next.assetId)).toEqual({ low: 0, high: 10_000 });
    expect(await startsIn(second.assetId)).toEqual({ low: 0, high: 10_000 });
    expect(await startsIn(third.assetId)).toEqual({ low: 10_000, high: 20_000 });
    expect((await studio.store.liveProgress({ workspaceId: studio.workspaceId })).queue.line.at(-1)).toEqual({
      assetId: third.assetId,
      place: 3,
      startsIn: { low: 10_000, high: 20_000 },
    });
    studio.advanceClock(LEASE);
  });

  it("[U3] no start is promised while a slot is free: whoever waits all the same waits for a worker's hands, and stood there with “starts in about 1–14 s” for minutes", async () => {
    await using studio = await openLimited({ model: "sim/image", slots: 2 });
    await leaveHistory(studio, 10_000);
    await studio.start();
    const next = await studio.create();
    const told = async ({ assetId }: typeof next) => [
      (await studio.get(assetId)).liveJob?.startsIn,
      (await studio.store.liveProgress({ workspaceId: studio.workspaceId })).queue.line.at(-1)?.startsIn,
    ];
    const soon = { low: 0, high: 10_000 };
    expect(await told(next)).toEqual([null, null]);
    expect((await studio.claimOne()).assetId).toBe(next.assetId);
    expect(await told(await studio.create())).toEqual([soon, soon]);
  });

  it("[U3] no start is promised while other models' work takes the same provider's slots", async () => {
    await using studio = await openLimited({ provider: "sim", slots: 1 });
    await leaveHistory(studio, 1_000);
    const film = await studio.start(VIDEO);
    const picture = await studio.create();
    const startsIn = async () => (await studio.get(picture.assetId)).liveJob?.startsIn ?? null;
    expect(await startsIn()).toBeNull();
    await studio.complete(film, { durationMs: durationMs(4_000) });
    expect((await studio.claimOne()).assetId).toBe(picture.assetId);
    const next = await studio.create();
    const soon = async () => (await studio.get(next.assetId)).liveJob?.startsIn ?? null;
    expect(await soon()).toEqual({ low: 0, high: 1_000 });
    await studio.create(VIDEO);
    studio.advanceClock(3_000);
    expect(await soon()).toBeNull();
  });
}

/** A job that took too long and failed, while the provider goes on with it. */
async function failWithOpen(studio: Studio) {
  const job = await studio.start();
  const submissionId = await studio.openAtProvider(job);
  await studio.fail(job, { retryable: false, code: "timeout", message: "It took too long." });
  return { job, submissionId };
}

/** More runs of the model than its usual time is told from, and then a while, until that is read anew. */
async function leaveHistory(studio: Studio, runMs: number): Promise<void> {
  for (let made = 0; made < 6; made += 1) {
    const job = await studio.start();
    studio.advanceClock(runMs);
    await studio.complete(job);
  }
  studio.advanceClock(11_000);
}
