import { Client } from "pg";
import { finishedJobs } from "./finishedJobs.ts";
import type { Dialect, Finished } from "./finishedJobs.ts";

const DIALECT: Dialect = {
  series: (from, to) => `WITH series(n) AS (SELECT * FROM generate_series(${from}::bigint, ${to}::bigint))`,
  digits: (number, count) => `lpad((${number})::text, ${count}, '0')`,
};

/** Fills a database with finished jobs; its triggers and keys do not look while this connection writes. */
export function fillPostgres(url: string, finished: Finished): Promise<void> {
  return connected(url, (client) => fill(client, finishedJobs(DIALECT, finished)));
}

/** So many workspaces, `bench0`, `bench1`, …, in which nothing has happened. */
export function fillWorkspaces(url: string, count: number): Promise<void> {
  return connected(url, (client) =>
    fill(client, [
      `INSERT INTO workspace (id, name, balance, held, seq, pruned_seq, created_at)
       SELECT 'bench' || n, 'Bench', 0, 0, 0, 0, 0 FROM generate_series(0, ${count - 1}) AS n`,
    ]),
  );
}

/** What the whole database takes on the disk. */
export function postgresBytes(url: string): Promise<number> {
  return connected(url, async (client) => {
    const sql = "SELECT pg_database_size(current_database()) AS bytes";
    const { rows } = await client.query<{ readonly bytes: string }>(sql);
    return Number(rows[0]?.bytes);
  });
}

async function fill(client: Client, statements: readonly string[]): Promise<void> {
  await client.query("SET session_replication_role = replica");
  await client.query("SET synchronous_commit = off");
  const roomy = (await client.query<Roomy>(ROOMY)).rows;
  for (const { name, filled } of roomy) await fillTo(client, name, Number(filled) + TIGHTER);
  await client.query("BEGIN");
  for (const sql of statements) await client.query(sql);
  await client.query("COMMIT");
  for (const { name, filled } of roomy) await fillTo(client, name, Number(filled));
  // As autovacuum would have by and by.
  await client.query("VACUUM (ANALYZE)");
  await client.query("CHECKPOINT");
}

/** Tables that leave room on their pages, by how many percent they are filled. */
const ROOMY = `SELECT relname AS name, o.option_value AS filled FROM pg_class, pg_options_to_table(reloptions) AS o
  WHERE relnamespace = current_schema()::regnamespace AND relname IN ('asset', 'version', 'job') AND o.option_name = 'fillfactor'`;
/**
 * Rows that were never anything but finished are longer than new ones: of each page they leave, beyond the room that new rows leave too,
 * just enough for one of those, which would then go each to another old page and have all of it written to the log. A studio that has
 * lived has no such pages: its new rows have found them long ago.
 */
const TIGHTER = 5;

interface Roomy {
  readonly name: string;
  readonly filled: string;
}

async function fillTo(client: Client, table: string, percent: number): Promise<void> {
  await client.query(`ALTER TABLE ${table} SET (fillfactor = ${percent})`);
}

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
