import { credits } from "@reelstate/lifecycle";
import { Pool } from "pg";
import { expect, it } from "vitest";
import { openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { openWitness } from "../testing/postgres/openWitness.ts";
import { postgresConnection } from "./openPostgresPool.ts";
import { openPostgresStore } from "./openPostgresStore.ts";
import type { AssetId, ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { Studio } from "../testing/openStudio.ts";
import type { Witness } from "../testing/postgres/openWitness.ts";

/**
 * What commands of several workspaces share when they are asked for at one moment: a transaction, a flush, and nothing else.
 */
async function openHouse(workspaces: number) {
  const opened = await openPostgresForTest();
  const studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  const witness = await openWitness(opened.url);
  const ids = Array.from({ length: workspaces }, (_, number) => `w${String(number).padStart(3, "0")}` as WorkspaceId);
  for (const workspaceId of ids)
    await studio.store.ensureWorkspace({
      workspaceId,
      name: workspaceId,
      project: { id: `p${workspaceId}` as ProjectId, name: "First" },
      grant: credits(100),
    });
  return {
    studio,
    witness,
    ids,
    url: opened.url,
    async [Symbol.asyncDispose]() {
      await witness[Symbol.asyncDispose]();
      await studio[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}

function create({ store, newAsset }: Studio, workspaceId: WorkspaceId, change = {}) {
  return store.createAssets({ workspaceId, projectId: null, idempotency: null, assets: [newAsset(change)] });
}

/** How many transactions have written the assets that are there. */
async function transactionsOf({ rows }: Witness): Promise<number> {
  const [found] = await rows<{ readonly count: number }>("SELECT count(DISTINCT xmin::text) AS count FROM asset");
  return found?.count ?? 0;
}

it("[E1] what a hundred workspaces ask for at one moment is committed by a few transactions, each in its own feed", async () => {
  await using house = await openHouse(100);
  const { studio, witness, ids } = house;
  const outcomes = await Promise.all(ids.map((workspaceId) => create(studio, workspaceId)));
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  expect(await transactionsOf(witness)).toBeLessThanOrEqual(3);
  const numbers = await witness.rows("SELECT workspace_id, seq FROM event ORDER BY workspace_id");
  expect(numbers).toEqual(ids.map((id) => ({ workspace_id: id, seq: 1 })));
});

it("[A1] of commands of several workspaces that are committed together, one that the database refuses harms no other", async () => {
  await using house = await openHouse(3);
  const { studio, ids } = house;
  const there = await studio.create();
  const outcomes = await Promise.allSettled([
    ...ids.map((workspaceId) => create(studio, workspaceId)),
    // The second with this id, and one that costs more than there is.
    create(studio, studio.workspaceId, { assetId: there.assetId }),
    create(studio, ids[0] ?? studio.workspaceId, { plan: { ...there.plan, quote: credits(1_000) } }),
  ]);
  expect(outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value.ok : "thrown"))).toEqual([
    true,
    true,
    true,
    "thrown",
    false,
  ]);
});

it("[E1] of all workspaces that commands write together the one with the smallest id is locked first, whoever's credits are read, so that two processes do not deadlock", async () => {
  await using house = await openHouse(2);
  const { studio, witness, ids } = house;
  const [small, large] = ids as [WorkspaceId, WorkspaceId];
  const asset = studio.newAsset();
  const made = await studio.store.createAssets({
    workspaceId: small,
    projectId: null,
    idempotency: null,
    assets: [asset],
  });
  expect(made).toMatchObject({ ok: true });
  await witness.rows("BEGIN");
  await witness.rows("SELECT 1 FROM workspace WHERE id = $1 FOR UPDATE", small);
  // A create reads credits, and so locks its workspace early; a cancel counts its event, late.
  const creating = create(studio, large);
  const cancelling = studio.store.cancel({ workspaceId: small, assetId: asset.assetId });
  await witness.untilBlocked(1);
  // They wait for the first of the two, and hold nothing yet of the other.
  expect(await witness.rows("SELECT 1 FROM workspace WHERE id = $1 FOR UPDATE SKIP LOCKED", large)).toHaveLength(1);
  await witness.rows("COMMIT");
  expect(await creating).toMatchObject({ ok: true });
  expect(await cancelling).toMatchObject({ ok: true });
});

it("[J3] progress waits for nobody's workspace, whatever is asked for at the same moment", async () => {
  await using house = await openHouse(1);
  const { studio, witness } = house;
  const { jobId, attempt } = await studio.start();
  await witness.rows("BEGIN");
  await witness.rows("SELECT 1 FROM workspace WHERE id = $1 FOR UPDATE", studio.workspaceId);
  const creating = create(studio, studio.workspaceId);
  const told = studio.store.progress({ jobId, attempt, phase: "at_provider", fraction: 0.5 });
  const phases = () => witness.rows("SELECT phase FROM job WHERE id = $1", jobId);
  await expect.poll(phases, { timeout: 20_000, interval: 5 }).toEqual([{ phase: "at_provider" }]);
  await witness.rows("COMMIT");
  expect(await told).toMatchObject({ ok: true });
  expect(await creating).toMatchObject({ ok: true });
});

it("[E2] answers that are read together go each to whose assets they are: another workspace's is not found", async () => {
  await using house = await openHouse(1);
  const { studio, ids } = house;
  const { assetId } = await studio.create();
  const [stranger] = ids as [WorkspaceId];
  const [theirs, ours] = await Promise.all([
    studio.store.cancel({ workspaceId: stranger, assetId }),
    studio.store.cancel({ workspaceId: studio.workspaceId, assetId }),
  ]);
  expect(theirs).toEqual({ ok: false, why: "not_found" });
  expect(ours).toMatchObject({ ok: true, asset: { id: assetId, status: "cancelled" } });
});

it("[K2] a row that a hand keeps locked for too long refuses the commands of its own workspace, and not those that were asked for in the same moment", async () => {
  await using house = await openHouse(3);
  const { studio, witness, ids } = house;
  const held = await create(studio, ids[1] as WorkspaceId);
  if (!held.ok) throw new Error("Not created.");
  const [{ id: assetId } = { id: "" }] = held.assets;
  const impatient = new Pool({ ...postgresConnection({ url: house.url }), lock_timeout: 300 });
  const store = await openPostgresStore({ url: house.url, alone: true, mediaUrl: (key) => key, pool: impatient });
  try {
    await witness.rows("BEGIN");
    await witness.rows("SELECT 1 FROM job WHERE asset_id = $1 FOR UPDATE", assetId);
    const outcomes = await Promise.allSettled([
      create({ ...studio, store }, ids[0] as WorkspaceId),
      store.cancel({ workspaceId: ids[1] as WorkspaceId, assetId: assetId as AssetId }),
      create({ ...studio, store }, ids[2] as WorkspaceId),
    ]);
    await witness.rows("COMMIT");
    expect(outcomes).toMatchObject([
      { value: { ok: true } },
      { reason: { name: "StoreUnavailable", reason: "locked" } },
      { value: { ok: true } },
    ]);
  } finally {
    await store.close();
    await impatient.end();
  }
});
