import type { Database, Statement } from "better-sqlite3";

/** Columns by the property that holds them, in a fixed order. */
export type Columns = readonly (readonly [property: string, column: string])[];

/**
 * Writes of a row that set only what changed: SQLite rewrites every index that a column in SET belongs to, changed or
 * not. One statement is kept for each set of columns, of which a life has a dozen.
 */
export function prepareUpdate(db: Database, table: string, columns: Columns, where: string) {
  /** By the set of changed columns, one bit each. */
  const prepared = new Map<number, Statement>();

  function statementFor(changed: number): Statement {
    const found = prepared.get(changed);
    if (found !== undefined) return found;
    const names = columns.filter((_column, at) => (changed & (1 << at)) !== 0).map(([, column]) => `${column} = ?`);
    if (names.length === 0) throw new Error(`Nothing of this ${table} changed.`);
    const statement = db.prepare(`UPDATE ${table} SET ${names.join(", ")} WHERE ${where}`);
    prepared.set(changed, statement);
    return statement;
  }

  /** How many rows were written; `key` fills the question marks of the condition. */
  return (before: object, after: object, key: readonly unknown[]): number => {
    const old = before as Readonly<Record<string, unknown>>;
    const now = after as Readonly<Record<string, unknown>>;
    const values: unknown[] = [];
    let changed = 0;
    for (const [at, [property]] of columns.entries()) {
      const value = now[property];
      if (old[property] === value) continue;
      changed |= 1 << at;
      values.push(typeof value === "boolean" ? Number(value) : value);
    }
    return statementFor(changed).run(...values, ...key).changes;
  };
}
