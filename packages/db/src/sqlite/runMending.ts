import type { Database } from "better-sqlite3";
import type { Asked, Mending } from "../invariants/Mending.ts";

/** Carries a mend out at once, inside the transaction that is open. */
export function runMending<T>(db: Database, mending: Mending<T>): T {
  let step = mending.next();
  while (step.done !== true) step = mending.next(ask(db, step.value));
  return step.value;
}

function ask(db: Database, { sql, values }: Asked): readonly unknown[] {
  const statement = db.prepare(sql);
  const given = Object.fromEntries(values.map((value, index) => [index + 1, value]));
  if (statement.reader) return statement.all(given);
  statement.run(given);
  return [];
}
