import { getTableColumns } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/** A table's columns for a SELECT, each under the name of its property, so that a row is a record. */
export function recordColumns(table: PgTable, alias?: string): string {
  return Object.entries(getTableColumns(table))
    .map(([property, { name }]) => `${alias === undefined ? "" : `${alias}.`}${name} AS "${property}"`)
    .join(", ");
}

/** The same for one of several tables in a join, where every name begins with `part`. */
export function partColumns(table: PgTable, alias: string, part: string): string {
  return Object.entries(getTableColumns(table))
    .map(([property, { name }]) => `${alias}.${name} AS "${part}.${property}"`)
    .join(", ");
}

/** Takes one table's record out of a joined row. */
export function partOf(table: PgTable, part: string): <T>(row: Readonly<Record<string, unknown>>) => T {
  const names = Object.keys(getTableColumns(table)).map((property) => [property, `${part}.${property}`] as const);
  return <T>(row: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(names.map(([property, name]) => [property, row[name]])) as T;
}
