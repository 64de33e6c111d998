import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { openStudio } from "../testing/openStudio.ts";
import { inspectSqlite } from "./inspectSqlite.ts";
import { openSqliteReader } from "./openSqliteReader.ts";

/** A studio that has made something and is stopped. */
async function stopped() {
  const sqlite = await openSqliteForTest();
  const studio = await openStudio(async () => sqlite);
  const made = await studio.made();
  await sqlite.store.close();
  return { sqlite, made };
}

function byHand(file: string, sql: string): void {
  const db = new Sqlite(file);
  db.pragma("foreign_keys = OFF");
  db.exec(sql);
  db.close();
}

function namesOf(file: string, type: "index" | "trigger"): readonly string[] {
  const db = new Sqlite(file, { readonly: true });
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL").pluck().all(type);
  db.close();
  return names as string[];
}

describe("a SQLite file that lost a part of its schema", () => {
  it("[K1] an index that is gone, which statements name, is told, keeps nobody from looking, and is made again at the next opening", async () => {
    const { sqlite, made } = await stopped();
    await using _ = sqlite;
    const indexes = namesOf(sqlite.file, "index");
    byHand(sqlite.file, indexes.map((name) => `DROP INDEX ${name}`).join(";"));
    const found = inspectSqlite(sqlite.file);
    expect(found.map(({ subject }) => subject).toSorted()).toEqual(indexes.toSorted());
    expect(found.every(({ check, mendable }) => check === "schema_changed" && mendable)).toBe(true);
    const reader = openSqliteReader(sqlite.file);
    expect(await reader.countMedia()).toBe(1);
    expect(await reader.listMedia({ after: null, limit: 9 })).toMatchObject([{ versionId: made.versionId }]);
    expect((await reader.referencedKeys()).size).toBe(3);
    await reader.close();
    const restored: string[] = [];
    sqlite.openAgain({ onRestored: (names) => restored.push(...names) });
    expect(restored.toSorted()).toEqual(indexes.toSorted());
    expect(inspectSqlite(sqlite.file)).toEqual([]);
    sqlite.openAgain({ onRestored: () => expect.unreachable("Nothing was lost any more.") });
  });

  it("[K1] an index of that name over other columns is replaced", async () => {
    const { sqlite } = await stopped();
    await using _ = sqlite;
    byHand(sqlite.file, "DROP INDEX job_queued; CREATE INDEX job_queued ON job (priority)");
    const restored: string[] = [];
    sqlite.openAgain({ onRestored: (names) => restored.push(...names) });
    expect(restored).toEqual(["job_queued"]);
  });

  it("[J8] guards that are gone are made again at the next opening, and told", async () => {
    const { sqlite } = await stopped();
    await using _ = sqlite;
    const guards = namesOf(sqlite.file, "trigger");
    byHand(sqlite.file, guards.map((name) => `DROP TRIGGER ${name}`).join(";"));
    const restored: string[] = [];
    sqlite.openAgain({ onRestored: (names) => restored.push(...names) });
    expect(restored.toSorted()).toEqual(guards.toSorted());
    expect(() => byHand(sqlite.file, "UPDATE credit_entry SET balance = 5")).toThrow(/reelstate: /);
  });

  it("[J11] a unique index over rows that are not stays away, and the rest comes back", async () => {
    const sqlite = await openSqliteForTest();
    await using _ = sqlite;
    const studio = await openStudio(async () => sqlite);
    const { jobId } = await studio.start();
    await sqlite.store.close();
    byHand(
      sqlite.file,
      `DROP INDEX job_live; DROP INDEX job_queued; DROP TRIGGER job_insert_guard;
       CREATE TEMP TABLE twin AS SELECT * FROM job WHERE id = '${jobId}'; UPDATE twin SET id = 'twin';
       INSERT INTO job SELECT * FROM twin`,
    );
    const restored: string[] = [];
    const store = sqlite.openAgain({ onRestored: (names) => restored.push(...names) });
    expect(restored).toEqual(["job_insert_guard", "job_queued"]);
    expect((await store.checkInvariants()).map(({ check }) => check)).toContain("two_live_jobs");
    expect(inspectSqlite(sqlite.file)).toContainEqual(
      expect.objectContaining({ check: "schema_changed", subject: "job_live", mendable: true }),
    );
  });

  it("[K1] a table that is gone is told in words that name it, and nothing is made up for it", async () => {
    const { sqlite } = await stopped();
    await using _ = sqlite;
    byHand(sqlite.file, "DROP TABLE version");
    expect(inspectSqlite(sqlite.file)).toContainEqual(
      expect.objectContaining({ check: "schema_changed", subject: "version", mendable: false }),
    );
    const words = /no such table: .*version.*Not as Reelstate makes it: version\. `npx pnpm studio doctor`/;
    expect(() => sqlite.openAgain()).toThrow(words);
    expect(() => openSqliteReader(sqlite.file)).toThrow(words);
    expect(inspectSqlite(sqlite.file).some(({ subject }) => subject === "version")).toBe(true);
  });

  it("[K1] what belonged to a table that is gone cannot be mended, and saying so breaks nothing", async () => {
    await using sqlite = await openSqliteForTest();
    const { store } = sqlite;
    byHand(sqlite.file, "DROP TABLE history; DROP TABLE idempotency");
    expect(await store.mend({ check: "schema_changed", subject: "idempotency_at" })).toBe("cannot");
    expect(await store.mend({ check: "schema_changed", subject: "idempotency" })).toBe("cannot");
  });
});
