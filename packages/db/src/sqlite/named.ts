import type { Database, RunResult, Statement } from "better-sqlite3";

export interface Named {
  /** Takes each value from the property with its name. */
  readonly run: (row: object) => RunResult;
}

/**
 * A write whose SQL names its values and whose driver counts them: this driver looks up each name of an object through
 * three calls, which makes a row of twenty columns cost more than the database does. A name that is missing is a bug.
 */
export function named(db: Database, sql: string): Named {
  const names: string[] = [];
  const counted = sql.replace(/@(\w+)/g, (_match, name: string) => {
    names.push(name);
    return "?";
  });
  const statement: Statement = db.prepare(counted);
  const bound = Array.from<unknown>({ length: names.length });
  return {
    run: (row) => {
      const values = row as Readonly<Record<string, unknown>>;
      for (let at = 0; at < names.length; at += 1) {
        const value = values[names[at] ?? ""];
        if (value === undefined) throw new TypeError(`The statement needs a value for @${names[at]}.`);
        bound[at] = value;
      }
      return statement.run(...bound);
    },
  };
}
