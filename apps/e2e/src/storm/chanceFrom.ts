/** Chance from a seed, so that a storm can be asked for again: mulberry32, by Tommy Ettinger. */
export interface Chance {
  /** From [0, 1). */
  readonly next: () => number;
  readonly between: (low: number, high: number) => number;
  readonly happens: (share: number) => boolean;
  readonly oneOf: <T>(things: readonly T[]) => T;
}

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => Math.floor(low + next() * (high - low)),
    happens: (share) => next() < share,
    oneOf: (things) => {
      const thing = things[Math.floor(next() * things.length)];
      if (thing === undefined) throw new Error("There is nothing to choose from.");
      return thing;
    },
  };
}
