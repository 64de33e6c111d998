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

/**
 * Puts every guard and index back that can be, and gives their names. They hold nothing that the rows do not say, so nothing
 * can be lost by it. To be asked before statements are prepared: many name the index they walk.
 */
export function restoreSchema(db: Database): readonly string[] {
  if (schemaDamage(db).length === 0) return [];
  const restore = db.transaction(() => schemaDamage(db).filter((damage) => putBack(db, damage)));
  return restore.immediate().map(({ name }) => name);
}

/** Puts one guard or index back. */
export function mendSchema(db: Database, name: string): boolean {
  const damage = schemaDamage(db).find((one) => one.name === name);
  return damage !== undefined && putBack(db, damage);
}

/**
 * False, and nothing was changed: for a table, for what belongs to a table that is gone, and for a unique index over rows that
 * are not.
 */
function putBack(db: Database, { type, name, sql }: SchemaDamage): boolean {
  if (type === "table") return false;
  const replace = db.transaction(() => {
    db.exec(`DROP ${type.toUpperCase()} IF EXISTS "${name}"`);
    db.exec(sql);
  });
  try {
    replace();
    return true;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && /^SQLITE_(CONSTRAINT|ERROR$)/.test(error.code)) return false;
    throw error;
  }
}

let made: readonly SchemaDamage[] | null = null;

/** A whole database of this program's, made once, to compare with. */
function wanted(): readonly SchemaDamage[] {
  if (made !== null) return made;
  const model = new Sqlite(":memory:");
  try {
    migrate(model);
    return (made = objects(model));
  } finally {
    model.close();
  }
}

function objects(db: Database): readonly SchemaDamage[] {
  return db.prepare(OBJECTS).all() as SchemaDamage[];
}
