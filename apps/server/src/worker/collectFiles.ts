import type { Store } from "@reelstate/db";
import type { Storage } from "../storage/Storage.ts";

interface Deps {
  readonly store: Pick<Store, "referencedKeys">;
  readonly storage: Pick<Storage, "list" | "deleteUntouched" | "removeLeftovers">;
  readonly clock: () => number;
}

/** A file that nothing refers to yet may be about to be: its transaction comes after it. */
const UNREFERENCED_MS = 24 * 3_600_000;

/**
 * Removes files that nothing refers to and nobody has touched for a day, and gives their number (A8). Whoever is about to
 * refer to a file has put it, which touches it, and a deletion looks at that in the same step; whoever referred to it long
 * ago is seen in the rows, which are read after the listing.
 */
export async function collectFiles({ store, storage, clock }: Deps, signal: AbortSignal): Promise<number> {
  const since = clock() - UNREFERENCED_MS;
  await storage.removeLeftovers(since);
  const old: string[] = [];
  for await (const { key, modifiedAt } of storage.list()) {
    if (modifiedAt <= since) old.push(key);
  }
  const referenced = await store.referencedKeys();
  let removed = 0;
  for (const key of old) {
    if (signal.aborted) break;
    if (!referenced.has(key) && (await storage.deleteUntouched(key, since))) removed += 1;
  }
  return removed;
}
