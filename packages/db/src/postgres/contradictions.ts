import { StoreUnavailable } from "../StoreUnavailable.ts";
import { sqlState } from "./postgresFailure.ts";
import type { Aside, SetAside } from "../aside/openAside.ts";

/** The machine, a guard, a key or a check speaks of rows; a lost connection, a full disk or a missing table does not. */
export function isOfRows(error: unknown): boolean {
  return !(error instanceof StoreUnavailable) && /^$|^(22|23|P0)/.test(sqlState(error));
}

/** Done for all at once; where the database refuses that, for each by itself, and what it refuses is set aside. */
export async function eachByItself<T extends string>(
  aside: Aside,
  { kind, during, ids }: Pick<SetAside, "kind" | "during"> & { readonly ids: readonly T[] },
  work: (ids: readonly T[]) => Promise<number>,
): Promise<number> {
  if (ids.length === 0) return 0;
  try {
    return await work(ids);
  } catch (error) {
    if (!isOfRows(error)) throw error;
    const [id] = ids;
    if (ids.length === 1 && id !== undefined) {
      aside.put({ kind, id, during, error });
      return 0;
    }
  }
  let done = 0;
  for (const id of ids) done += await eachByItself(aside, { kind, during, ids: [id] }, work);
  return done;
}
