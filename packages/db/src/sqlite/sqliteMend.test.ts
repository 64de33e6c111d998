import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { openStudio } from "../testing/openStudio.ts";
import { inspectSqlite } from "./inspectSqlite.ts";
import type { CheckName, Finding } from "../store/keeping.ts";
import type { SqliteForTest } from "../testing/openSqliteForTest.ts";
import type { Studio } from "../testing/openStudio.ts";

/** What a hand does to the tables once their guards are out of the way; they are back before anybody looks. */
interface Damage {
  readonly check: CheckName;
  readonly rule: string;
  readonly told: "event" | "reset";
  readonly make: (studio: Studio) => Promise<{ readonly subject: string; readonly sql: string }>;
}

const STILL_OPEN = `UPDATE submission SET state = 'open', outcome = NULL, ended_at = NULL; UPDATE job SET submission = 'open'`;

const MENDABLE: readonly Damage[] = [
  {
    check: "ledger_sum_wrong",
    rule: "C3",
    told: "reset",
    make: async ({ workspaceId }) => ({ subject: workspaceId, sql: "UPDATE workspace SET balance = balance + 7" }),
  },
  {
    check: "held_sum_wrong",
    rule: "C3",
    told: "reset",
    make: async (studio) => {
      const { assetId } = await studio.create();
      const gone = ["job", "event", "history", "version", "asset"].map(
        (table) => `DELETE FROM ${table} WHERE '${assetId}' IN (${table === "asset" ? "id" : "asset_id"})`,
      );
      const sql = `${gone.join(";")}; UPDATE workspace SET pruned_seq = seq; DELETE FROM event`;
      return { subject: studio.workspaceId, sql };
    },
  },
  {
    check: "ledger_lines_wrong",
    rule: "C2",
    told: "reset",
    make: async (studio) => {
      const { jobId } = await studio.made();
      return { subject: jobId, sql: `DELETE FROM credit_entry WHERE kind = 'capture'` };
    },
  },
  {
    check: "hold_state_wrong",
    rule: "C2",
    told: "event",
    make: async (studio) => {
      const { jobId } = await studio.made();
      return { subject: jobId, sql: "UPDATE job SET hold_state = 'released'" };
    },
  },
  {
    check: "asset_and_version_differ",
    rule: "A2",
    told: "event",
    make: async (studio) => {
      const { assetId } = await studio.made();
      return { subject: assetId, sql: "UPDATE asset SET status = 'pending'" };
    },
  },
  {
    // The bug that this studio was built against: the job said failed, the asset was generating for ever.
    check: "job_and_version_differ",
    rule: "A2",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.fail(job, { retryable: false });
      return {
        subject: job.assetId,
        sql: `UPDATE asset SET status = 'processing', error_code = NULL, error_message = NULL;
          UPDATE version SET status = 'processing'`,
      };
    },
  },
  {
    // No legal step leads from cancelled to processing: two do.
    check: "job_and_version_differ",
    rule: "A2",
    told: "event",
    make: async (studio) => {
      const { assetId } = await studio.start();
      return { subject: assetId, sql: "UPDATE version SET status = 'cancelled'" };
    },
  },
  {
    check: "no_live_job",
    rule: "A1",
    told: "event",
    make: async (studio) => {
      const { assetId } = await studio.start();
      return {
        subject: assetId,
        sql: `DELETE FROM credit_entry WHERE job_id IS NOT NULL; UPDATE workspace SET held = 0;
          UPDATE asset SET job_id = NULL; DELETE FROM job`,
      };
    },
  },
  {
    check: "unknown_live_job",
    rule: "A2",
    told: "event",
    make: async (studio) => {
      const { jobId } = await studio.start();
      return { subject: jobId, sql: "UPDATE asset SET job_id = NULL" };
    },
  },
  {
    check: "current_version_missing",
    rule: "A3",
    told: "event",
    make: async (studio) => {
      const { assetId } = await studio.made();
      return { subject: assetId, sql: "UPDATE asset SET current_version_id = 'nobody'" };
    },
  },
  {
    check: "made_version_not_shown",
    rule: "A3",
    told: "event",
    make: async (studio) => {
      const { assetId, versionId } = await studio.made();
      await studio.startJob("regenerate", assetId);
      await studio.complete(await studio.claimOne());
      return { subject: assetId, sql: `UPDATE asset SET current_version_id = '${versionId}'` };
    },
  },
  {
    check: "failure_unexplained",
    rule: "A4",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.fail(job, { retryable: false });
      return { subject: job.assetId, sql: "UPDATE asset SET error_message = ''" };
    },
  },
  {
    check: "waits_for_nothing",
    rule: "A7",
    told: "event",
    make: async (studio) => {
      const source = await studio.start();
      const { jobId } = await studio.create({ inputs: [source.assetId] });
      await studio.complete(source);
      return {
        subject: jobId,
        sql: `UPDATE job SET phase = 'waiting_inputs' WHERE id = '${jobId}';
          INSERT INTO job_input (job_id, version_id) VALUES ('${jobId}', '${source.versionId}')`,
      };
    },
  },
  {
    check: "job_stuck",
    rule: "J6",
    told: "event",
    make: async (studio) => {
      const { jobId } = await studio.start();
      return { subject: jobId, sql: "UPDATE job SET lease_until = NULL" };
    },
  },
  {
    check: "submission_untold",
    rule: "P1",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      return { subject: job.jobId, sql: "UPDATE job SET submission = 'none'" };
    },
  },
  {
    check: "submission_outlived",
    rule: "P1",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      await studio.complete(job);
      return { subject: job.jobId, sql: STILL_OPEN };
    },
  },
  {
    check: "paid_unrecoverable",
    rule: "P6",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      await studio.fail(job, { retryable: false });
      return { subject: job.jobId, sql: "UPDATE job SET recoverable = 0" };
    },
  },
  {
    check: "events_not_dense",
    rule: "E1",
    told: "reset",
    make: async (studio) => {
      await studio.made();
      return { subject: studio.workspaceId, sql: "DELETE FROM event WHERE seq = 2" };
    },
  },
  {
    check: "two_live_jobs",
    rule: "J11",
    told: "reset",
    make: async (studio) => {
      const { assetId, jobId } = await studio.start();
      return {
        subject: assetId,
        sql: `DROP INDEX job_live; CREATE TEMP TABLE twin AS SELECT * FROM job WHERE id = '${jobId}';
          UPDATE twin SET id = 'twin', status = 'pending', phase = 'queued'; INSERT INTO job SELECT * FROM twin;
          INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id)
            SELECT workspace_id, at, kind, balance, held, 'twin', asset_id FROM credit_entry WHERE kind = 'hold';
          UPDATE workspace SET held = held * 2`,
      };
    },
  },
];

