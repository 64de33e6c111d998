import { drizzle } from "drizzle-orm/better-sqlite3";
import { preparedOn } from "./preparedOn.ts";
import { prepareInvariants } from "./prepareInvariants.ts";
import { prepareRowStatements } from "./rowStatements.ts";
import { prepareSlotStatements } from "./slots/slotStatements.ts";
import { prepareStatements } from "./statements.ts";
import type { Database } from "better-sqlite3";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { ListReads } from "./reads/listAssets.ts";
import type { RowStatements } from "./rowStatements.ts";
import type { SlotStatements } from "./slots/slotStatements.ts";
import type { Statements } from "./statements.ts";

export interface PreparedConnection {
  readonly orm: BetterSQLite3Database;
  readonly sql: Statements;
  readonly row: RowStatements;
  readonly lists: ListReads;
  readonly slot: SlotStatements;
  readonly invariants: ReturnType<typeof prepareInvariants>;
}

const known = new WeakMap<Database, PreparedConnection>();

/** A connection's statements, prepared once however many stores follow each other on it. Throws `DatabaseDamaged`. */
export function prepareConnection(db: Database, file: string): PreparedConnection {
  const found = known.get(db);
  if (found !== undefined) return found;
  const prepared = preparedOn(db, file, prepareAll);
  known.set(db, prepared);
  return prepared;
}

function prepareAll(db: Database): PreparedConnection {
  return {
    orm: drizzle({ client: db }),
    sql: prepareStatements(db),
    row: prepareRowStatements(db),
    lists: new Map(),
    slot: prepareSlotStatements(db),
    invariants: prepareInvariants(db),
  };
}
