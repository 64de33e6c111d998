import { DatabaseDamaged } from "../DatabaseDamaged.ts";
import { schemaDamage } from "./schemaDamage.ts";
import type { Database } from "better-sqlite3";

/** Prepares statements; when that fails and a table is not as it should be, throws `DatabaseDamaged`, which names it. */
export function preparedOn<T>(db: Database, file: string, prepare: (db: Database) => T): T {
  try {
    return prepare(db);
  } catch (error) {
    const tables = schemaDamage(db).flatMap(({ type, name }) => (type === "table" ? [name] : []));
    throw error instanceof Error && tables.length > 0 ? new DatabaseDamaged(file, tables, { cause: error }) : error;
  }
}
