import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { failAttempt } from "../commands/attemptCommands.ts";
import { RowMoved } from "../commands/Desk.ts";
import { LEASE, openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { samplePlan } from "../testing/samples.ts";
import { connectionOver } from "./Connection.ts";
import { together } from "./desk/Needs.ts";
import { openDesk } from "./desk/openDesk.ts";
import { readRows } from "./desk/readRows.ts";
import { writeDraft } from "./desk/writeDraft.ts";
import { openPostgresPool } from "./openPostgresPool.ts";
import { openWitness } from "../testing/postgres/openWitness.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Desk } from "../commands/Desk.ts";
import type { ClaimedJob } from "../store/attempts.ts";
import type { Studio } from "../testing/openStudio.ts";

/*
 * Rows are read under their locks, so that nothing comes between reading and writing. The fence of the statements themselves is
 * for the day when something does: here rows are read without a transaction, and written after `meanwhile`.
 */

async function writtenLate<J extends { readonly jobId: JobId }>(
  begin: (studio: Studio) => Promise<J>,
  command: (desk: Desk, job: J) => unknown,
  meanwhile: (studio: Studio, job: J) => Promise<unknown>,
) {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  const pool = openPostgresPool({ url: opened.url, connections: 1 });
  const client = await pool.connect();
  const connection = connectionOver(client);
  const seen = () => witness.rows("SELECT j.*, a.* FROM job j JOIN asset a ON a.id = j.asset_id");
  try {
    const job = await begin(studio);
    const at = await studio.store.now();
    const read = await readRows(connection, String(at), together([{ jobs: [job.jobId], ends: true }]));
    const memory = openDesk(read);
    memory.run((desk) => command(desk, job));
    await meanwhile(studio, job);
    const before = await seen();
    await client.query("BEGIN");
    const written = await writeDraft({ ...connection, xid: null }, memory.draft()).catch((error: unknown) => error);
    await client.query("ROLLBACK");
    return { written, before, after: await seen() };
  } finally {
    client.release();
    await pool.end();
  }
}

const START = (studio: Studio) => studio.start({ plan: samplePlan({ maxLosses: 5 }) });
const FAIL = (desk: Desk, { jobId, attempt }: ClaimedJob) =>
  failAttempt(desk, {
    jobId,
    attempt,
    code: "internal",
    message: "It broke.",
    retryable: false,
    backoffMs: durationMs(0),
  });

it("[J9] a write that was judged on an earlier attempt does not take hold", async () => {
  const { written, before, after } = await writtenLate(START, FAIL, async (studio, { jobId, leaseUntil }) => {
    await studio.loseAll();
    const again = await studio.claimOne();
    // Of the same status and the same lease: each test is about one difference.
    await studio.store.heartbeat({
      leaseMs: durationMs(leaseUntil - (await studio.store.now())),
      attempts: [{ jobId, attempt: again.attempt }],
    });
  });
  expect(written).toBeInstanceOf(RowMoved);
  expect(after).toEqual(before);
});

it("[J8] a write that was judged on another status does not take hold, whatever its attempt", async () => {
  const touch = (desk: Desk, { jobId }: { readonly jobId: JobId }) => {
    const job = desk.job(jobId);
    if (job !== undefined) desk.updateJob(job, { ...job, workerId: "late" });
  };
  // Of the same attempt, and without a lease, before and after.
  const { written, before, after } = await writtenLate(
    (studio) => studio.create(),
    touch,
    (studio, { assetId }) => studio.cancel(assetId),
  );
  expect(written).toBeInstanceOf(RowMoved);
  expect(after).toEqual(before);
});

it("[J6] a lease that was renewed after it was judged over is not taken away", async () => {
  const { written, before, after } = await writtenLate(START, FAIL, async (studio, { jobId, attempt }) => {
    studio.advanceClock(LEASE - 1);
    await studio.store.heartbeat({ leaseMs: LEASE, attempts: [{ jobId, attempt }] });
  });
  expect(written).toBeInstanceOf(RowMoved);
  expect(after).toEqual(before);
});

it("[J6] a job that was found stuck, and whose worker has spoken again since, is not taken from it by a mend", async () => {
  await using opened = await openPostgresForTest();
  await using studio = await openStudio(async () => ({ ...opened, [Symbol.asyncDispose]: async () => undefined }));
  await using witness = await openWitness(opened.url);
  const job = await studio.start();
  studio.advanceClock(LEASE + 60_001);
  // The mend has asked, and waits for the job; only then is the lease renewed.
  await witness.rows("BEGIN");
  await witness.rows("UPDATE job SET lease_until = lease_until + 120000");
  const mending = studio.store.mend({ check: "job_stuck", subject: job.jobId });
  await witness.untilBlocked(1);
  await witness.rows("COMMIT");
  expect(await mending).toBe("gone");
  expect(await studio.complete(job)).toMatchObject({ ok: true });
});

it("[A9] an asset is written only from the row version that was read", async () => {
  const { written, before, after } = await writtenLate(
    START,
    (desk, { assetId }) => {
      const asset = desk.asset(assetId);
      if (asset !== undefined) desk.updateAsset(asset, { ...asset, rowVersion: asset.rowVersion + 1 });
    },
    (studio, { assetId }) => studio.cancel(assetId),
  );
  expect(written).toBeInstanceOf(RowMoved);
  expect(after).toEqual(before);
});

it("[J9] a heartbeat of an attempt that is over renews nothing, though the job is being worked on", async () => {
  await using studio = await openStudio(openPostgresForTest);
  const first = await studio.start();
  await studio.loseAll();
  const second = await studio.claimOne();
  studio.advanceClock(1_000);
  const [beat] = await studio.store.heartbeat({ leaseMs: LEASE, attempts: [first] });
  expect(beat).toMatchObject({ alive: false });
  studio.advanceClock(second.leaseUntil - (await studio.store.now()));
  expect(await studio.sweep()).toMatchObject({ lost: 1 });
});
