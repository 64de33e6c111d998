/** Seeded chance: the same seed draws the same, whatever the machine. */
export interface Chance {
  /** From 0 (included) to 1 (excluded). */
  readonly draw: () => number;
  readonly happens: (odds: number) => boolean;
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
  readonly pick: <T>(among: readonly T[]) => T;
  /** Another stream, so that what one part draws does not move what another draws. */
  readonly fork: () => Chance;
}

/** sfc32 by Chris Doty-Humphrey (PractRand): small, fast, and passes its author's tests. */
export function createChance(seed: number): Chance {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round += 1) next();
  const draw = (): number => next() / 4_294_967_296;
  const between = (low: number, high: number): number => low + Math.floor(draw() * (high - low + 1));
  return {
    draw,
    between,
    happens: (odds) => draw() < odds,
    pick: <T>(among: readonly T[]): T => {
      if (among.length === 0) throw new Error("There is nothing to pick from.");
      return among[between(0, among.length - 1)] as T;
    },
    fork: () => createChance(next()),
  };
}
