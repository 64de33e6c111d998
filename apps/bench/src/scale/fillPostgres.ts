import { Client } from "pg";
import { finishedJobs } from "./finishedJobs.ts";
import type { Dialect, Finished } from "./finishedJobs.ts";

const DIALECT: Dialect = {
  series: (from, to) => `WITH series(n) AS (SELECT * FROM generate_series(${from}::bigint, ${to}::bigint))`,
  digits: (number, count) => `lpad((${number})::text, ${count}, '0')`,
};

/** Fills a database with finished jobs; its triggers and keys do not look while this connection writes. */
export async function fillPostgres(url: string, finished: Finished): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica");
    await client.query("SET synchronous_commit = off");
    await client.query("BEGIN");
    for (const sql of finishedJobs(DIALECT, finished)) await client.query(sql);
    await client.query("COMMIT");
    // As autovacuum would have by and by.
    await client.query("VACUUM (ANALYZE)");
    await client.query("CHECKPOINT");
  } finally {
    await client.end();
  }
}

/** What the whole database takes on the disk. */
export async function postgresBytes(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly bytes: string }>(
      "SELECT pg_database_size(current_database()) AS bytes",
    );
    return Number(rows[0]?.bytes);
  } finally {
    await client.end();
  }
}
