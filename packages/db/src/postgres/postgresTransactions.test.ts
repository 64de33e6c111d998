import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { StoreUnavailable } from "../StoreUnavailable.ts";
import { LEASE, openStudio } from "../testing/openStudio.ts";
import { openCutter } from "../testing/postgres/openCutter.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { openWitness } from "../testing/postgres/openWitness.ts";
import { sampleMedia } from "../testing/samples.ts";
import { realStoreTimers } from "../sqlite/openGroupCommit.ts";
import { openPostgresPool } from "./openPostgresPool.ts";
import { openPostgresStore } from "./openPostgresStore.ts";
import type { PostgresStoreOptions } from "./openPostgresSession.ts";
import type { NewAsset } from "../store/people.ts";
import type { Store } from "../Store.ts";

/** A store whose way to the server breaks when it is told to, beside one that looks on. */
async function openBreakable(change: Partial<PostgresStoreOptions> = {}) {
  const opened = await openPostgresForTest();
  const studio = await openStudio(async () => opened);
  const cutter = await openCutter(opened.url);
  const far = await openPostgresStore({
    url: cutter.url,
    alone: true,
    mediaUrl: (key) => key,
    clock: () => 1_800_000_000_000,
    // It waits as often as it would, and not as long.
    timers: { ...realStoreTimers, after: (_ms, callback) => void setImmediate(callback) },
    ...change,
  });
  return {
    ...studio,
    cutter,
    far,
    createFar: (assets: readonly NewAsset[]) =>
      far.createAssets({ workspaceId: studio.workspaceId, projectId: null, idempotency: null, assets }),
    async [Symbol.asyncDispose]() {
      await far.close();
      await cutter[Symbol.asyncDispose]();
      await studio[Symbol.asyncDispose]();
    },
  };
}

it("[A1] a COMMIT that was done and whose answer was lost is answered as done, and not done twice", async () => {
  await using studio = await openBreakable();
  studio.cutter.cutAt("COMMIT", "after");
  const asset = studio.newAsset();
  expect(await studio.createFar([asset])).toMatchObject({ ok: true, assets: [{ id: asset.assetId }] });
  expect(studio.cutter.cuts()).toBe(1);
  expect(await studio.events()).toHaveLength(1);
  expect(await studio.credit()).toEqual({ balance: 1_000, held: 6 });
});

it("[A1] when every connection of the pool lost its COMMIT's answer, none waits for a place that another holds to ask what became of it", async () => {
  await using studio = await openBreakable({ connections: 1 });
  studio.cutter.cutAt("COMMIT", "after");
  expect(await studio.createFar([studio.newAsset()])).toMatchObject({ ok: true });
  expect(studio.cutter.cuts()).toBe(1);
  expect(await studio.events()).toHaveLength(1);
});

it("[A1] a COMMIT that never arrived is done again on another connection, once", async () => {
  await using studio = await openBreakable();
  studio.cutter.cutAt("COMMIT", "before");
  const asset = studio.newAsset();
  expect(await studio.createFar([asset])).toMatchObject({ ok: true, assets: [{ id: asset.assetId }] });
  expect(studio.cutter.cuts()).toBe(1);
  expect(await studio.events()).toHaveLength(1);
});

it("[A1] a COMMIT of which nobody can be asked any more is not said to be undone, and is not done again", async () => {
  await using studio = await openBreakable();
  studio.cutter.cutAt("COMMIT", "after", "forGood");
  const asked = studio.createFar([studio.newAsset()]).catch((error: unknown) => error);
  expect(await asked).toMatchObject({ name: "StoreUnavailable", reason: "unconfirmed" });
  expect(await studio.events()).toHaveLength(1);
});

it("[A1] a COMMIT whose answer is lost with its server is not judged by the one that took over, where its number may be another's: it was told as done", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using cutter = await openCutter(opened.url);
  const pool = openPostgresPool({ url: cutter.url, connections: 2 });
  // Whoever connects after the cut finds a server that was promoted: its history is another, and the number is known there.
  pool.on("connect", (client) => {
    if (cutter.cuts() === 0) return;
    const query = client.query.bind(client) as (...asked: readonly unknown[]) => Promise<unknown>;
    const promoted = (...asked: readonly unknown[]): Promise<unknown> =>
      String(asked[0]).includes("pg_walfile_name") ? query("SELECT '7 00000002' AS history") : query(...asked);
    Object.assign(client, { query: promoted });
  });
  try {
    const far = await opened.openAgain({ alone: true, pool });
    const create = (asset: NewAsset) =>
      far.createAssets({
        workspaceId: studio.workspaceId,
        projectId: null,
        idempotency: { key: asset.assetId, bodyHash: "same" },
        assets: [asset],
      });
    const asset = studio.newAsset();
    cutter.cutAt("COMMIT", "after");
    expect(await create(asset).catch((error: unknown) => error)).toMatchObject({
      name: "StoreUnavailable",
      reason: "unconfirmed",
    });
    // Whoever asks again under the same key learns what became of it, from the rows (C4).
    expect(await create(studio.newAsset())).toMatchObject({ ok: true });
    expect(await create(asset)).toMatchObject({ ok: true, assets: [{ id: asset.assetId }] });
    expect(await studio.store.creditSummary({ workspaceId: studio.workspaceId })).toMatchObject({ held: 12 });
  } finally {
    await pool.end();
  }
});

