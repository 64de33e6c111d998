import { drawFrom } from "./drawFrom.ts";
import type { Cast } from "../playCast.ts";
import type { SeededCast } from "./playStoppedCasts.ts";

/** So many triples stand for the hundred thousand ways to choose and to stop them. */
const TRIPLES = 500;

/** Every pair with each of these seeds, and of all triples as many as there is time for, drawn by number. */
export function stoppedCasts(casts: readonly Cast[], seeds: readonly number[]): readonly SeededCast[] {
  const ofSize = (size: number): readonly Cast[] => casts.filter(({ actors }) => actors.length === size);
  return [...withEach(ofSize(2), seeds), ...drawn(ofSize(3), TRIPLES)];
}

export function withEach(casts: readonly Cast[], seeds: readonly number[]): readonly SeededCast[] {
  return casts.flatMap((cast) => seeds.map((seed) => ({ cast, seed })));
}

/** Whatever else is played, the same ones: each with a seed of its own. */
export function drawn(casts: readonly Cast[], count: number): readonly SeededCast[] {
  return seedsUpTo(count).flatMap((seed) => {
    const cast = casts[drawFrom(`cast ${seed}`, casts.length)];
    return cast === undefined ? [] : [{ cast, seed }];
  });
}

export function seedsUpTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}
