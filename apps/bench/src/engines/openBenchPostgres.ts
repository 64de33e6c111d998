import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { askForServer, openTestServer } from "@reelstate/db/testing";

/** One PostgreSQL server for all engines of a run, on the disk, flushing what it commits. */
export interface BenchPostgres extends AsyncDisposable {
  readonly version: string;
  readonly createDatabase: () => Promise<BenchDatabase>;
}

/** Empty; removed when disposed of. */
export interface BenchDatabase extends AsyncDisposable {
  readonly url: string;
}

/** As a small machine would have it; what matters to durability is said and not left to a default. */
const SETTINGS = [
  "fsync=on",
  "synchronous_commit=on",
  "full_page_writes=on",
  "wal_level=replica",
  "shared_buffers=512MB",
  "max_wal_size=4GB",
];

export async function openBenchPostgres({ onDisk = true } = {}): Promise<BenchPostgres> {
  const server = await openTestServer({ onDisk, settings: SETTINGS });
  const url = await askForServer(server.socket);
  const admin = new Client({ connectionString: url });
  await admin.connect();
  const { rows } = await admin.query<{ server_version: string }>("SHOW server_version");
  return {
    version: rows[0]?.server_version ?? "unknown",
    createDatabase: async () => {
      const name = `bench_${randomUUID().replaceAll("-", "")}`;
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      return {
        url: own.href,
        async [Symbol.asyncDispose]() {
          await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
          // What it leaves to be written is not the next engine's to pay for.
          await admin.query("CHECKPOINT");
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
  };
}