it("[A1] a connection that is lost in the middle undoes what was begun, and the whole is done again", async () => {
  await using studio = await openBreakable();
  studio.cutter.cutAt("INSERT INTO event", "after");
  expect(await studio.createFar([studio.newAsset()])).toMatchObject({ ok: true });
  expect(studio.cutter.cuts()).toBe(1);
  expect(await studio.events()).toHaveLength(1);
});

it("[K1] a server that is not there is unavailable in words, and nobody waits for it for ever", async () => {
  await using opened = await openPostgresForTest();
  const cutter = await openCutter(opened.url);
  const store = await openPostgresStore({ url: cutter.url, alone: true, mediaUrl: (key) => key });
  await cutter[Symbol.asyncDispose]();
  const asked = store.ping().catch((error: unknown) => error);
  expect(await asked).toBeInstanceOf(StoreUnavailable);
  expect(await asked).toMatchObject({ reason: "unreachable" });
  await store.close();
});

it("[A1] of commands that are committed together, one that the database refuses harms no other", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  const { workspaceId } = studio;
  const there = await studio.create();
  const create = (asset: NewAsset) =>
    studio.store.createAssets({ workspaceId, projectId: null, idempotency: null, assets: [asset] });
  const outcomes = await Promise.allSettled([
    create(studio.newAsset()),
    create(there),
    create(studio.newAsset()),
    create({ ...studio.newAsset(), plan: { ...there.plan, quote: 10_000 as never } }),
    create(studio.newAsset()),
  ]);
  expect(outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value.ok : "thrown"))).toEqual([
    true,
    "thrown",
    true,
    false,
    true,
  ]);
  expect(await studio.events()).toHaveLength(4);
});

it("[J11] a job that fails, is cancelled and begun anew in one transaction is written in that order; the database once refused it, and each was done by itself", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  const { workspaceId } = studio;
  const job = await studio.start();
  const failing = studio.fail(job);
  // It has joined the others of its workspace, who begin once nobody else has anything to do.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  const cancelling = studio.cancel(job.assetId);
  const retrying = studio.startJob("retry", job.assetId);
  expect(await Promise.all([failing, cancelling, retrying])).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  const told = await witness.rows(
    "SELECT xmin::text, string_agg(event, ', ' ORDER BY seq) AS events FROM event WHERE workspace_id = $1 AND seq > 2 GROUP BY 1",
    workspaceId,
  );
  expect(told).toMatchObject([{ events: "fail, cancel, retry" }]);
});

it("[A7] a create that has seen its input unmade is found by whoever ends it, who waits for the create to commit", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  const other = await opened.openAgain({ alone: true });
  const input = await studio.start();
  const { jobId, attempt } = input;
  const asset = studio.newAsset({ inputs: [input.assetId] });
  // The create has read its input and waits for the workspace; only then is the input's end asked for.
  await witness.rows("BEGIN");
  await witness.rows("SELECT 1 FROM workspace FOR UPDATE");
  const creating = createIn(studio.store, asset);
  await witness.untilBlocked(1);
  const ending = other.complete({ jobId, attempt, media: sampleMedia() });
  await witness.untilBlocked(2);
  await witness.rows("COMMIT");
  expect(await creating).toMatchObject({ ok: true });
  expect(await ending).toMatchObject({ ok: true });
  expect((await studio.get(asset.assetId)).liveJob).toMatchObject({ phase: "queued" });

  function createIn(store: Store, made: NewAsset) {
    return store.createAssets({
      workspaceId: studio.workspaceId,
      projectId: null,
      idempotency: null,
      assets: [made],
    });
  }
});

