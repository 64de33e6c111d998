import { getTableColumns } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/** A column by the property that holds its value. */
export interface Column {
  readonly property: string;
  readonly name: string;
  readonly type: string;
}

export function columnsOf(table: PgTable): readonly Column[] {
  return Object.entries(getTableColumns(table)).map(([property, column]) => ({
    property,
    name: column.name,
    type: column.getSQLType(),
  }));
}

/** What a SELECT names to read whole rows by their properties. */
export function selected(columns: readonly Column[], of: string): string {
  return columns.map(({ property, name }) => `${of}.${name} AS "${property}"`).join(", ");
}

/** Rows that come as one JSON value, so that any number of them costs one statement: `FROM given($1) AS r`. */
export function given(parameter: string, columns: readonly Column[]): string {
  return `json_to_recordset(${parameter}::json) AS r(${columns.map(({ property, type }) => `"${property}" ${type}`).join(", ")})`;
}

export function inserting(table: string, columns: readonly Column[]): string {
  return `INSERT INTO ${table} (${columns.map(({ name }) => name).join(", ")})
    SELECT ${columns.map(({ property }) => `r."${property}"`).join(", ")} FROM ${given("$1", columns)}`;
}

/**
 * Each of these rows as it shall be, where it still is as it was: `was` names columns whose old values come as `was_…`. The keys are
 * given once more by themselves, `$2`, so that they are looked up in the index however the planner thinks of JSON.
 */
export function updating(
  table: string,
  columns: readonly Column[],
  { key, was, set }: { readonly key: string; readonly was: readonly string[]; readonly set: readonly string[] },
): string {
  const of = (property: string): Column => {
    const found = columns.find((column) => column.property === property);
    if (found === undefined) throw new Error(`The table ${table} has no ${property}.`);
    return found;
  };
  const written = set.map(of);
  const old = was.map(of).map((column) => ({ ...column, property: `was_${column.property}` }));
  const unchanged = old.map(({ property, name }) => ` AND t.${name} IS NOT DISTINCT FROM r."${property}"`).join("");
  return `UPDATE ${table} AS t SET ${written.map(({ property, name }) => `${name} = r."${property}"`).join(", ")}
    FROM ${given("$1", [of(key), ...written, ...old])} WHERE t.${of(key).name} = ANY($2) AND t.${of(key).name} = r."${key}"${unchanged}`;
}