/** What rows cannot tell, and what is therefore told and left as it is. */
const NOT_MENDABLE: readonly Omit<Damage, "told">[] = [
  {
    check: "media_not_whole",
    rule: "A5",
    make: async (studio) => {
      const { versionId } = await studio.made();
      return { subject: versionId, sql: "UPDATE version SET poster_key = NULL" };
    },
  },
  {
    check: "two_submissions",
    rule: "P1",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      return {
        subject: job.jobId,
        sql: `DROP INDEX submission_alive; CREATE TEMP TABLE twin AS SELECT * FROM submission;
          UPDATE twin SET id = 'twin', client_ref = 'twin'; INSERT INTO submission SELECT * FROM twin`,
      };
    },
  },
  {
    // Whether the provider cancelled it, or goes on and charges for it, no row tells.
    check: "submission_outlived",
    rule: "P1",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      await studio.cancel(job.assetId);
      await studio.store.settle({ jobId: job.jobId, attempt: job.attempt, ends: "cancelled" });
      return { subject: job.jobId, sql: STILL_OPEN };
    },
  },
  {
    // Completed is for ever: nothing may turn a version that was shown as made into one that was not.
    check: "asset_and_version_differ",
    rule: "A2",
    make: async (studio) => {
      const job = await studio.start();
      await studio.fail(job, { retryable: false });
      return { subject: job.assetId, sql: "UPDATE asset SET status = 'completed'" };
    },
  },
  {
    check: "ledger_sum_wrong",
    rule: "C3",
    make: async (studio) => {
      await studio.made();
      return { subject: studio.workspaceId, sql: "DELETE FROM credit_entry WHERE kind = 'grant'" };
    },
  },
  {
    check: "ledger_lines_wrong",
    rule: "C2",
    make: async (studio) => {
      const { jobId } = await studio.made();
      return { subject: jobId, sql: "UPDATE credit_entry SET held = held + 1 WHERE kind = 'hold'" };
    },
  },
  {
    check: "ledger_lines_wrong",
    rule: "C2",
    make: async (studio) => {
      const { jobId } = await studio.made();
      return {
        subject: jobId,
        sql: `INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id)
          SELECT workspace_id, at, kind, balance, held, job_id, asset_id FROM credit_entry WHERE kind = 'capture'`,
      };
    },
  },
];

