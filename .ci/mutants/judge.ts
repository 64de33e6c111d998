/** An error of a failed test, as far as it says how the test turned red. */
export interface TestFault {
  readonly name: string;
  readonly message: string;
}

/**
 * How a test turned red. Only the first two show that somebody looked: an assertion said no, or something that guards the
 * rules at run time did (a trigger or a constraint of the tables, the invariants that a test studio asks for at its end).
 * A crash may be the mutant's own clumsiness, and a wait that nothing came of tells nothing about what was waited for.
 */
export type Red = "assertion" | "invariant" | "wait" | "crash";

export function judge(faults: readonly TestFault[]): Red {
  const kinds = new Set(faults.map(kindOf));
  return (["assertion", "invariant", "wait"] as const).find((kind) => kinds.has(kind)) ?? "crash";
}

export function kills(red: Red): boolean {
  return red === "assertion" || red === "invariant";
}

/** fast-check wraps the assertion that its counterexample met, and says so. */
const ASSERTION = /\bAssertionError\b/;
const INVARIANT =
  /^reelstate: |constraint failed|^The database does not hold|rows contradict each other|it must be held/;
const WAIT = /timed out in \d+ms|[Ww]aited|^Heard only|^It did not end/;

function kindOf({ name, message }: TestFault): Red {
  if (name === "AssertionError" || ASSERTION.test(message)) return "assertion";
  if (name === "RowMoved" || INVARIANT.test(message)) return "invariant";
  return WAIT.test(message) ? "wait" : "crash";
}
