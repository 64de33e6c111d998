import { DatabaseTooNew } from "../DatabaseTooNew.ts";
import { DatabaseTooOld } from "../DatabaseTooOld.ts";
import { MoveUnfinished, readMovingIn } from "../moving/movingIn.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import type { ClientBase } from "pg";

/** Any number that no other program on this database takes: "reelstate" as far as eight bytes hold it. */
export const MIGRATION_LOCK = "8243107338930713204";

/**
 * Brings the database to this program's schema: all missing migrations in one transaction. Of the processes that start at one
 * moment one does it while the others wait, and find it done. Throws `DatabaseTooNew` before anything is changed.
 */
export async function migratePostgres(client: ClientBase): Promise<void> {
  if ((await schemaVersion(client)) === MIGRATIONS.length) return;
  await client.query("BEGIN");
  try {
    // The longest wait is for another's migration, and however long that takes it has to be waited for.
    await client.query("SET LOCAL lock_timeout = 0");
    await client.query("SET LOCAL statement_timeout = 0");
    await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    // Asked again under the lock: another process may have been faster.
    const applied = await schemaVersion(client);
    for (const migration of MIGRATIONS.slice(applied))
      for (const statement of migration()) await client.query(statement);
    if (applied === 0) await client.query("CREATE TABLE schema_version (version integer NOT NULL)");
    await client.query("DELETE FROM schema_version");
    await client.query(`INSERT INTO schema_version (version) VALUES (${MIGRATIONS.length})`);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Throws when the database is not of exactly this program's schema, for those who may only look. */
export async function refuseOtherPostgres(client: ClientBase): Promise<void> {
  const found = await schemaVersion(client);
  if (found < MIGRATIONS.length) throw new DatabaseTooOld("The database");
}

/** How many migrations were applied; 0 for an empty database. Throws `MoveUnfinished` for one that is being moved into. */
async function schemaVersion(client: ClientBase): Promise<number> {
  const known = MIGRATIONS.length;
  // Not `to_regclass`, which remembers what was not there when it was last asked, also past the wait for a lock.
  const there = await client.query(
    "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'",
  );
  if (there.rowCount === 0) {
    if ((await readMovingIn(client)) !== null) throw new MoveUnfinished();
    return 0;
  }
  const { rows } = await client.query<{ name: string; version: number }>(
    "SELECT current_database() AS name, version FROM schema_version",
  );
  const { name = "", version: found = 0 } = rows[0] ?? {};
  if (found > known)
    throw new DatabaseTooNew(name, { found, known, instead: "point DATABASE_URL at another database" });
  return found;
}
