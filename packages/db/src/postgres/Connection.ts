import { sqlState } from "./postgresFailure.ts";
import type { ClientBase, QueryResult } from "pg";

/**
 * One connection, as commands and reads see it. Statements asked for without waiting travel together (pg's pipeline) and run in
 * the order in which they were asked for; where one fails inside a transaction, those behind it fail with the same error.
 */
export interface Connection {
  readonly rows: <Row>(sql: string, ...values: readonly unknown[]) => Promise<readonly Row[]>;
  /** How many rows a write wrote. */
  readonly run: (sql: string, ...values: readonly unknown[]) => Promise<number>;
}

/** Beyond this many texts none is prepared any more: a text that differs each time would fill the server's memory. */
const PREPARED_AT_MOST = 400;
/** All that the server says of the statements behind one that failed. */
const TRANSACTION_ABORTED = "25P02";

/** Statements are prepared on the server when they are first used, under a name that their text has in this process. */
const names = new Map<string, string>();

export function connectionOver(client: ClientBase): Connection {
  let failed: { readonly error: unknown } | null = null;

  async function query(text: string, values: readonly unknown[]): Promise<QueryResult> {
    const name = nameOf(text);
    try {
      return await client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
    } catch (error) {
      failed = failed !== null && sqlState(error) === TRANSACTION_ABORTED ? failed : { error };
      throw failed.error;
    }
  }

  return {
    rows: async <Row>(sql: string, ...values: readonly unknown[]) => (await query(sql, values)).rows as Row[],
    run: async (sql, ...values) => (await query(sql, values)).rowCount ?? 0,
  };
}

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= PREPARED_AT_MOST) return known;
  const name = `reelstate_${names.size}`;
  names.set(text, name);
  return name;
}
