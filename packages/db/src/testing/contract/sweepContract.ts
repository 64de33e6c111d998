import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { LEASE, openStudio } from "../openStudio.ts";
import { samplePlan } from "../samples.ts";
import type { Sweep } from "../../store/attempts.ts";
import type { NewAsset } from "../../store/people.ts";
import type { OpenReachable, ReachableStore, Studio } from "../openStudio.ts";

/** More than one sweep looks at. */
const MANY = 12;

/** What is found without anybody saying so: lost leases, deadlines, work that nobody here can do any more. */
export function sweepContract(open: OpenReachable): void {
  it("[J6] a lost lease goes back to pending while losses are left, then fails as worker_lost: never stuck", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    expect(await studio.sweep()).toMatchObject({ lost: 0, transitions: [] });
    studio.advanceClock(LEASE + 1);
    expect(await studio.sweep(durationMs(3_000))).toMatchObject({
      lost: 1,
      transitions: [{ event: "lose", assetId: job.assetId, jobTo: "pending", attempt: 1 }],
    });
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({ phase: "backoff", failures: 0 });
    studio.advanceClock(3_000);
    expect(await studio.claimOne()).toMatchObject({ attempt: 2, losses: 1, failures: 0 });
    expect(await studio.loseAll()).toMatchObject({ lost: 1 });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "failed",
      errorCode: "worker_lost",
      lastJob: { charged: 0 },
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[J6] the owner of the database takes back every job of a dead predecessor at once; where nobody owns it, leases tell", async () => {
    await using studio = await openStudio(open);
    const running = [await studio.start(), await studio.start()];
    await studio.create();
    const report = await studio.store.takeBackPredecessors();
    if (!studio.owned) {
      expect(report).toEqual({ lost: 0, expired: 0, released: 0, rejected: 0, transitions: [] });
      expect(await studio.loseAll()).toMatchObject({ lost: 2 });
      return;
    }
    expect(report).toMatchObject({ lost: 2 });
    expect(report.transitions.map(({ assetId }) => assetId).toSorted()).toEqual(
      running.map(({ assetId }) => assetId).toSorted(),
    );
    expect((await studio.claim(5)).map(({ attempt }) => `attempt ${attempt}`).toSorted()).toEqual([
      "attempt 1",
      "attempt 2",
      "attempt 2",
    ]);
  });

  it("[J10] an attempt's deadline is a retryable failure, a job's is final and runs on while it waits", async () => {
    await using studio = await openStudio(open);
    const plan = samplePlan({ attemptTimeoutMs: durationMs(10_000), jobTimeoutMs: durationMs(30_000), maxFailures: 5 });
    const job = await studio.start({ plan });
    studio.advanceClock(9_999);
    expect(await studio.sweep()).toMatchObject({ expired: 0 });
    studio.advanceClock(1);
    expect(await studio.sweep(durationMs(60_000))).toMatchObject({ expired: 1, lost: 0 });
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({ phase: "backoff", failures: 1 });
    studio.advanceClock(20_000);
    expect(await studio.sweep()).toMatchObject({
      expired: 1,
      transitions: [{ event: "expire", jobFrom: "pending", jobTo: "failed" }],
    });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", errorCode: "timeout" });
  });

  it("[J10] a job's time runs from its first claim, however often it is claimed again", async () => {
    await using studio = await openStudio(open);
    const plan = samplePlan({ attemptTimeoutMs: durationMs(60_000), jobTimeoutMs: durationMs(30_000) });
    const job = await studio.start({ plan });
    studio.advanceClock(20_000);
    await studio.store.handBack(job);
    await studio.claimOne();
    studio.advanceClock(9_999);
    expect(await studio.sweep()).toMatchObject({ expired: 0 });
    studio.advanceClock(1);
    expect(await studio.sweep()).toMatchObject({ expired: 1 });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", errorCode: "timeout" });
  });

  it("[J10] a job that never started has no deadline", async () => {
    await using studio = await openStudio(open);
    const { assetId } = await studio.create();
    studio.advanceClock(10 * 86_400_000);
    expect(await studio.sweep()).toMatchObject({ expired: 0, lost: 0 });
    expect(await studio.get(assetId)).toMatchObject({ status: "pending" });
  });

  it("[J6] a waiting job whose model is no longer offered fails with words, one that waits to try again too", async () => {
    await using studio = await openStudio(open);
    const again = await studio.start();
    await studio.fail(again, { backoffMs: durationMs(60_000) });
    const { assetId } = await studio.create();
    const { transitions } = await studio.store.sweep({
      limit: 100,
      drawBackoff: () => durationMs(0),
      models: ["sim/video"],
      providers: ["sim"],
    });
    expect(transitions).toMatchObject([
      { event: "reject", jobTo: "failed" },
      { event: "reject", jobTo: "failed" },
    ]);
    for (const id of [assetId, again.assetId]) {
      const asset = await studio.get(id);
      expect(asset).toMatchObject({ status: "failed", errorCode: "invalid_input", lastJob: { charged: 0 } });
      expect(asset.errorMessage).toContain("sim/image");
    }
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[A7] a job that waits for its reference fails at once when its model is gone, and not when the reference is made", async () => {
    await using studio = await openStudio(open);
    const input = await studio.start({ type: "video", plan: samplePlan({ model: "sim/video" }) });
    const waiting = await studio.create({ inputs: [input.assetId] });
    const further = await studio.create({ inputs: [waiting.assetId], plan: samplePlan({ model: "sim/video" }) });
    expect(await sweepWith(studio, { models: ["sim/video"], providers: ["sim"] })).toMatchObject({ rejected: 1 });
    const asset = await studio.get(waiting.assetId);
    expect(asset).toMatchObject({ status: "failed", errorCode: "invalid_input", lastJob: { charged: 0 } });
    expect(asset.errorMessage).toContain("sim/image");
    expect(await studio.get(further.assetId)).toMatchObject({ status: "failed", errorCode: "input_not_ready" });
    expect((await studio.credit()).held).toBe(6);
    await studio.complete(input, { durationMs: durationMs(4_000) });
    expect(await studio.get(input.assetId)).toMatchObject({ status: "completed" });
  });

  it("[P6] what is alive at a provider that is here is not failed because its model is gone", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.openAtProvider(job);
    await studio.fail(job, { backoffMs: durationMs(0) });
    expect(await sweepWith(studio, { models: ["sim/video"], providers: ["sim"] })).toMatchObject({ rejected: 0 });
    const [again] = await studio.claim(1, ["sim/video"]);
    if (again === undefined) throw new Error("Nobody took it up again.");
    await studio.complete(again);
    expect(await studio.get(job.assetId)).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
  });

  it("[P6] whatever waits for a provider that is set up goes on waiting while nobody can say what that offers", async () => {
    await using studio = await openStudio(open);
    const input = await studio.create({ type: "video", plan: samplePlan({ model: "other/video", provider: "other" }) });
    const held = await studio.start();
    await studio.openAtProvider(held);
    await studio.fail(held, { backoffMs: durationMs(0) });
    const waiting = [held, await studio.create(), await studio.create({ inputs: [input.assetId] })];
    const without = { models: ["other/video"], providers: ["other"] };
    expect(await sweepWith(studio, { ...without, awaited: ["sim"] })).toMatchObject({ rejected: 0, transitions: [] });
    for (const { assetId } of waiting) expect(await studio.get(assetId)).toMatchObject({ status: "pending" });
    expect(await sweepWith(studio, without)).toMatchObject({ rejected: 3 });
  });

  it("[P6] by settings that have changed since nothing is nobody's: its provider may have been set up a moment ago", async () => {
    await using studio = await openStudio(open);
    const { store } = studio;
    const { assetId } = await studio.create();
    const settings = await store.settingsRevision();
    await store.saveProviderSetting({ name: "sim", change: { enabled: true } });
    const gone = { models: ["sim/video"], providers: ["sim"] };
    expect(await sweepWith(studio, { ...gone, settings })).toMatchObject({ rejected: 0 });
    expect(await studio.get(assetId)).toMatchObject({ status: "pending" });
    expect(await sweepWith(studio, { ...gone, settings: settings + 1 })).toMatchObject({ rejected: 1 });
  });

  it("[P2] [P6] what may be alive at a provider that nobody has any more fails at the next sweep, recoverable where it is paid for", async () => {
    await using studio = await openStudio(open);
    const [paid, wished, unknown] = [await studio.start(), await studio.start(), await studio.start()];
    await studio.openAtProvider(paid);
    await studio.openAtProvider(wished);
    await studio.intend(unknown);
    await studio.fail(paid, { backoffMs: durationMs(60_000) });
    await studio.store.handBack(wished);
    await studio.cancel(wished.assetId);
    await studio.store.handBack(unknown);
    const gone = { models: ["sim/video"], providers: ["other"] };
    expect(await sweepWith(studio, gone)).toMatchObject({ rejected: 3, expired: 0 });
    for (const { assetId } of [paid, wished]) {
      const asset = await studio.get(assetId);
      expect(asset).toMatchObject({
        status: "failed",
        errorCode: "provider_unavailable",
        lastJob: { recoverable: true, charged: 0 },
      });
      expect(asset.errorMessage).toContain("sim");
    }
    expect(await studio.get(unknown.assetId)).toMatchObject({
      status: "failed",
      errorCode: "unconfirmed_submit",
      lastJob: { recoverable: false },
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
    // The provider is back: what was paid for is still to be had.
    await studio.startJob("recover", paid.assetId);
    expect(await studio.claimOne()).toMatchObject({ assetId: paid.assetId, submission: { state: "open" } });
  });

  it("[A7] a sweep that looks at one job at a time finds the one that is stuck, however many rightly wait before it", async () => {
    const opened = await open();
    await using studio = await openStudio(async () => opened);
    const stuck = await oneStuckBehindMany(studio, opened);
    const found = await studio.store.sweep({
      limit: 1,
      drawBackoff: () => durationMs(0),
      models: ["sim/image", "sim/video"],
      providers: ["sim"],
    });
    expect(found.released).toBe(1);
    expect((await studio.get(stuck.assetId)).liveJob?.phase).toBe("queued");
  });
}

function sweepWith({ store }: Studio, offered: Omit<Sweep, "limit" | "drawBackoff">) {
  return store.sweep({ limit: 100, drawBackoff: () => durationMs(0), ...offered });
}

/**
 * Many jobs that rightly wait, for two references of which one is made, and behind them one whose only reference is made, and whose
 * release was forgotten: by hand, because the store releases it in the transaction that makes the reference.
 */
async function oneStuckBehindMany(studio: Studio, { byStatement }: ReachableStore): Promise<NewAsset> {
  const made = await studio.create();
  const unmade = await studio.create({ plan: samplePlan({ model: "sim/video" }) });
  for (let at = 0; at < MANY; at += 1) await studio.create({ inputs: [made.assetId, unmade.assetId] });
  for (const claimed of await studio.claim(1, ["sim/image"])) await studio.complete(claimed);
  const reference = await studio.create();
  const stuck = await studio.create({ inputs: [reference.assetId] });
  await byStatement(`DELETE FROM job_input WHERE job_id = '${stuck.jobId}'`);
  for (const claimed of await studio.claim(1, ["sim/image"])) await studio.complete(claimed);
  await byStatement(`INSERT INTO job_input (version_id, job_id) VALUES ('${reference.versionId}', '${stuck.jobId}')`);
  return stuck;
}
