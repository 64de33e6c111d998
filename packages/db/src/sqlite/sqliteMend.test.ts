import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { contradictionsContract } from "../testing/doctor/contradictionsContract.ts";
import { doctorContract } from "../testing/doctor/doctorContract.ts";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { openStudio } from "../testing/openStudio.ts";
import { inspectSqlite } from "./inspectSqlite.ts";
import type { SetAside } from "../aside/openAside.ts";
import type { Patient } from "../testing/doctor/doctorContract.ts";

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

async function openPatient(): Promise<Patient> {
  const told: SetAside[] = [];
  const sqlite = await openSqliteForTest({ onSetAside: (one) => void told.push(one) });
  return {
    ...sqlite,
    told,
    byHand: async (sql) => byHand(sqlite.file, sql),
    contents: async () => {
      const db = new Sqlite(sqlite.file, { readonly: true });
      const contents = db.serialize();
      db.close();
      return contents;
    },
  };
}

describe("the doctor of a SQLite store", () => {
  doctorContract(openPatient);
  contradictionsContract(openPatient);

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
});
