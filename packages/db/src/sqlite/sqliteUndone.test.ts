import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { openStudio } from "../testing/openStudio.ts";
import type { AssetId, JobId, ProjectId, VersionId, WorkspaceId } from "@reelstate/lifecycle";

const LIMIT = [{ provider: "sim", slots: 1 }] as const;

/** A studio, and the way to ask it for what does not fit on its disk. */
async function onSmallDisk() {
  const db = new Sqlite(":memory:");
  const sqlite = await openSqliteForTest({ connection: db });
  const studio = await openStudio(async () => sqlite);
  const tooLarge = async () => {
    db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 40}`);
    await expect(studio.create({ prompt: "x".repeat(1_000_000) })).rejects.toThrow(/disk .* is full/);
    db.pragma("max_page_count = 1000000");
  };
  return { studio, tooLarge };
}

describe("what is remembered of a transaction that was undone", () => {
  it("[P7] limits set together with a command that throws are set whole: what runs already holds slots of them", async () => {
    await using studio = await openStudio(() => openSqliteForTest());
    const { store, workspaceId, projectId } = studio;
    await store.setLimits([{ model: "sim/image", slots: 5 }]);
    const running = await studio.start();
    const outcomes = await Promise.allSettled([
      store.setLimits(LIMIT),
      store.createProject({ workspaceId, id: projectId, name: "There is one" }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await store.checkInvariants()).toEqual([]);
    await studio.create();
    expect(await studio.claim(5)).toEqual([]);
    await studio.complete(running);
    expect(await studio.claim(5)).toHaveLength(1);
  });

  it("[P7] limits whose transaction was undone by a full disk limit nothing, and take nothing that is not there", async () => {
    const { studio, tooLarge } = await onSmallDisk();
    await using _ = studio;
    await studio.create();
    await studio.create();
    const [limits] = await Promise.allSettled([studio.store.setLimits(LIMIT), tooLarge()]);
    expect(limits.status).toBe("rejected");
    expect(await studio.claim(5)).toHaveLength(2);
    await studio.store.setLimits(LIMIT);
    expect(await studio.store.checkInvariants()).toEqual([]);
  });

  it("[A1] a workspace whose making was undone is made again with another first project", async () => {
    const { studio, tooLarge } = await onSmallDisk();
    await using _ = studio;
    const { store } = studio;
    const workspaceId = studio.ids<WorkspaceId>();
    const ensure = () =>
      store.ensureWorkspace({
        workspaceId,
        name: "Other",
        project: { id: studio.ids<ProjectId>(), name: "First" },
        grant: 100 as never,
      });
    const create = () =>
      store.createAssets({
        workspaceId,
        projectId: null,
        idempotency: null,
        assets: [
          studio.newAsset({
            assetId: studio.ids<AssetId>(),
            versionId: studio.ids<VersionId>(),
            jobId: studio.ids<JobId>(),
          }),
        ],
      });
    const undone = await Promise.allSettled([ensure(), create(), tooLarge()]);
    expect(undone.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
    await ensure();
    expect(await create()).toMatchObject({ ok: true });
  });
});
