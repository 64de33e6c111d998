import { keyOf } from "./copiedTables.ts";
import { ROWS_AT_ONCE } from "./copyRows.ts";
import { MoveRefused } from "./MoveRefused.ts";
import type { CopiedTable } from "./copiedTables.ts";
import type { RowWork } from "./copyRows.ts";

/** Reads every row of a table on both sides and compares every value. Throws `MoveRefused`, naming the first that differs. */
export async function compareRows({ source, target, progress }: RowWork, table: CopiedTable): Promise<number> {
  const [total, there] = [source.count(table), await target.count(table)];
  if (there !== total) throw differs(table, `has ${total} rows here and ${there} there`);
  let after: readonly unknown[] | null = null;
  for (let done = 0; ;) {
    progress({ table: table.name, done, total });
    const page: { readonly after: readonly unknown[] | null; readonly limit: number } = { after, limit: ROWS_AT_ONCE };
    const [rows, copies] = [source.rows(table, page), await target.rows(table, page)];
    for (const [at, row] of rows.entries()) {
      const copy = copies[at];
      const key = keyOf(table, row).join(" ");
      if (copy === undefined) throw differs(table, `lacks ${key} there`);
      const column = row.findIndex((value, place) => value !== copy[place]);
      if (column >= 0) throw differs(table, `has another ${table.columns[column]?.name} in ${key}`);
    }
    const last = rows.at(-1);
    if (last === undefined) return done;
    after = keyOf(table, last);
    done += rows.length;
  }
}

function differs({ name }: CopiedTable, how: string): MoveRefused {
  return new MoveRefused(
    `The copy is not what the studio has: the table ${name} ${how}. One of the two databases was changed by hand while it was ` +
      "copied. Make the database of the first argument anew (dropdb, createdb), and run the same command again.",
  );
}
