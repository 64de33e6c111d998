/** How much is still free, counted down as a claim hands it out. */
export interface Room {
  /** Whether every one of these pools has a slot left. */
  readonly in: (pools: readonly string[]) => boolean;
  readonly take: (pools: readonly string[]) => void;
}

export function openRoom(
  sizes: ReadonlyMap<string, number>,
  held: readonly { readonly pool: string; readonly held: number }[],
): Room {
  const taken = new Map(held.map((row) => [row.pool, row.held]));
  const free = (pool: string): number => (sizes.get(pool) ?? 0) - (taken.get(pool) ?? 0);
  return {
    in: (pools) => pools.every((pool) => free(pool) > 0),
    take: (pools) => {
      for (const pool of pools) taken.set(pool, (taken.get(pool) ?? 0) + 1);
    },
  };
}
