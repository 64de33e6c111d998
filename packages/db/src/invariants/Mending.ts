/** A statement that a mend asks for: SQL that every database reads, with `$1`, `$2` … for its values. */
export interface Asked {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/**
 * A mend as the statements it asks for, one after the other: written once, and carried out by each database in its own way,
 * at once or by waiting for a server.
 */
export type Mending<T> = Generator<Asked, T, readonly unknown[]>;

/** What a statement gives: rows of a SELECT, or of a write that is RETURNING. */
export function* rows<Row>(sql: string, ...values: readonly unknown[]): Mending<readonly Row[]> {
  return (yield { sql, values }) as readonly Row[];
}

export function* row<Row>(sql: string, ...values: readonly unknown[]): Mending<Row | undefined> {
  const [first] = yield* rows<Row>(sql, ...values);
  return first;
}
