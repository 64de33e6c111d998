import { credits, durationMs } from "@reelstate/lifecycle";
import { Pool } from "pg";
import { expect, it } from "vitest";
import { LEASE, openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { openWitness } from "../testing/postgres/openWitness.ts";
import { postgresConnection } from "./openPostgresPool.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";

it("[K2] [P6] a sweep that finds a lost lease whose row a hand keeps locked does the rest, and says so only then; it once did nothing of what comes after that", async () => {
  const opened = await openPostgresForTest();
  await using studio = await openStudio(async () => opened);
  await using witness = await openWitness(opened.url);
  const others = "others" as WorkspaceId;
  await studio.store.ensureWorkspace({
    workspaceId: others,
    name: "Others",
    project: { id: "of-others" as ProjectId, name: "First" },
    grant: credits(100),
  });
  const kept = await studio.start();
  const nobodys = await studio.create({}, others);
  const pool = new Pool({ ...postgresConnection({ url: opened.url }), lock_timeout: 300 });
  const store = await opened.openAgain({ alone: true, pool });
  const sweep = () => store.sweep({ limit: 10, drawBackoff: () => durationMs(0), models: [], providers: ["sim"] });
  try {
    opened.advanceClock(LEASE + 1);
    await witness.rows("BEGIN");
    await witness.rows("SELECT 1 FROM job WHERE id = $1 FOR UPDATE", kept.jobId);
    await expect(sweep()).rejects.toMatchObject({ name: "StoreUnavailable", reason: "locked" });
    expect(await witness.rows("SELECT status FROM asset WHERE id = $1", nobodys.assetId)).toEqual([
      { status: "failed" },
    ]);
    await witness.rows("COMMIT");
    expect(await sweep()).toMatchObject({ lost: 1 });
  } finally {
    await store.close();
    await pool.end();
  }
});
