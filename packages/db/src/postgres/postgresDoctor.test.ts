import { Client, escapeIdentifier } from "pg";
import { describe, expect, it } from "vitest";
import { contradictionsContract } from "../testing/doctor/contradictionsContract.ts";
import { doctorContract } from "../testing/doctor/doctorContract.ts";
import { openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { openTestDatabase } from "../testing/postgres/openTestDatabase.ts";
import { inspectPostgres } from "./keeping/inspectPostgres.ts";
import { postgresConnection } from "./openPostgresPool.ts";
import type { SetAside } from "../aside/openAside.ts";
import type { Patient } from "../testing/doctor/doctorContract.ts";
import type { PostgresForTest } from "../testing/postgres/openPostgresForTest.ts";

/** One that is changed as no store would, and therefore nobody else's afterwards. */
function openToChange(): Promise<PostgresForTest> {
  return openPostgresForTest({}, openTestDatabase);
}

async function asHand<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(postgresConnection({ url, applicationName: "hand" }));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs statements without guards, keys and checks, which hold again for whoever writes afterwards. */
function byHand(url: string, sql: string): Promise<void> {
  return asHand(url, async (client) => {
    const { rows } = await client.query<{ table: string; name: string; definition: string }>(
      `SELECT conrelid::regclass::text AS "table", conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'c' AND connamespace = current_schema()::regnamespace`,
    );
    await client.query("SET session_replication_role = replica");
    for (const { table, name } of rows) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    await client.query(sql);
    for (const { table, name, definition } of rows)
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`);
  });
}

function contents(url: string): Promise<unknown> {
  return asHand(url, async (client) => {
    const tables = await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
    );
    const found: unknown[] = [];
    for (const { name } of tables.rows)
      found.push((await client.query(`SELECT t::text FROM ${escapeIdentifier(name)} t ORDER BY 1`)).rows);
    return found;
  });
}

async function openPatient(): Promise<Patient> {
  const told: SetAside[] = [];
  const opened = await openPostgresForTest({ onSetAside: (one) => void told.push(one) }, openTestDatabase);
  return {
    ...opened,
    told,
    byHand: (sql) => byHand(opened.url, sql),
    contents: () => contents(opened.url),
  };
}

describe("the doctor of a PostgreSQL store", () => {
  doctorContract(openPatient);
  contradictionsContract(openPatient);

  it("[K1] looking for damage changes nothing, while the studio runs too", async () => {
    await using postgres = await openToChange();
    await using studio = await openStudio(async () => postgres);
    await studio.made();
    const before = await contents(postgres.url);
    expect(await inspectPostgres(postgres.url)).toEqual([]);
    expect(await contents(postgres.url)).toEqual(before);
    const schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'reelstate%'";
    expect(await asHand(postgres.url, async (client) => (await client.query(schemas)).rows)).toEqual([]);
  });

  it("[K1] [J8] guards and indexes that are gone, changed or switched off are found, and put back", async () => {
    await using postgres = await openToChange();
    await using studio = await openStudio(async () => postgres);
    await studio.made();
    await asHand(postgres.url, async (client) => {
      await client.query("DROP TRIGGER job_guard ON job");
      await client.query("DROP INDEX job_live");
      await client.query("ALTER TABLE asset DISABLE TRIGGER asset_guard");
      await client.query(
        "CREATE OR REPLACE FUNCTION event_update_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
      );
    });
    const found = await inspectPostgres(postgres.url);
    expect(found.map(({ check, subject }) => [check, subject])).toEqual([
      ["schema_changed", "asset_guard"],
      ["schema_changed", "event_update_guard"],
      ["schema_changed", "job_guard"],
      ["schema_changed", "job_live"],
    ]);
    for (const finding of found) expect(await studio.store.mend(finding)).toBe("mended");
    expect(await inspectPostgres(postgres.url)).toEqual([]);
    for (const finding of found) expect(await studio.store.mend(finding)).toBe("gone");
    await expect(byStatement(postgres.url, "UPDATE event SET at = 0")).rejects.toThrow(/reelstate: /);
  });

  it("[K1] a table that is gone is told, and not made up", async () => {
    await using postgres = await openToChange();
    await byStatement(postgres.url, "DROP TABLE history");
    const found = await inspectPostgres(postgres.url);
    expect(found).toMatchObject([{ check: "schema_changed", subject: "history", mendable: false }]);
    expect(await postgres.store.mend({ check: "schema_changed", subject: "history" })).toBe("cannot");
  });

  it("[K1] a database that nobody has opened yet is refused with words, and stays as it is", async () => {
    await using database = await openTestDatabase({ empty: true });
    await expect(inspectPostgres(database.url)).rejects.toThrow(/Start the studio once/);
    expect(await contents(database.url)).toEqual([]);
  });
});

function byStatement(url: string, sql: string): Promise<unknown> {
  return asHand(url, (client) => client.query(sql));
}
