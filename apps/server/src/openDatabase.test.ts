import { join } from "node:path";
import { credits, durationMs } from "@reelstate/lifecycle";
import { openTestDatabase, openWitness, samplePlan } from "@reelstate/db/testing";
import Sqlite from "better-sqlite3";
import { pino } from "pino";
import { expect, it } from "vitest";
import { parseConfig } from "./config.ts";
import { openDatabase } from "./openDatabase.ts";
import { temporaryFolder } from "./testing/temporaryFolder.ts";
import type { AssetId, JobId, ProjectId, VersionId, WorkspaceId } from "@reelstate/lifecycle";

const WORKSPACE = "default" as WorkspaceId;
/** As a hand does it who wants to be rid of a picture: the guards of the tables have nothing against it. */
const BY_HAND = "UPDATE version SET status = 'failed' WHERE id = 'bad'";

async function claimedBeside(env: Readonly<Record<string, string>>, byHand: (sql: string) => Promise<unknown>) {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const database = await openDatabase(parseConfig(env), { offers: () => true, onUnavailable: () => {}, log });
  const { store } = database;
  try {
    const project = { id: "first" as ProjectId, name: "First" };
    await store.ensureWorkspace({ workspaceId: WORKSPACE, name: "Studio", project, grant: credits(100) });
    const assets = ["bad", "good"].map((id) => ({
      assetId: id as AssetId,
      versionId: id as VersionId,
      jobId: id as JobId,
      type: "image" as const,
      name: id,
      prompt: id,
      params: {},
      inputs: [],
      plan: samplePlan(),
    }));
    await store.createAssets({ workspaceId: WORKSPACE, projectId: null, idempotency: null, assets });
    await byHand(BY_HAND);
    const offered = { models: ["sim/image"], providers: ["sim"] };
    const claimed = await store.claim({ workerId: "w", limit: 5, leaseMs: durationMs(15_000), ...offered });
    return { claimed: claimed.map(({ jobId }) => jobId), lines };
  } finally {
    await database.close();
  }
}

const TOLD = {
  level: 50,
  job: "bad",
  during: "claim",
  msg: expect.stringMatching(/^the rows of job bad contradict each other: .*npx pnpm studio doctor explains it/),
};

it("[K2] a job whose rows contradict each other is told in the log, with its id and what to do; the others are claimed", async () => {
  await using folder = await temporaryFolder();
  const { claimed, lines } = await claimedBeside({ DATA_DIR: folder.path }, async (sql) => {
    const db = new Sqlite(join(folder.path, "reelstate.sqlite"));
    db.exec(sql);
    db.close();
  });
  expect(claimed).toEqual(["good"]);
  expect(lines).toEqual([expect.objectContaining(TOLD)]);
});

it("[K2] a job whose rows contradict each other is told in the log on PostgreSQL too", async () => {
  await using folder = await temporaryFolder();
  await using database = await openTestDatabase();
  await using witness = await openWitness(database.url);
  const env = { DATA_DIR: folder.path, DATABASE_URL: database.url };
  const { claimed, lines } = await claimedBeside(env, (sql) => witness.rows(sql));
  expect(claimed).toEqual(["good"]);
  expect(lines).toEqual([expect.objectContaining(TOLD)]);
});