/** Runs a statement without the guards, which are put back as they were. */
function byHand(file: string, sql: string): void {
  const db = new Sqlite(file);
  const guards = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all() as {
    readonly name: string;
    readonly sql: string;
  }[];
  db.pragma("ignore_check_constraints = ON");
  db.pragma("foreign_keys = OFF");
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const guard of guards) db.exec(guard.sql);
  db.close();
}

function rowVersions(file: string): ReadonlyMap<string, number> {
  const db = new Sqlite(file, { readonly: true });
  const rows = db.prepare("SELECT id, row_version AS rowVersion FROM asset").all() as {
    id: string;
    rowVersion: number;
  }[];
  db.close();
  return new Map(rows.map(({ id, rowVersion }) => [id, rowVersion]));
}

/** Damages a studio and gives what is found there; disposing of it does not ask whether all is well. */
async function damage(sqlite: SqliteForTest, { make }: Pick<Damage, "make">) {
  const studio = await openStudio(async () => sqlite);
  const { subject, sql } = await make(studio);
  // Long enough for a lease to be long over.
  studio.advanceClock(10 * 60_000);
  const head = await studio.store.feedHead({ workspaceId: studio.workspaceId });
  byHand(sqlite.file, sql);
  return { studio, subject, head };
}

/** Every finding mended, in their order, until nothing more can be. */
async function mendAll({ store }: Studio): Promise<readonly Finding[]> {
  for (let round = 0; round < 4; round += 1) {
    const results = [];
    for (const finding of await store.checkInvariants()) results.push(await store.mend(finding));
    if (!results.includes("mended")) break;
  }
  return store.checkInvariants();
}

