/** One way to break the code, and the test that must notice. */
export interface Mutant {
  /** What is broken, in words; `--only` looks for words in it. Unique. */
  readonly name: string;
  /** The rule of SPEC.md that no longer holds; null where it is a promise to people that has no number. */
  readonly rule: string | null;
  /** The source file, from the root. */
  readonly file: string;
  /** Text that occurs in the file exactly once, so that a row can never break something else than it says. */
  readonly find: string;
  readonly replace: string;
  /** Further places of the same file that only together are one way to break it, each found exactly once. */
  readonly also?: readonly Swap[];
  /** The tests that must turn red. */
  readonly test: {
    /** A test file, from the root. */
    readonly file: string;
    /** Words in the full names (`describe` and `it`) of the tests to run. */
    readonly name: string;
  };
}

export interface Swap {
  readonly find: string;
  readonly replace: string;
}

export function swapsOf({ find, replace, also = [] }: Mutant): readonly Swap[] {
  return [{ find, replace }, ...also];
}
