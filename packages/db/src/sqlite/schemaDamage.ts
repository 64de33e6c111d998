import Sqlite from "better-sqlite3";
import { migrate } from "./migrate.ts";
import type { Database } from "better-sqlite3";

/** A table, index or trigger that is not in the file as this program's migrations make it. */
interface SchemaDamage {
  readonly type: "table" | "index" | "trigger";
  readonly name: string;
  /** What makes it as it should be. */
  readonly sql: string;
}

const OBJECTS =
  "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name";

/** What the file lacks or has otherwise: without its guards a database believes everything (J8). */
export function schemaDamage(db: Database): readonly SchemaDamage[] {
  const found = new Map(objects(db).map(({ name, sql }) => [name, sql]));
  return wanted().filter(({ name, sql }) => found.get(name) !== sql);
}

/** Puts a guard or an index back; a table that is not as it should be is beyond this. */
export function mendSchema(db: Database, name: string): boolean {
  const damage = schemaDamage(db).find((one) => one.name === name);
  if (damage === undefined || damage.type === "table") return false;
  db.exec(`DROP ${damage.type.toUpperCase()} IF EXISTS "${name}"`);
  db.exec(damage.sql);
  return true;
}

function wanted(): readonly SchemaDamage[] {
  const model = new Sqlite(":memory:");
  try {
    migrate(model);
    return objects(model);
  } finally {
    model.close();
  }
}

function objects(db: Database): readonly SchemaDamage[] {
  return db.prepare(OBJECTS).all() as SchemaDamage[];
}