it("[A7] of all assets that a command writes or uses the one with the smallest id is locked first, so that two made of each other do not deadlock", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  const [used, written] = [await studio.made(), await studio.made()];
  await witness.rows("BEGIN");
  await witness.rows("SELECT 1 FROM asset WHERE id = $1 FOR UPDATE", used.assetId);
  const making = studio.startJob("regenerate", written.assetId, { change: { inputs: [used.assetId] } });
  await witness.untilBlocked(1);
  // It waits for the first of the two, and holds nothing yet of the other.
  expect(await witness.rows("SELECT 1 FROM asset WHERE id = $1 FOR UPDATE SKIP LOCKED", written.assetId)).toHaveLength(
    1,
  );
  await witness.rows("COMMIT");
  expect(await making).toMatchObject({ ok: true });
});

it("[A7] what an asset's lock keeps as it is is read once it is locked, though it is asked for at the same moment", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  const { assetId } = await studio.made();
  await witness.rows("BEGIN");
  await witness.rows("SELECT 1 FROM asset WHERE id = $1 FOR UPDATE", assetId);
  const making = studio.startJob("regenerate", assetId);
  await witness.untilBlocked(1);
  await witness.rows("UPDATE version SET prompt = 'A lighthouse at noon' WHERE asset_id = $1", assetId);
  await witness.rows("COMMIT");
  expect(await making).toMatchObject({ ok: true });
  const prompts = await witness.rows("SELECT prompt FROM version WHERE asset_id = $1 AND number = 2", assetId);
  expect(prompts).toEqual([{ prompt: "A lighthouse at noon" }]);
});

it("[P7] a job that is handed back while another process's claim has read who holds slots starts with a slot", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  await studio.store.setLimits([{ provider: "sim", slots: 2 }]);
  const job = await studio.start();
  const pool = openPostgresPool({ url: opened.url, connections: 1 });
  try {
    // The other's claim has read the slots; before it looks for jobs this one is handed back, and its slot with it.
    let handedBack: Promise<unknown> | null = null;
    pool.on("connect", (client) => {
      const query = client.query.bind(client) as (...asked: readonly unknown[]) => Promise<unknown>;
      const held = async (...asked: readonly unknown[]): Promise<unknown> => {
        const [statement] = asked as readonly [{ readonly text?: string } | string];
        const isLook = typeof statement === "object" && statement.text?.startsWith("WITH RECURSIVE later") === true;
        if (isLook) await (handedBack ??= studio.fail(job, { backoffMs: durationMs(0) }));
        return query(...asked);
      };
      Object.assign(client, { query: held });
    });
    const other = await opened.openAgain({ alone: true, pool });
    const request = { workerId: "worker-2", limit: 1, leaseMs: LEASE, models: ["sim/image"], providers: ["sim"] };
    expect(await other.claim(request)).toMatchObject([{ jobId: job.jobId, attempt: 2 }]);
    expect(handedBack).not.toBeNull();
    expect(await witness.rows("SELECT pool FROM slot WHERE job_id = $1", job.jobId)).toHaveLength(1);
    expect(await studio.store.checkInvariants()).toEqual([]);
  } finally {
    await pool.end();
  }
});

it("[P7] as long as more is held than there are slots, nothing of the pool is free, whoever gives his back", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  const slots = () => witness.rows<{ readonly number: number }>("SELECT number FROM slot ORDER BY number");
  const free = () => witness.rows("SELECT 1 FROM slot WHERE job_id IS NULL AND number > 0");
  await studio.store.setLimits([{ provider: "sim", slots: 5 }]);
  for (let made = 0; made < 5; made += 1) await studio.create();
  const held = await studio.claim(5);
  await studio.store.setLimits([{ provider: "sim", slots: 2 }]);
  for (const [ended, job] of held.entries()) {
    await studio.complete(job);
    expect(await slots()).toHaveLength(Math.max(2, held.length - 1 - ended));
    expect(await free()).toHaveLength(Math.max(0, ended - 2));
  }
});

it("[J2] a deadlock, of which the database undoes one, is nobody's failure: that one is done again", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  const job = await studio.start();
  // We hold the workspace and then want the job, whom the store holds and who then wants the workspace.
  await witness.rows("BEGIN");
  await witness.rows("SET LOCAL deadlock_timeout = '1h'");
  await witness.rows("SELECT 1 FROM workspace FOR UPDATE");
  const ending = studio.complete(job).catch((error: unknown) => error);
  await witness.untilBlocked(1);
  await witness.rows("SELECT 1 FROM job FOR UPDATE");
  await witness.rows("COMMIT");
  expect(await ending).toMatchObject({ ok: true });
  expect(await studio.events()).toHaveLength(3);
});
