import { Client } from "pg";
import { given } from "../postgres/columns.ts";
import { MIGRATION_LOCK } from "../postgres/migrate.ts";
import { postgresConnection } from "../postgres/openPostgresPool.ts";
import { explainedFailure, sqlState } from "../postgres/postgresFailure.ts";
import { MIGRATIONS } from "../postgres/migrations/migrations.ts";
import { DATABASE_CLOCK } from "../postgres/Session.ts";
import { COPIED_TABLES } from "./copiedTables.ts";
import { MoveRefused } from "./MoveRefused.ts";
import { MOVING_IN, readMovingIn } from "./movingIn.ts";
import { LEDGERS } from "./WorkspaceLedger.ts";
import type { CopiedTable } from "./copiedTables.ts";
import type { MovedRow, RowsAfter } from "./openSource.ts";
import type { MovingIn } from "./movingIn.ts";
import type { WorkspaceLedger } from "./WorkspaceLedger.ts";

/** The database that a studio is moved into. Each method is one transaction: what breaks off has happened or has not. */
export interface Target {
  readonly moving: () => Promise<MovingIn | null>;
  /** Makes the tables, empty, without indexes and guards, in place of those of a move that was begun before. */
  readonly begin: (from: Pick<MovingIn, "boot" | "storage">) => Promise<void>;
  /** Media goes elsewhere than it did: all of it once more. */
  readonly beginMedia: (storage: string) => Promise<void>;
  readonly noteMedia: (done: Pick<MovingIn, "mediaAfter" | "mediaFiles" | "mediaBytes">) => Promise<void>;
  readonly count: (table: CopiedTable) => Promise<number>;
  /** The key of a table's last row: rows come in the order of their keys, so all before it are there. */
  readonly lastKey: (table: CopiedTable) => Promise<readonly unknown[] | null>;
  readonly insert: (table: CopiedTable, rows: readonly MovedRow[]) => Promise<void>;
  readonly rows: (table: CopiedTable, page: RowsAfter) => Promise<readonly MovedRow[]>;
  readonly ledgers: () => Promise<readonly WorkspaceLedger[]>;
  /** Makes indexes and guards, and says that the studio is whole: from then on it may be started. */
  readonly finish: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Any number that no other program on this database takes, and another than those of the schema and the feed. */
const MOVING_LOCK = "8243107338930713206";

/** Made before the rows come; everything else (indexes, guards) when all are there, whole and at once. */
const isTable = (statement: string): boolean => /^\s*(CREATE|ALTER) TABLE\b/i.test(statement);

const statements = (): readonly string[] => MIGRATIONS.flatMap((migration) => migration());

/** Throws `MoveRefused` when it cannot be reached, already holds a studio, or another is being moved there. */
export async function openTarget(url: string): Promise<Target> {
  const client = clientOf(url);
  // The loss of the connection is told by the statement that waits.
  client.on("error", () => {});
  try {
    await client.connect();
    await refuseUnusable(client);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw refusalOf(error, url);
  }

  async function rows<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    try {
      return (await client.query({ text: sql, values: [...values] })).rows as Row[];
    } catch (error) {
      throw explainedFailure(error);
    }
  }

  async function rowsInOrder(sql: string, values: readonly unknown[]): Promise<readonly MovedRow[]> {
    try {
      return (await client.query({ text: sql, values: [...values], rowMode: "array" })).rows;
    } catch (error) {
      throw explainedFailure(error);
    }
  }

  async function transaction(work: () => Promise<void>): Promise<void> {
    try {
      await client.query("BEGIN");
      // Whoever opens the database as a studio meanwhile waits, and then finds it as it is.
      await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      await work();
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw refusalOf(explainedFailure(error), url);
    }
  }

  return {
    moving: () => readMovingIn(client),
    begin: ({ boot, storage }) =>
      transaction(async () => {
        if ((await readMovingIn(client)) === null) await refuseStudio(client);
        await client.query(
          `DROP TABLE IF EXISTS ${["moving_in", ...COPIED_TABLES.map(({ name }) => name)].join(", ")}`,
        );
        for (const statement of statements().filter(isTable)) await client.query(statement);
        await client.query(MOVING_IN);
        await client.query(
          `INSERT INTO moving_in (boot, schema, storage, media_files, media_bytes, began_at)
           VALUES ($1, $2, $3, 0, 0, ${DATABASE_CLOCK})`,
          [boot, MIGRATIONS.length, storage],
        );
      }),
    beginMedia: async (storage) =>
      void (await rows("UPDATE moving_in SET storage = $1, media_after = NULL, media_files = 0, media_bytes = 0", [
        storage,
      ])),
    noteMedia: async ({ mediaAfter, mediaFiles, mediaBytes }) =>
      void (await rows("UPDATE moving_in SET media_after = $1, media_files = $2, media_bytes = $3", [
        mediaAfter,
        mediaFiles,
        mediaBytes,
      ])),
    count: async ({ name }) => (await rows<{ count: number }>(`SELECT count(*) FROM ${name}`))[0]?.count ?? 0,
    lastKey: async ({ name, key }) => {
      const backwards = key.map((column) => `${column} DESC`).join(", ");
      const [last] = await rowsInOrder(`SELECT ${key.join(", ")} FROM ${name} ORDER BY ${backwards} LIMIT 1`, []);
      return last ?? null;
    },
    insert: async (table, moved) => {
      const records = moved.map((row) => Object.fromEntries(table.columns.map(({ name }, at) => [name, row[at]])));
      await rows(insertSql(table), [JSON.stringify(records)]);
    },
    rows: (table, { after, limit }) => rowsInOrder(rowsSql(table, after?.length ?? 0), [...(after ?? []), limit]),
    ledgers: () => rows<WorkspaceLedger>(LEDGERS),
    finish: () =>
      transaction(async () => {
        for (const statement of statements().filter((one) => !isTable(one))) await client.query(statement);
        // The next line of the ledger comes behind the last that was copied.
        await client.query(
          "SELECT setval(pg_get_serial_sequence('credit_entry', 'id'), COALESCE(max(id), 1), max(id) IS NOT NULL) FROM credit_entry",
        );
        await client.query("CREATE TABLE schema_version (version integer NOT NULL)");
        await client.query(`INSERT INTO schema_version (version) VALUES (${MIGRATIONS.length})`);
        await client.query(`UPDATE moving_in SET ended_at = ${DATABASE_CLOCK}`);
        // Until then its planner would take every table for an empty one.
        await client.query("ANALYZE");
      }),
    close: () => client.end().catch(() => undefined),
  };
}

