import type { Chance } from "./chanceFrom.ts";

/** Goes through all of them again and again, in an order of chance. */
export function inTurn<T>(makers: readonly ((chance: Chance) => T)[], chance: Chance): () => T {
  let left: readonly ((chance: Chance) => T)[] = [];
  return () => {
    if (left.length === 0) left = makers;
    const make = chance.oneOf(left);
    left = left.filter((other) => other !== make);
    return make(chance);
  };
}
