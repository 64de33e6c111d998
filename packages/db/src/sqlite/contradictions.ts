import Sqlite from "better-sqlite3";
import type { Aside, SetAside } from "../aside/openAside.ts";

/** One of many could not be done, because its rows contradict each other; undoes the transaction of all. */
class Contradiction extends Error {
  override readonly name = "Contradiction";
  readonly subject: Pick<SetAside, "kind" | "id">;

  constructor(subject: Pick<SetAside, "kind" | "id">, cause: unknown) {
    super(`The rows of ${subject.kind} ${subject.id} contradict each other.`, { cause });
    this.subject = subject;
  }
}

/** The machine or a guard speaks of rows; a full disk or a lock does not. */
export function isOfRows(error: unknown): boolean {
  return !(error instanceof Sqlite.SqliteError) || error.code.startsWith("SQLITE_CONSTRAINT");
}

/** Does the part of a command that is about one of many. */
export function about<T>(subject: Pick<SetAside, "kind" | "id">, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isOfRows(error) && !(error instanceof Contradiction) ? new Contradiction(subject, error) : error;
  }
}

/** More of them are left to the next time: one call does not go on for ever. */
const AT_ONCE = 100;

/**
 * A transaction that goes through many: done again without what it could not do. Done again first with all of them
 * (`again`), so that it can leave alone what only came along.
 */
export async function withoutContradictions<T>(
  aside: Aside,
  during: SetAside["during"],
  work: (again: boolean) => Promise<T>,
): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await work(tried > 0);
    } catch (error) {
      if (!(error instanceof Contradiction)) throw error;
      if (tried > 0) aside.put({ ...error.subject, during, error: error.cause });
      if (tried === AT_ONCE) throw error;
    }
  }
}