function clientOf(url: string): Client {
  try {
    return new Client({
      ...postgresConnection({ url, applicationName: "reelstate migrate" }),
      // An index over a million rows takes as long as it takes.
      query_timeout: 0,
      statement_timeout: 0,
      lock_timeout: 0,
      idle_in_transaction_session_timeout: 0,
    });
  } catch (cause) {
    // The driver reads the files that an address names, as sslrootcert.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MoveRefused(`The first argument cannot be used: ${why}.`, { cause });
  }
}

/** JSON comes as the text that it is, and stays that text. */
function insertSql({ name, columns }: CopiedTable): string {
  const texts = columns.map((column) => ({
    property: column.name,
    name: column.name,
    type: column.type === "json" ? "text" : column.type,
  }));
  const values = columns.map((column) => `r."${column.name}"${column.type === "json" ? "::json" : ""}`).join(", ");
  return `INSERT INTO ${name} (${columns.map((column) => column.name).join(", ")}) SELECT ${values} FROM ${given("$1", texts)}`;
}

function rowsSql({ name, columns, key }: CopiedTable, behind: number): string {
  const read = columns.map((column) => (column.type === "json" ? `${column.name}::text` : column.name)).join(", ");
  const where = behind === 0 ? "" : `WHERE (${key.join(", ")}) > (${key.map((_, at) => `$${at + 1}`).join(", ")})`;
  return `SELECT ${read} FROM ${name} ${where} ORDER BY ${key.join(", ")} LIMIT $${behind + 1}`;
}

async function refuseUnusable(client: Client): Promise<void> {
  const locked = await client.query<{ mine: boolean; encoding: string; schema: string | null }>(
    `SELECT pg_try_advisory_lock(${MOVING_LOCK}) AS mine, getdatabaseencoding() AS encoding, current_schema() AS schema`,
  );
  const { mine = false, encoding = "", schema = null } = locked.rows[0] ?? {};
  if (schema === null)
    throw new MoveRefused(
      "The first argument names a database without a schema to make tables in: CREATE SCHEMA public.",
    );
  if (encoding !== "UTF8")
    throw new MoveRefused(
      `The first argument names a database that keeps ${encoding}. Name one that keeps every language: CREATE DATABASE … ENCODING 'UTF8'.`,
    );
  if (!mine)
    throw new MoveRefused("A studio is being moved into this database at this moment. Wait until that has ended.");
  if ((await readMovingIn(client)) === null) await refuseStudio(client);
}

async function refuseStudio(client: Client): Promise<void> {
  const names = ["schema_version", "moving_in", ...COPIED_TABLES.map(({ name }) => name)];
  const { rows } = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename = ANY($1) ORDER BY 1",
    [names],
  );
  if (rows.length === 0) return;
  throw new MoveRefused(
    `The first argument names a database that already holds a studio, or other tables of these names (${rows.map(({ name }) => name).join(", ")}). ` +
      "Name an empty one (createdb): two studios cannot become one. Nothing was changed.",
  );
}

/** What a server says of whoever may not come in, in words that name what to change; never the address, which has a password. */
function refusalOf(error: unknown, url: string): unknown {
  const { hostname, port, pathname, username } = new URL(url);
  const server = `${hostname === "" ? "localhost" : hostname}:${port === "" ? "5432" : port}`;
  const database = decodeURIComponent(pathname.slice(1) || username);
  const words = refusals({ server, database })[sqlState(error)];
  if (words !== undefined) return new MoveRefused(words, { cause: error });
  const explained = explainedFailure(error);
  if (!(explained instanceof Error) || explained.name !== "StoreUnavailable") return explained;
  return new MoveRefused(
    `The PostgreSQL server of the first argument, ${server}, does not answer or ended the connection. See that it runs and can be ` +
      "reached from here, then run the same command again: it goes on where it was.",
    { cause: error },
  );
}

function refusals({
  server,
  database,
}: {
  readonly server: string;
  readonly database: string;
}): Record<string, string> {
  const denied = `The server ${server} does not take the user or the password of the first argument. Correct them there (encode what is special in the password, as %40 for @), or the password in PGPASSWORD.`;
  return {
    "28P01": denied,
    "28000": denied,
    "3D000": `There is no database "${database}" on ${server}. Create it (createdb ${database}), or name another as the first argument.`,
    "42501": `The user of the first argument may not make tables in "${database}". As its owner: GRANT CREATE ON SCHEMA public TO that user.`,
    "25006": `The server ${server} of the first argument is only for reading (a standby). Name the one that is written to.`,
  };
}
