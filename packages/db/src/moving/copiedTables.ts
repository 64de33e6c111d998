import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import * as schema from "../postgres/schema.ts";

export interface CopiedColumn {
  readonly name: string;
  /** PostgreSQL's word for what it holds. */
  readonly type: string;
}

export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly CopiedColumn[];
  /** The columns of its primary key, by which it is walked: both databases order them alike, byte by byte. */
  readonly key: readonly string[];
}

/** Every table of the schema, those that others refer to first. What is added to the schema is copied too. */
export const COPIED_TABLES: readonly CopiedTable[] = parentsFirst(
  Object.values(schema).filter((one) => one instanceof PgTable),
).map(toCopied);

/** An index on a row's place in a table: the values of its key. */
export function keyOf({ columns, key }: CopiedTable, row: readonly unknown[]): readonly unknown[] {
  return key.map((name) => row[columns.findIndex((column) => column.name === name)]);
}

function parentsFirst(tables: readonly PgTable[]): readonly PgTable[] {
  const sorted = new Set<PgTable>();
  const add = (table: PgTable): void => {
    for (const { reference } of getTableConfig(table).foreignKeys) {
      const parent = reference().foreignTable;
      if (parent !== table && !sorted.has(parent)) add(parent);
    }
    sorted.add(table);
  };
  for (const table of tables) add(table);
  return [...sorted];
}

function toCopied(table: PgTable): CopiedTable {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const [whole] = primaryKeys;
  const key = whole?.columns ?? columns.filter(({ primary }) => primary);
  return {
    name,
    columns: columns.map((column) => ({ name: column.name, type: column.getSQLType() })),
    key: key.map((column) => column.name),
  };
}
