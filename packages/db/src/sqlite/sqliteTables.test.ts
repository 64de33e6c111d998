import { credits, sqlGuards } from "@reelstate/lifecycle";
import Sqlite from "better-sqlite3";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, it } from "vitest";
import { DatabaseTooNew } from "../DatabaseTooNew.ts";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { openStudio } from "../testing/openStudio.ts";
import { inspectSqlite } from "./inspectSqlite.ts";
import { LEDGER_GUARDS } from "./migrations/0001LedgerGuards.ts";
import { BUDGETS } from "./migrations/0005Budgets.ts";
import * as schema from "./schema.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";

/** A studio with a job of every kind in it, and a hand at its tables. */
async function byHand() {
  const sqlite = await openSqliteForTest();
  return { studio: await openStudio(async () => sqlite), db: new Sqlite(sqlite.file) };
}

it("[J8] the guards are in the file, and are those that the machines give today", async () => {
  await using sqlite = await openSqliteForTest();
  const db = new Sqlite(sqlite.file, { readonly: true });
  const found = db.prepare("SELECT sql FROM sqlite_master WHERE type = 'trigger'").pluck().all() as string[];
  db.close();
  const trimmed = (statements: readonly string[]) => statements.map((one) => one.replace(/;\s*$/, "")).toSorted();
  expect(trimmed(found)).toEqual(trimmed([...sqlGuards("sqlite"), ...LEDGER_GUARDS]));
});

it("[J8] [C3] [E1] what the machines refuse is refused of a hand-typed statement too", async () => {
  const { studio, db } = await byHand();
  await using held = studio;
  const done = await held.made();
  await held.fail(await held.start(), { retryable: false });
  await held.create();
  const refused = [
    `UPDATE job SET status = 'processing', phase = 'submitting' WHERE id = '${done.jobId}'`,
    "UPDATE job SET status = 'completed', phase = NULL WHERE status = 'pending'",
    "UPDATE job SET attempt = attempt + 1",
    "UPDATE job SET quote = 0",
    "INSERT OR REPLACE INTO job SELECT * FROM job WHERE status = 'completed'",
    "UPDATE asset SET status = 'pending', row_version = row_version + 1 WHERE status = 'completed'",
    "UPDATE asset SET row_version = row_version - 1",
    "INSERT OR REPLACE INTO asset SELECT * FROM asset",
    "UPDATE version SET status = 'failed' WHERE status = 'completed'",
    "INSERT OR REPLACE INTO version SELECT * FROM version",
    "UPDATE credit_entry SET balance = 5",
    "DELETE FROM credit_entry",
    "INSERT OR REPLACE INTO credit_entry SELECT * FROM credit_entry",
    "UPDATE event SET to_status = 'completed'",
    "DELETE FROM event WHERE seq = 2",
    "INSERT OR REPLACE INTO event SELECT * FROM event",
  ];
  for (const statement of refused) expect(() => db.exec(statement), statement).toThrow(/reelstate: /);
  expect(db.pragma("foreign_key_check")).toEqual([]);
  db.close();
});

it("looking for damage writes nothing, while the studio runs too", async () => {
  await using sqlite = await openSqliteForTest();
  const studio = await openStudio(async () => sqlite);
  await studio.made();
  const db = new Sqlite(sqlite.file, { readonly: true });
  const contents = () => [db.pragma("data_version"), db.prepare("SELECT * FROM feed_boot").all()];
  const before = contents();
  expect(inspectSqlite(sqlite.file)).toEqual([]);
  expect(contents()).toEqual(before);
  db.close();
});

it("[C3] [A2] [E1] damage done to the tables is found", async () => {
  await using sqlite = await openSqliteForTest();
  const { workspaceId, ids } = await openStudio(async () => sqlite).then(async (studio) => {
    await studio.made();
    await studio.create();
    return studio;
  });
  const db = new Sqlite(sqlite.file);
  for (const name of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all() as string[])
    db.exec(`DROP TRIGGER ${name}`);
  db.pragma("ignore_check_constraints = ON");
  const damage: readonly (readonly [rule: string, statement: string])[] = [
    ["C3", "UPDATE workspace SET balance = balance + 1"],
    ["E1", "DELETE FROM event WHERE seq = 2"],
    ["A2", "UPDATE asset SET status = 'cancelled' WHERE status = 'completed'"],
    ["A5", "UPDATE version SET bytes = 0 WHERE status = 'completed'"],
    ["C2", "UPDATE job SET hold_state = 'held' WHERE status = 'completed'"],
    ["A1", "UPDATE job SET status = 'failed' WHERE status = 'pending'"],
    ["A4", "UPDATE asset SET status = 'failed' WHERE status = 'pending'"],
    ["J6", "UPDATE job SET status = 'processing', lease_until = 0"],
    ["P1", "UPDATE job SET submission = 'open'"],
    ["P7", "INSERT INTO slot VALUES ('provider/sim', 1, NULL)"],
  ];
  for (const [rule, statement] of damage) {
    db.exec(statement);
    const found = await sqlite.store.checkInvariants();
    expect(
      found.map((finding) => finding.rule),
      statement,
    ).toContain(rule);
    expect(await sqlite.store.checkInvariants({ workspaceId }), statement).toEqual(found);
  }
  const other = ids<WorkspaceId>();
  const project = { id: ids<ProjectId>(), name: "First" };
  await sqlite.store.ensureWorkspace({ workspaceId: other, name: "Other", project, grant: credits(100) });
  expect(await sqlite.store.checkInvariants({ workspaceId: other })).toEqual([]);
  db.close();
});

