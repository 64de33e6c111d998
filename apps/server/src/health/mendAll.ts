import type { Finding, Store } from "@reelstate/db";

interface Deps {
  readonly store: Pick<Store, "mend">;
  readonly inspect: () => Promise<readonly Finding[]>;
}

/** One mend may bring another to light: a card can follow its job only once it knows which that is. */
const ROUNDS = 6;

/** Mends everything that can be, each thing in a transaction of its own, and gives how many were (K1). */
export async function mendAll({ store, inspect }: Deps, signal: AbortSignal): Promise<number> {
  let mended = 0;
  for (let round = 0; round < ROUNDS && !signal.aborted; round += 1) {
    const before = mended;
    for (const finding of await inspect()) {
      if (signal.aborted) break;
      if (finding.mendable && (await store.mend(finding)) === "mended") mended += 1;
    }
    if (mended === before) break;
  }
  return mended;
}
