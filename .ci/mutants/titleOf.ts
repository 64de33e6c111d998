import type { Mutant } from "./Mutant.ts";

/** How a mutant is told of: its rule, where it has one, and its name. */
export function titleOf({ rule, name }: Mutant): string {
  return rule === null ? name : `[${rule}] ${name}`;
}
