import { credits, durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { LEASE, openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { sampleMedia, samplePlan } from "../testing/samples.ts";
import type { AssetId, ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { ClaimedJob } from "../store/attempts.ts";
import type { Store } from "../Store.ts";

/*
 * Several processes on one database: each store here has its own connections, lanes and memory, as in a process of its own, and
 * nothing is shared but the server. Each test ends by asking for every invariant.
 */

async function openProcesses(count: number) {
  const opened = await openPostgresForTest();
  const studio = await openStudio(async () => opened);
  const others: Store[] = [];
  while (others.length < count - 1) others.push(await opened.openAgain({ alone: true }));
  const stores = [studio.store, ...others];
  return {
    ...studio,
    stores,
    /** The process whose turn it is. */
    at: (turn: number): Store => stores[turn % stores.length] ?? studio.store,
    claimAt: (store: Store, limit: number): Promise<readonly ClaimedJob[]> =>
      store.claim({ workerId: "w", limit, leaseMs: LEASE, models: ["sim/image", "sim/video"], providers: ["sim"] }),
  };
}

/** As often as it takes: what another process is just taking is passed over, not waited for. */
async function until<T>(wanted: number, ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for (let asked = 0; asked < 50 && found.length < wanted; asked += 1) found.push(...(await ask()));
  return found;
}

it("[J2] processes that claim at one moment never share a job, and leave none behind", async () => {
  await using studio = await openProcesses(3);
  for (let made = 0; made < 30; made += 1) await studio.create();
  const claimed = (await Promise.all(studio.stores.map((store) => until(10, () => studio.claimAt(store, 3))))).flat();
  const rest = await until(30 - claimed.length, () => studio.claimAt(studio.store, 9));
  const jobs = [...claimed, ...rest].map(({ jobId }) => jobId);
  expect(jobs).toHaveLength(30);
  expect(new Set(jobs).size).toBe(30);
});

it("[P7] however many processes claim, no more runs than there are slots; what ends in one makes room for all", async () => {
  await using studio = await openProcesses(3);
  await studio.store.setLimits([
    { provider: "sim", slots: 4 },
    { model: "sim/image", slots: 3 },
  ]);
  const total = 24;
  for (let made = 0; made < total; made += 1)
    await studio.create(made % 3 === 0 ? { type: "video", plan: samplePlan({ model: "sim/video" }) } : {});
  const running = new Map<string, ClaimedJob>();
  let most = 0;
  let done = 0;
  const work = async (store: Store, turn: number): Promise<void> => {
    for (let asked = 0; asked < 200 && done < total; asked += 1) {
      for (const job of await studio.claimAt(store, 2)) {
        running.set(job.jobId, job);
        most = Math.max(most, running.size);
        expect([...running.values()].filter(({ model }) => model === "sim/image").length).toBeLessThanOrEqual(3);
        const media = job.type === "video" ? { durationMs: durationMs(4_000) } : {};
        // It counts as running until its end has been asked for: the end is told to another process than it was claimed by.
        running.delete(job.jobId);
        await studio.at(turn + 1).complete({ jobId: job.jobId, attempt: job.attempt, media: sampleMedia(media) });
        done += 1;
      }
    }
  };
  await Promise.all(studio.stores.map(work));
  expect(done).toBe(total);
  expect(most).toBeLessThanOrEqual(4);
});

it("[P7] limits that become smaller while processes work let nothing run beyond them once what ran has ended", async () => {
  await using studio = await openProcesses(2);
  await studio.store.setLimits([{ provider: "sim", slots: 5 }]);
  for (let made = 0; made < 12; made += 1) await studio.create();
  const held = await studio.claimAt(studio.store, 5);
  await studio.at(1).setLimits([{ provider: "sim", slots: 2 }]);
  const end = ({ jobId, attempt }: ClaimedJob, turn: number) =>
    studio.at(turn).complete({ jobId, attempt, media: sampleMedia() });
  // Three end at one moment in two processes: two are still held, which is all there is.
  await Promise.all(held.slice(0, 3).map(end));
  expect(await studio.claimAt(studio.store, 5)).toEqual([]);
  await Promise.all(held.slice(3, 4).map(end));
  expect(await until(1, () => studio.claimAt(studio.at(1), 5))).toHaveLength(1);
  expect(await studio.claimAt(studio.store, 5)).toEqual([]);
});

it("[A7] a create that meets the end of its input, in another process, never waits for what has ended", async () => {
  await using studio = await openProcesses(2);
  const inputs = [];
  for (let made = 0; made < 12; made += 1) inputs.push(await studio.start());
  const created: AssetId[] = [];
  await Promise.all(
    inputs.map(async (input, turn) => {
      const asset = studio.newAsset({ inputs: [input.assetId] });
      created.push(asset.assetId);
      const { workspaceId } = studio;
      const create = studio.at(turn).createAssets({ workspaceId, projectId: null, idempotency: null, assets: [asset] });
      const { jobId, attempt } = input;
      await Promise.all([create, studio.at(turn + 1).complete({ jobId, attempt, media: sampleMedia() })]);
    }),
  );
  for (const assetId of created) expect((await studio.get(assetId)).liveJob).toMatchObject({ phase: "queued" });
});

it("[A7] inputs that end at one moment in different processes release what waited for both", async () => {
  await using studio = await openProcesses(3);
  const waiting: AssetId[] = [];
  const inputs: ClaimedJob[] = [];
  for (let made = 0; made < 8; made += 1) {
    const three = [await studio.start(), await studio.start(), await studio.start()];
    inputs.push(...three);
    waiting.push((await studio.create({ inputs: three.map(({ assetId }) => assetId) })).assetId);
  }
  await Promise.all(
    inputs.map(({ jobId, attempt }, turn) => studio.at(turn).complete({ jobId, attempt, media: sampleMedia() })),
  );
  for (const assetId of waiting) expect((await studio.get(assetId)).liveJob).toMatchObject({ phase: "queued" });
});

it("[C2] [J8] a job is ended by one of those who end it at one moment, and its hold with it", async () => {
  await using studio = await openProcesses(3);
  const { workspaceId } = studio;
  for (let made = 0; made < 10; made += 1) {
    const { jobId, attempt, assetId } = await studio.start();
    const [completed, failed] = await Promise.all([
      studio.at(made).complete({ jobId, attempt, media: sampleMedia() }),
      studio.at(made + 1).fail({
        jobId,
        attempt,
        code: "internal",
        message: "It broke.",
        retryable: false,
        backoffMs: durationMs(0),
      }),
      studio.at(made + 2).cancel({ workspaceId, assetId }),
    ]);
    expect([completed.ok, failed.ok].filter(Boolean)).toHaveLength(1);
  }
  expect((await studio.credit()).held).toBe(0);
});

it("[C4] [C3] the same press in every process is one asset; of many that together cost too much, what can be paid is made", async () => {
  await using studio = await openProcesses(3);
  const { workspaceId } = studio;
  const idempotency = { key: "k", bodyHash: "b" };
  const press = (store: Store) =>
    store.createAssets({ workspaceId, projectId: null, idempotency, assets: [studio.newAsset()] });
  const answers = await Promise.all(studio.stores.map(press));
  const ids = answers.map((answer) => (answer.ok ? answer.assets[0]?.id : "refused"));
  expect(new Set(ids).size).toBe(1);
  expect(await studio.credit()).toEqual({ balance: 1_000, held: 6 });
  const dear = { plan: samplePlan({ quote: credits(100) }) };
  const outcomes = await Promise.all(
    Array.from({ length: 15 }, (_, turn) =>
      studio
        .at(turn)
        .createAssets({ workspaceId, projectId: null, idempotency: null, assets: [studio.newAsset(dear)] }),
    ),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(9);
  expect(await studio.credit()).toEqual({ balance: 1_000, held: 906 });
});

it("[C5] what processes begin while others finish is, with what is held and spent by then, exactly the budget", async () => {
  await using studio = await openProcesses(3);
  const { workspaceId } = studio;
  await studio.store.setBudget({ workspaceId, day: credits(60) });
  const running: ClaimedJob[] = [];
  while (running.length < 4) running.push(await studio.start());
  const completing = running.map(({ jobId, attempt }, turn) =>
    studio.at(turn).complete({ jobId, attempt, media: sampleMedia() }),
  );
  const creating = Array.from({ length: 15 }, (_, turn) =>
    studio.at(turn).createAssets({ workspaceId, projectId: null, idempotency: null, assets: [studio.newAsset()] }),
  );
  const [completed, created] = await Promise.all([Promise.all(completing), Promise.all(creating)]);
  expect(completed.filter(({ ok }) => ok)).toHaveLength(4);
  expect(created.filter(({ ok }) => ok)).toHaveLength(6);
  expect(created.filter((one) => !one.ok && one.why === "budget_exceeded")).toHaveLength(9);
  expect(await studio.at(1).budget({ workspaceId })).toMatchObject({ day: 60, spentToday: 24, held: 36 });
});

it("[J11] of processes that start a new job on one asset at one moment one does", async () => {
  await using studio = await openProcesses(3);
  const { workspaceId } = studio;
  const { assetId } = await studio.made();
  const outcomes = await Promise.all(
    studio.stores.map((store) =>
      store.startJob({
        kind: "regenerate",
        workspaceId,
        assetId,
        jobId: studio.ids(),
        versionId: studio.ids(),
        idempotency: null,
        plan: () => samplePlan(),
        expectedQuote: null,
      }),
    ),
  );
  expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.why)).toSorted()).toEqual(["busy", "busy", "ok"]);
});

it("[E1] [J6] what many processes do in one workspace at one moment is numbered densely, and swept once", async () => {
  await using studio = await openProcesses(3);
  const { workspaceId } = studio;
  await Promise.all(
    Array.from({ length: 30 }, (_, turn) =>
      studio.at(turn).createAssets({ workspaceId, projectId: null, idempotency: null, assets: [studio.newAsset()] }),
    ),
  );
  const claimed = await studio.claimAt(studio.store, 12);
  studio.advanceClock(LEASE + 1);
  const reports = await Promise.all(
    studio.stores.map((store) =>
      store.sweep({
        limit: 100,
        drawBackoff: () => durationMs(0),
        models: ["sim/image", "sim/video"],
        providers: ["sim"],
      }),
    ),
  );
  expect(reports.reduce((sum, { lost }) => sum + lost, 0)).toBe(claimed.length);
  const seqs = (await studio.events()).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: 30 + 2 * claimed.length }, (_, index) => index + 1));
});