describe("the doctor of a SQLite store", () => {
  it.each(MENDABLE)("[K1] [$rule] finds $check, mends it and tells it by $told", async (hurt) => {
    await using sqlite = await openSqliteForTest();
    const { studio, subject, head } = await damage(sqlite, hurt);
    const { store, workspaceId } = studio;
    const found = await store.checkInvariants();
    expect(found).toContainEqual(
      expect.objectContaining({ check: hurt.check, rule: hurt.rule, subject, mendable: true }),
    );
    const versions = rowVersions(sqlite.file);
    expect(await store.mend({ check: hurt.check, subject })).toBe("mended");
    const page = await store.readFeed({ workspaceId, after: head.seq, feedId: head.feedId, limit: 100 });
    if (hurt.told === "event") {
      expect(page.resumable).toBe(true);
      expect(page.items.length).toBeGreaterThan(0);
      for (const { id, rowVersion } of page.items.flatMap((item) => (item.kind === "transition" ? [item.asset] : [])))
        expect(rowVersion).toBeGreaterThan(versions.get(id) ?? 0);
    } else {
      expect(page.resumable).toBe(false);
    }
    expect(await mendAll(studio)).toEqual([]);
    expect(await store.mend({ check: hurt.check, subject })).toBe("gone");
  });

  it.each(NOT_MENDABLE)("[K1] [$rule] tells $check, and changes nothing where nothing is known", async (hurt) => {
    await using sqlite = await openSqliteForTest();
    const { studio, subject } = await damage(sqlite, hurt);
    const { store } = studio;
    const found = await store.checkInvariants();
    expect(found).toContainEqual(expect.objectContaining({ check: hurt.check, rule: hurt.rule, subject }));
    const db = new Sqlite(sqlite.file, { readonly: true });
    const before = db.serialize();
    expect(await store.mend({ check: hurt.check, subject })).toBe("cannot");
    expect(db.serialize().equals(before)).toBe(true);
    db.close();
  });

  it("[K1] [A9] an asset that was put right says so in its history, with a newer row", async () => {
    await using sqlite = await openSqliteForTest();
    const studio = await openStudio(async () => sqlite);
    const { store, workspaceId } = studio;
    const { assetId } = await studio.made();
    const before = await studio.get(assetId);
    byHand(sqlite.file, "UPDATE asset SET status = 'cancelled'");
    const wakes: boolean[] = [];
    const stop = store.onWake(({ feed }) => wakes.push(feed));
    expect(await store.mend({ check: "asset_and_version_differ", subject: assetId })).toBe("mended");
    stop();
    expect(wakes).toEqual([true]);
    const after = await studio.get(assetId);
    expect(after).toEqual({ ...before, rowVersion: expect.any(Number), updatedAt: expect.any(Number) });
    expect(after.rowVersion).toBeGreaterThan(before.rowVersion);
    const history = await store.assetHistory({ workspaceId, assetId });
    expect(history?.at(-1)).toMatchObject({ event: "mend", from: "cancelled", to: "completed" });
  });

  it("[K1] [A2] [A6] what a new version's job came to is put right behind a completed asset, which stays as it is", async () => {
    await using sqlite = await openSqliteForTest();
    const studio = await openStudio(async () => sqlite);
    const { assetId, versionId } = await studio.made();
    await studio.startJob("regenerate", assetId);
    const job = await studio.claimOne();
    await studio.fail(job, { retryable: false });
    const before = await studio.get(assetId);
    byHand(sqlite.file, `UPDATE version SET status = 'processing' WHERE id = '${job.versionId}'`);
    expect(await mendAll(studio)).toEqual([]);
    const { rowVersion, updatedAt } = await studio.get(assetId);
    expect(await studio.get(assetId)).toEqual({ ...before, rowVersion, updatedAt });
    expect(before).toMatchObject({ status: "completed", currentVersion: { id: versionId } });
    expect(rowVersion).toBe(before.rowVersion + 1);
  });

  it("[K1] [A2] [A3] a new version whose job has completed is completed and then shown", async () => {
    await using sqlite = await openSqliteForTest();
    const studio = await openStudio(async () => sqlite);
    const { assetId, versionId } = await studio.made();
    await studio.startJob("regenerate", assetId);
    const job = await studio.claimOne();
    await studio.complete(job);
    const before = await studio.get(assetId);
    byHand(
      sqlite.file,
      `UPDATE version SET status = 'processing' WHERE id = '${job.versionId}'; UPDATE asset SET current_version_id = '${versionId}'`,
    );
    expect(await mendAll(studio)).toEqual([]);
    const { rowVersion, updatedAt } = await studio.get(assetId);
    expect(await studio.get(assetId)).toEqual({ ...before, rowVersion, updatedAt });
  });

  it("[K1] [A4] work that is lost for good ends as failed, and says so", async () => {
    await using sqlite = await openSqliteForTest();
    const studio = await openStudio(async () => sqlite);
    const { assetId } = await studio.create({ plan: { ...studio.newAsset().plan, quote: 0 as never } });
    byHand(sqlite.file, "UPDATE asset SET job_id = NULL; DELETE FROM job");
    expect(await studio.store.mend({ check: "no_live_job", subject: assetId })).toBe("mended");
    expect(await studio.get(assetId)).toMatchObject({ status: "failed", errorCode: "internal", liveJob: null });
    expect((await studio.get(assetId)).errorMessage).not.toBe("");
    expect(await studio.startJob("retry", assetId)).toMatchObject({ ok: true });
  });

  it("[K1] [J8] guards and indexes that are gone or changed are found, and put back", async () => {
    await using sqlite = await openSqliteForTest();
    const studio = await openStudio(async () => sqlite);
    await studio.made();
    const db = new Sqlite(sqlite.file);
    db.exec("DROP TRIGGER job_update_guard; DROP INDEX job_live; DROP TRIGGER event_update_guard");
    db.exec("CREATE TRIGGER event_update_guard BEFORE UPDATE ON event FOR EACH ROW BEGIN SELECT 1; END");
    db.close();
    const found = inspectSqlite(sqlite.file);
    expect(found.map(({ check, subject }) => [check, subject])).toEqual([
      ["schema_changed", "event_update_guard"],
      ["schema_changed", "job_update_guard"],
      ["schema_changed", "job_live"],
    ]);
    for (const finding of found) expect(await studio.store.mend(finding)).toBe("mended");
    expect(inspectSqlite(sqlite.file)).toEqual([]);
    for (const finding of found) expect(await studio.store.mend(finding)).toBe("gone");
  });

  it("[K1] damaged pages are told, not mended", async () => {
    await using sqlite = await openSqliteForTest();
    const studio = await openStudio(async () => sqlite);
    await studio.made();
    const db = new Sqlite(sqlite.file);
    db.unsafeMode(true);
    db.pragma("writable_schema = ON");
    // An index that lies: its rows are those of another.
    db.exec(`UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'job_waiting')
      WHERE name = 'event_of_asset'`);
    db.close();
    const found = inspectSqlite(sqlite.file).filter(({ check }) => check === "database_damaged");
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ mendable }) => !mendable)).toBe(true);
    expect(await studio.store.mend({ check: "database_damaged", subject: found[0]?.subject ?? "" })).toBe("cannot");
  });

  it("[K1] a backup is the whole database of that moment, and what goes on is not in it", async () => {
    await using sqlite = await openSqliteForTest();
    const studio = await openStudio(async () => sqlite);
    const { assetId } = await studio.made();
    const file = `${sqlite.file}.backup`;
    await studio.store.backup(file);
    await studio.create();
    const copy = new Sqlite(file, { readonly: true });
    expect(copy.prepare("SELECT id FROM asset").pluck().all()).toEqual([assetId]);
    copy.close();
    expect(inspectSqlite(file)).toEqual([]);
  });

  it("[A8] the files of every version are listed once, page by page", async () => {
    await using studio = await openStudio(async () => openSqliteForTest());
    const made = [await studio.made(), await studio.made(), await studio.made()];
    await studio.create();
    const seen = [];
    for (let after = null; ;) {
      const page = await studio.store.listMedia({ after, limit: 2 });
      seen.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.versionId;
    }
    expect(seen.map(({ versionId }) => versionId)).toEqual(made.map(({ versionId }) => versionId));
    expect(await studio.store.countMedia()).toBe(3);
    const keys = seen.flatMap(({ key, posterKey, thumbKey }) => [key, posterKey, thumbKey]);
    expect(new Set(keys)).toEqual(await studio.store.referencedKeys());
  });
});
