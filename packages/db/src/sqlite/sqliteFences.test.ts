import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { LEASE, openStudio } from "../testing/openStudio.ts";
import { prepareRowStatements } from "./rowStatements.ts";
import { prepareStatements } from "./statements.ts";
import type { JobRecord } from "../rows/records.ts";

/*
 * The machine judges rows that were read, and on SQLite nothing comes between reading and writing. The fence of the
 * statements themselves is for the day when something does: each is asked here in the name of an attempt that is not the
 * row's any more.
 */

/** A job that is being worked on, seen by a writer whose rows are as they were read before `meanwhile`. */
async function readBefore(
  meanwhile: (studio: Awaited<ReturnType<typeof openStudio>>, job: JobRecord) => Promise<void>,
) {
  const sqlite = await openSqliteForTest();
  const studio = await openStudio(async () => sqlite);
  const db = new Sqlite(sqlite.file);
  const row = prepareRowStatements(db);
  const { jobId, assetId } = await studio.start();
  const [job, asset] = [row.job(jobId), row.asset(assetId)];
  if (job === undefined || asset === undefined) throw new Error("There is no job.");
  await meanwhile(studio, job);
  const rows = () => [row.job(jobId), row.asset(assetId)];
  return {
    /** As it is by now: each test is about one difference, and this is not it. */
    leaseUntil: row.job(jobId)?.leaseUntil ?? null,
    job,
    asset,
    sql: prepareStatements(db),
    rows,
    async [Symbol.asyncDispose]() {
      db.close();
      await studio[Symbol.asyncDispose]();
    },
  };
}

const AGAIN = async (studio: Awaited<ReturnType<typeof openStudio>>): Promise<void> => {
  await studio.loseAll();
  await studio.claimOne();
};
const ENDED = async (studio: Awaited<ReturnType<typeof openStudio>>, { id, attempt }: JobRecord): Promise<void> => {
  await studio.store.fail({
    jobId: id,
    attempt,
    code: "internal",
    message: "It broke.",
    retryable: false,
    backoffMs: 0 as never,
  });
};

it.each([
  ["another attempt is live", AGAIN],
  ["the job has ended", ENDED],
])("[J9] no write of an attempt takes hold once %s", async (_when, meanwhile) => {
  await using moved = await readBefore(meanwhile);
  const { sql, job, leaseUntil } = moved;
  const before = moved.rows();
  const { id, attempt } = job;
  expect(sql.updateJob(job, { ...job, leaseUntil: 1 }, [id, job.status, attempt, leaseUntil])).toBe(0);
  expect(sql.updateProgress.run({ id, attempt, phase: "storing", fraction: 1, progressAt: 1 }).changes).toBe(0);
  expect(sql.heartbeat.get({ jobId: id, attempt, leaseUntil: 1 })).toBeUndefined();
  expect(moved.rows()).toEqual(before);
});

it("[J8] a write that was judged on another status does not take hold, whatever its attempt", async () => {
  await using moved = await readBefore(async (studio, { id, attempt }) => {
    await studio.store.handBack({ jobId: id, attempt });
  });
  const before = moved.rows();
  const { sql, job, leaseUntil } = moved;
  expect(sql.updateJob(job, { ...job, leaseUntil: 1 }, [job.id, job.status, job.attempt, leaseUntil])).toBe(0);
  expect(
    sql.updateProgress.run({ id: job.id, attempt: job.attempt, phase: "storing", fraction: 1, progressAt: 1 }).changes,
  ).toBe(0);
  expect(moved.rows()).toEqual(before);
});

it("[J6] a lease that was renewed after it was judged over is not taken away", async () => {
  await using moved = await readBefore(async ({ store, advanceClock }, { id, attempt }) => {
    advanceClock(LEASE);
    await store.heartbeat({ leaseMs: LEASE, attempts: [{ jobId: id, attempt }] });
  });
  const before = moved.rows();
  const { sql, job } = moved;
  const lost = { ...job, status: "pending", phase: "queued", leaseUntil: null };
  expect(sql.updateJob(job, lost, [job.id, job.status, job.attempt, job.leaseUntil])).toBe(0);
  expect(moved.rows()).toEqual(before);
});

it("[A9] an asset is written only from the row version that was read", async () => {
  await using moved = await readBefore(async (studio, { assetId }) => {
    await studio.cancel(assetId);
  });
  const { sql, asset } = moved;
  const before = moved.rows();
  const after = { ...asset, rowVersion: asset.rowVersion + 1 };
  expect(sql.updateAsset(asset, after, [asset.id, asset.rowVersion])).toBe(0);
  expect(moved.rows()).toEqual(before);
});
