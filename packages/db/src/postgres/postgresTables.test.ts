import { sqlGuards } from "@reelstate/lifecycle";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { getTableConfig as getSqliteTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { Client } from "pg";
import { expect, expectTypeOf, it } from "vitest";
import { DatabaseTooNew } from "../DatabaseTooNew.ts";
import * as sqlite from "../sqlite/schema.ts";
import { openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { openTestDatabase } from "../testing/postgres/openTestDatabase.ts";
import { migratePostgres } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { LEDGER_GUARDS } from "./migrations/0001LedgerGuards.ts";
import { BUDGETS } from "./migrations/0004Budgets.ts";
import { postgresConnection } from "./openPostgresPool.ts";
import * as schema from "./schema.ts";

async function openClient(url: string) {
  const client = new Client(postgresConnection({ url }));
  await client.connect();
  return {
    client,
    values: async (sql: string, values: readonly unknown[] = []): Promise<readonly unknown[]> =>
      (await client.query({ text: sql, values: [...values], rowMode: "array" })).rows.flat(),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

const tables = Object.values(schema).filter((one) => one instanceof PgTable);

it("[A1] both databases have the same tables, with the same columns by the same properties", () => {
  const shape = (properties: object, config: (table: never) => { name: string; columns: readonly Column[] }) =>
    Object.entries(properties)
      .filter(([, table]) => table instanceof PgTable || table instanceof SQLiteTable)
      .map(([property, table]) => {
        const { name, columns } = config(table as never);
        return {
          property,
          name,
          columns: columns.map((column) => [keyOf(table as object, column), column.name, column.notNull]),
        };
      });
  interface Column {
    readonly name: string;
    readonly notNull: boolean;
  }
  const keyOf = (table: object, column: Column): string | undefined =>
    Object.entries(table).find(([, one]) => one === column)?.[0];
  expect(shape(schema, getTableConfig)).toEqual(shape(sqlite, getSqliteTableConfig));
});

it("[A1] a row of either database is the same record", () => {
  expectTypeOf<typeof schema.asset.$inferSelect>().toEqualTypeOf<typeof sqlite.asset.$inferSelect>();
  expectTypeOf<typeof schema.version.$inferSelect>().toEqualTypeOf<typeof sqlite.version.$inferSelect>();
  expectTypeOf<typeof schema.job.$inferSelect>().toEqualTypeOf<typeof sqlite.job.$inferSelect>();
  expectTypeOf<typeof schema.event.$inferSelect>().toEqualTypeOf<typeof sqlite.event.$inferSelect>();
  expectTypeOf<typeof schema.submission.$inferSelect>().toEqualTypeOf<typeof sqlite.submission.$inferSelect>();
});

it("[A1] the tables are what drizzle reads: the same columns, types and keys", async () => {
  await using database = await openTestDatabase();
  await using opened = await openClient(database.url);
  const { values } = opened;
  for (const table of tables) {
    const { name, columns, indexes, checks } = getTableConfig(table);
    const { rows } = await opened.client.query(
      `SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AS "notNull", collation_name AS collation
       FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema() ORDER BY ordinal_position`,
      [name],
    );
    expect(
      rows.map(({ collation: _collation, ...row }) => row),
      name,
    ).toEqual(columns.map((column) => ({ name: column.name, type: column.getSQLType(), notNull: column.notNull })));
    // Compared byte by byte, whatever the server's language: ids are walked in order.
    for (const row of rows) expect(row.collation, `${name}.${row.name}`).toBe(row.type === "text" ? "C" : null);
    const kept = await values("SELECT indexname FROM pg_indexes WHERE tablename = $1", [name]);
    for (const { config } of indexes) expect(kept).toContain(config.name);
    const checked = await values("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = $1::regclass", [
      name,
    ]);
    for (const { name: check } of checks) expect(checked).toContain(check);
  }
  const there = await values("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1");
  expect(there).toEqual([...tables.map((table) => getTableConfig(table).name), "schema_version"].toSorted());
});

it("[J8] the guards are in the database, and are those that the machines give today", async () => {
  await using database = await openTestDatabase();
  await using opened = await openClient(database.url);
  const wanted = [...sqlGuards("postgres"), ...LEDGER_GUARDS];
  const bodies = wanted.flatMap((one) => /\$guard\$([^]*)\$guard\$/.exec(one)?.[1] ?? []);
  const triggers = wanted.flatMap((one) => /CREATE TRIGGER (\w+)/.exec(one)?.[1] ?? []);
  expect(triggers).toHaveLength(bodies.length);
  expect(
    await opened.values("SELECT prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace ORDER BY 1"),
  ).toEqual(bodies.toSorted());
  const found = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O' ORDER BY tgname";
  expect(await opened.values(found)).toEqual(triggers.toSorted());
});

it("[E3] of ten processes that start at one moment one makes the tables, and all find them", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using opened = await openClient(database.url);
  await using starting = new AsyncDisposableStack();
  const processes = await Promise.all(Array.from({ length: 10 }, () => openClient(database.url)));
  for (const one of processes) starting.use(one);
  const said = await Promise.all(processes.map(({ client }) => migratePostgres(client).then(() => "there", String)));
  expect(said).toEqual(processes.map(() => "there"));
  expect(await opened.values("SELECT version FROM schema_version")).toEqual([MIGRATIONS.length]);
  await opened.values("INSERT INTO workspace VALUES ('w', 'W', 0, 0, 0, 0, 0)");
  await migratePostgres(opened.client);
  expect(await opened.values("SELECT id FROM workspace")).toEqual(["w"]);
});

it("[E3] a database of a newer program is refused with words, and nothing of it is changed", async () => {
  await using database = await openTestDatabase();
  await using opened = await openClient(database.url);
  await opened.values("UPDATE schema_version SET version = version + 1");
  await expect(migratePostgres(opened.client)).rejects.toThrow(DatabaseTooNew);
  await expect(migratePostgres(opened.client)).rejects.toThrow(/newer Reelstate .*DATABASE_URL/);
  expect(await opened.values("SELECT version FROM schema_version")).toEqual([MIGRATIONS.length + 1]);
});

it("[E3] a migration that breaks off leaves nothing behind, and is made the next time", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using opened = await openClient(database.url);
  await opened.values("CREATE TABLE slot (other text)");
  await expect(migratePostgres(opened.client)).rejects.toThrow(/slot/);
  expect(await opened.values("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).toEqual(["slot"]);
  await opened.values("DROP TABLE slot");
  await migratePostgres(opened.client);
  expect(await opened.values("SELECT version FROM schema_version")).toEqual([MIGRATIONS.length]);
});

it("[C5] what was captured before there were budgets is counted as if there had always been some", async () => {
  const postgres = await openPostgresForTest();
  await using studio = await openStudio(async () => postgres);
  await studio.made();
  studio.advanceClock(24 * 3_600_000);
  await studio.made();
  await studio.made();
  await using opened = await openClient(postgres.url);
  const row = "SELECT day_begun, month_begun, spent_in_day, spent_in_month FROM workspace";
  const counted = await opened.values(row);
  expect(counted.slice(2)).toEqual([12, 18]);
  await opened.values("UPDATE workspace SET day_begun = 0, month_begun = 0, spent_in_day = 0, spent_in_month = 0");
  for (const statement of BUDGETS.filter((one) => one.startsWith("UPDATE"))) await opened.values(statement);
  expect(await opened.values(row)).toEqual(counted);
});

it("[C3] a number that a number cannot hold is an error, not a rounding", async () => {
  await using database = await openTestDatabase();
  await using opened = await openClient(database.url);
  expect(await opened.values("SELECT 9007199254740991::bigint")).toEqual([9_007_199_254_740_991]);
  await expect(opened.values("SELECT 9007199254740993::bigint")).rejects.toThrow(/too large/);
});
