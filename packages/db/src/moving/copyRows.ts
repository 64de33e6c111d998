import { keyOf } from "./copiedTables.ts";
import type { CopiedTable } from "./copiedTables.ts";
import type { Source } from "./openSource.ts";
import type { Target } from "./openTarget.ts";

/** How far a table is. */
export interface TableProgress {
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export interface RowWork {
  readonly source: Source;
  readonly target: Target;
  readonly progress: (progress: TableProgress) => void;
}

/** A piece of a few megabytes at most: what is copied at once is in memory. */
export const ROWS_AT_ONCE = 1_000;

/** Copies what is not there yet of a table, in the order of its keys, and gives how many rows that was. */
export async function copyRows({ source, target, progress }: RowWork, table: CopiedTable): Promise<number> {
  const total = source.count(table);
  let after = await target.lastKey(table);
  let done = after === null ? 0 : await target.count(table);
  let copied = 0;
  for (;;) {
    progress({ table: table.name, done, total });
    const rows = source.rows(table, { after, limit: ROWS_AT_ONCE });
    const last = rows.at(-1);
    if (last === undefined) return copied;
    await target.insert(table, rows);
    after = keyOf(table, last);
    done += rows.length;
    copied += rows.length;
  }
}
