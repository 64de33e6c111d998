import type { Database, Statement } from "better-sqlite3";

/** Columns by the property that holds them, in a fixed order. */
export type Columns = readonly (readonly [property: string, column: string])[];

/**
 * Writes of a row that set only what changed: SQLite rewrites every index that a column in SET belongs to, changed or
 * not. One statement is kept for each set of columns, of which a life has a dozen.
 */
export function prepareUpdate(db: Database, table: string, columns: Columns, where: string) {
  const prepared = new Map<string, Statement>();

  /** How many rows were written; `key` fills the question marks of the condition. */
  return (before: object, after: object, key: readonly unknown[]): number => {
    const old = before as Readonly<Record<string, unknown>>;
    const now = after as Readonly<Record<string, unknown>>;
    const changed: string[] = [];
    const values: unknown[] = [];
    for (const [property, column] of columns) {
      if (old[property] === now[property]) continue;
      changed.push(column);
      values.push(typeof now[property] === "boolean" ? Number(now[property]) : now[property]);
    }
    const names = changed.join(" = ?, ");
    if (names === "") throw new Error(`Nothing of this ${table} changed.`);
    let statement = prepared.get(names);
    if (statement === undefined) {
      statement = db.prepare(`UPDATE ${table} SET ${names} = ? WHERE ${where}`);
      prepared.set(names, statement);
    }
    return statement.run(...values, ...key).changes;
  };
}
