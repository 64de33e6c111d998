import type { Desk } from "./Desk.ts";

/**
 * A desk on which an end brings nothing else about: what waits for it is left to the sweep. For the second try of a command that
 * failed, so that a job whose dependant's rows contradict each other can end.
 */
export function leavingDependants(desk: Desk): Desk {
  return { ...desk, dependantsOf: () => [] };
}