it("[C3] a workspace that every process makes at its start is granted to once", async () => {
  await using studio = await openProcesses(3);
  const workspaceId = studio.ids<WorkspaceId>();
  const project = { id: studio.ids<ProjectId>(), name: "P" };
  await Promise.all(
    studio.stores.map((store) => store.ensureWorkspace({ workspaceId, name: "W", project, grant: credits(50) })),
  );
  expect(await studio.store.creditSummary({ workspaceId })).toEqual({ balance: 50, held: 0 });
});

it("[A7] assets that are remade from each other at one moment are both made, however the locks meet", async () => {
  await using studio = await openProcesses(2);
  const { workspaceId } = studio;
  const [one, two] = [await studio.made(), await studio.made()];
  const remake = (store: Store, assetId: AssetId, from: AssetId) =>
    store.startJob({
      kind: "regenerate",
      workspaceId,
      assetId,
      jobId: studio.ids(),
      versionId: studio.ids(),
      idempotency: null,
      plan: () => samplePlan(),
      expectedQuote: null,
      change: { inputs: [from] },
    });
  const outcomes = await Promise.all([
    remake(studio.at(0), one.assetId, two.assetId),
    remake(studio.at(1), two.assetId, one.assetId),
  ]);
  expect(outcomes).toMatchObject([{ ok: true }, { ok: true }]);
});