it("[A1] the tables are what drizzle reads: the same columns, types and keys", async () => {
  await using sqlite = await openSqliteForTest();
  const db = new Sqlite(sqlite.file, { readonly: true });
  const tables = Object.values(schema).filter((one) => one instanceof SQLiteTable);
  for (const table of tables) {
    const { name, columns, indexes } = getTableConfig(table);
    const inFile = db.pragma(`table_info(${name})`) as { name: string; type: string; notnull: 0 | 1 }[];
    expect(
      inFile.map((column) => [column.name, column.type.toLowerCase(), column.notnull === 1]),
      name,
    ).toEqual(columns.map((column) => [column.name, column.getSQLType(), column.notNull]));
    const kept = db.prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?").pluck().all(name);
    for (const { config } of indexes) expect(kept).toContain(config.name);
  }
  const inFile = db.prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  expect(inFile.pluck().get()).toBe(tables.length);
  db.close();
});

it("[E3] a file of a newer program is refused with words, and not a byte of it is changed", async () => {
  await using sqlite = await openSqliteForTest();
  await sqlite.store.close();
  const db = new Sqlite(sqlite.file);
  const known = Number(db.pragma("user_version", { simple: true }));
  db.pragma("journal_mode = DELETE");
  db.pragma(`user_version = ${known + 1}`);
  const before = db.serialize();
  db.close();
  expect(() => sqlite.openAgain()).toThrow(DatabaseTooNew);
  expect(() => sqlite.openAgain()).toThrow(/newer Reelstate/);
  const after = new Sqlite(sqlite.file, { readonly: true });
  expect(after.serialize().equals(before)).toBe(true);
  after.close();
});

it("[E3] opened again it is migrated no more, and what was known before goes on", async () => {
  await using sqlite = await openSqliteForTest();
  await using studio = await openStudio(async () => ({ ...sqlite, [Symbol.asyncDispose]: async () => {} }));
  const { workspaceId } = studio;
  await studio.create();
  const old = await studio.store.feedHead({ workspaceId });
  const again = sqlite.openAgain({ bootId: "second" });
  await studio.create();
  expect(await again.readFeed({ workspaceId, after: 1, feedId: old.feedId, limit: 9 })).toMatchObject({
    resumable: true,
    feedId: "second",
    items: [{ seq: 2 }],
  });
  // Counted on in the first opening after the second began: in a copy that is another way.
  expect(await again.readFeed({ workspaceId, after: 2, feedId: old.feedId, limit: 9 })).toMatchObject({
    resumable: false,
  });
});

it("[C5] what was captured before there were budgets is counted as if there had always been some", async () => {
  const { studio, db } = await byHand();
  await using held = studio;
  await held.made();
  held.advanceClock(24 * 3_600_000);
  await held.made();
  await held.made();
  const row = db.prepare("SELECT day_begun, month_begun, spent_in_day, spent_in_month FROM workspace");
  const counted = row.get();
  expect(counted).toMatchObject({ spent_in_day: 12, spent_in_month: 18 });
  db.exec("UPDATE workspace SET day_begun = 0, month_begun = 0, spent_in_day = 0, spent_in_month = 0");
  for (const statement of BUDGETS.filter((one) => one.startsWith("UPDATE"))) db.exec(statement);
  expect(row.get()).toEqual(counted);
  db.close();
});

it("[A4] the file is in WAL mode, and the query that people type by hand works", async () => {
  const { studio, db } = await byHand();
  await using held = studio;
  await held.made();
  await held.create({ type: "video" });
  expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
  const sql =
    "SELECT id, name, status, error_message FROM asset WHERE asset_type = 'video' ORDER BY created_at DESC LIMIT 10;";
  expect(db.prepare(sql).all()).toMatchObject([{ status: "pending", error_message: null }]);
  db.close();
});
