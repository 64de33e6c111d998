import { MIGRATIONS } from "../migrations/migrations.ts";
import { sqlState } from "../postgresFailure.ts";
import type { Connection } from "../Connection.ts";

/** A table, index or trigger that is not in the database as this program's migrations make it. */
export interface SchemaDamage {
  readonly type: "table" | "index" | "trigger";
  readonly name: string;
  /** What makes it as it should be. */
  readonly sql: string;
}

/** Where a whole database of this program's is made to compare with; it is gone with the transaction. */
const MODEL = "reelstate_model";

/** Every object of a schema as the server would make it again; a trigger together with the function that it calls. */
const OBJECTS = `SELECT type, name, sql FROM (
    SELECT 'trigger' AS type, t.tgname AS name, pg_get_functiondef(t.tgfoid) || ';' || pg_get_triggerdef(t.oid)
        || CASE t.tgenabled WHEN 'O' THEN '' ELSE '; -- switched off' END AS sql
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE NOT t.tgisinternal AND c.relnamespace = $1::regnamespace
    UNION ALL
    SELECT 'table', c.relname, c.relname
        || (SELECT string_agg(concat_ws(' ', ' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation,
              a.attnotnull, a.attidentity), ',' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
        || (SELECT COALESCE(string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ',' ORDER BY k.conname), '')
            FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 'n')
      FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = $1::regnamespace AND c.relname <> 'schema_version'
    UNION ALL
    SELECT 'index', c.relname, pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE '; -- invalid' END
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relnamespace = $1::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid)
  ) objects ORDER BY type DESC, name`;

/**
 * What the database lacks or has otherwise: without its guards it believes everything (J8). Inside a transaction, in which a
 * model is made and removed again; nobody else ever sees it.
 */
export async function schemaDamage(connection: Connection): Promise<readonly SchemaDamage[]> {
  const { rows, run } = connection;
  const [here] = await rows<{ readonly schema: string; readonly path: string }>(
    "SELECT current_schema() AS schema, current_setting('search_path') AS path",
  );
  if (here === undefined) throw new Error("The database did not answer.");
  await run("SAVEPOINT model");
  await run(`CREATE SCHEMA ${MODEL}`);
  // Objects of both are then written with their schema's name, which is taken away before they are compared.
  await run(`SET LOCAL search_path = ${MODEL}`);
  for (const migration of MIGRATIONS) for (const statement of migration()) await run(statement);
  await run("SET LOCAL search_path = pg_catalog");
  const wanted = await objects(connection, MODEL);
  const found = await objects(connection, here.schema);
  await run("ROLLBACK TO SAVEPOINT model");
  const inPlace = new Map(found.map(({ type, name, sql }) => [`${type} ${name}`, sql]));
  return wanted.filter(({ type, name, sql }) => inPlace.get(`${type} ${name}`) !== sql);
}

/** Puts a guard or an index back; a table that is not as it should be is beyond this. False: nothing was changed. */
export async function mendSchema(connection: Connection, damage: SchemaDamage): Promise<boolean> {
  const { run } = connection;
  const { type, name, sql } = damage;
  if (type === "table") return false;
  const on = / ON (\w+)/.exec(sql)?.[1] ?? "";
  await run("SAVEPOINT mend");
  try {
    await run(type === "index" ? `DROP INDEX IF EXISTS ${name}` : `DROP TRIGGER IF EXISTS ${name} ON ${on}`);
    for (const statement of type === "index" ? [sql] : sql.split(/;(?=CREATE TRIGGER )/)) await run(statement);
    return true;
  } catch (error) {
    // What belongs to a table that is gone, or a unique index over rows that are not.
    if (!/^(23|42)/.test(sqlState(error))) throw error;
    await run("ROLLBACK TO SAVEPOINT mend");
    return false;
  }
}

async function objects({ rows }: Connection, schema: string): Promise<readonly SchemaDamage[]> {
  const found = await rows<SchemaDamage>(OBJECTS, schema);
  return found.map((one) => ({ ...one, sql: one.sql.replaceAll(`${schema}.`, "") }));
}
