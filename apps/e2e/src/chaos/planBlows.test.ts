import { expect, it } from "vitest";
import { planBlows, ROUND_OF_BLOWS } from "./planBlows.ts";
import type { Blow } from "./planBlows.ts";

function first(seed: number, count: number): readonly Blow[] {
  const plan = planBlows(seed, { apis: 2, workers: 3 });
  return Array.from({ length: count }, () => plan.next().value);
}

it("a seed stands for its blows, and each round has every kind", () => {
  expect(first(7, 40)).toEqual(first(7, 40));
  expect(first(7, 40)).not.toEqual(first(8, 40));
  for (const seed of [1, 2, 3]) {
    const round = first(seed, ROUND_OF_BLOWS * 2).slice(ROUND_OF_BLOWS);
    expect(new Set(round.map(({ kind }) => kind)).size).toBe(5);
  }
});
