import { connectionOver } from "./Connection.ts";
import { explainedFailure, postgresFailure, sqlState } from "./postgresFailure.ts";
import { isKeptFromGuests, SERVER_HISTORY } from "./serverHistory.ts";
import { RowMoved } from "../commands/Desk.ts";
import { StoreUnavailable } from "../StoreUnavailable.ts";
import type { Pool, PoolClient } from "pg";
import type { Connection } from "./Connection.ts";

/**
 * Whole transactions on connections of a pool. A writing one is done again, from its beginning, when another was in its way or
 * its connection was lost before COMMIT was sent; its ids are made before it, so each time it is the same. When the answer to COMMIT is
 * lost, the server is asked under the transaction's own number what became of it: nothing is done twice, and nothing that was
 * done is reported as failed. A server that took over meanwhile knows that number as another's, or not at all: then nobody knows, and
 * that is said.
 */
export interface Transactions {
  readonly write: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** Reads that all see the same moment. */
  readonly snapshot: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;
  /** Statements that each see their own moment. */
  readonly read: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;
}

export interface Transaction extends Connection {
  /** The transaction's number, from whoever has read it along with something else (`XID`); else it is asked for at the end. */
  xid: string | null;
}

/** SQL for the transaction's number. */
export const XID = "pg_current_xact_id()::text";

/** Thrown by work that has seen, under its locks, that it did not lock all it needs. */
export class Again extends Error {
  override readonly name = "Again";
}

export interface TransactionOptions {
  readonly after: (ms: number, callback: () => void) => void;
}

const TRIES = 10;
/** Of a server that has gone away: one that only dropped the connection is back at once. */
const TRIES_ON_NEW_CONNECTIONS = 3;
const FIRST_WAIT_MS = 1;
const HISTORY = `SELECT concat_ws(' ', ${SERVER_HISTORY}) AS history`;
/** Where a server does not tell: of what happened before its start it knows nothing for sure. */
const HISTORY_FOR_GUESTS = "SELECT pg_postmaster_start_time()::text AS history";
const OUTCOME_ASKED = 200;
const OUTCOME_WAIT_MS = 50;

export function openTransactions(pool: Pool, { after }: TransactionOptions): Transactions {
  // No connection outlives the history that its server writes on.
  const histories = new WeakMap<PoolClient, string>();
  const wait = (ms: number): Promise<void> => new Promise((resolve) => after(ms, resolve));

  async function on<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch(unreachable);
    let broken = true;
    try {
      const value = await work(client);
      broken = false;
      return value;
    } catch (error) {
      broken = postgresFailure(error) === "lost" || !(await rolledBack(client));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async function begun<T>(client: PoolClient, begin: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    const begins = client.query(begin);
    const [, value] = await Promise.all([begins, work(connectionOver(client))]);
    return value;
  }

  async function written<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return on(async (client) => {
      const history = await historyOf(client);
      return begun(client, "BEGIN", async (connection) => {
        const transaction: Transaction = { ...connection, xid: null };
        const value = await work(transaction);
        const xid = transaction.xid ?? (await assignedXid(connection));
        if (!(await committed(client, xid === null ? null : { xid, history })))
          throw new Again("The transaction was rolled back.");
        return value;
      });
    });
  }

  /** Asked once of each connection. */
  async function historyOf(client: PoolClient): Promise<string> {
    const known = histories.get(client);
    if (known !== undefined) return known;
    const ask = async (sql: string): Promise<string> =>
      (await client.query<{ readonly history: string }>(sql)).rows[0]?.history ?? "";
    const history = await ask(HISTORY).catch((error: unknown) => {
      if (!isKeptFromGuests(error)) throw error;
      return ask(HISTORY_FOR_GUESTS);
    });
    histories.set(client, history);
    return history;
  }

  async function committed(client: PoolClient, number: NumberIn | null): Promise<boolean> {
    try {
      return (await client.query("COMMIT")).command === "COMMIT";
    } catch (error) {
      if (postgresFailure(error) !== "lost") throw error;
      throw new Unanswered(number, error);
    }
  }

  async function settled<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    try {
      return await written(work);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const { number, cause } = error;
      // Only now, when the dead connection has given its place back: asking needs one. What wrote nothing has nothing to ask about.
      if (number === null || (await outcomeOf(number, cause)) === "committed") throw new LostAfterCommit(cause);
      throw cause;
    }
  }

  /** Asked until the server is back and has made up its mind, or nobody can wait any longer. */
  async function outcomeOf(number: NumberIn, lost: unknown): Promise<string> {
    for (let asked = 0; asked < OUTCOME_ASKED; asked += 1) {
      const outcome = await on((client) => statusOf(client, number)).catch(nobodyAnswered);
      if (outcome === null) break;
      if (outcome !== undefined && outcome !== "in progress") return outcome;
      await wait(OUTCOME_WAIT_MS);
    }
    throw new StoreUnavailable("unconfirmed", { cause: lost });
  }

  /** Null where nobody can know any more: the server has forgotten it, or writes on another history, where its number is not its own. */
  async function statusOf(client: PoolClient, { xid, history }: NumberIn): Promise<string | null> {
    if ((await historyOf(client)) !== history) return null;
    const asked = await client.query<{ outcome: string | null }>("SELECT pg_xact_status($1::xid8) AS outcome", [xid]);
    return asked.rows[0]?.outcome ?? null;
  }

  return {
    write: async (work) => {
      for (let tried = 1, lost = 0; ; tried += 1) {
        // The value of work that was committed although its answer was lost.
        let done: { readonly value: Awaited<ReturnType<typeof work>> } | undefined;
        try {
          return await settled(async (transaction) => {
            const value = await work(transaction);
            done = { value };
            return value;
          });
        } catch (error) {
          if (error instanceof LostAfterCommit && done !== undefined) return done.value;
          if (error instanceof StoreUnavailable) throw error;
          const again = error instanceof Again || error instanceof RowMoved;
          const failure = again ? "repeat" : postgresFailure(error);
          if (failure === "lost") lost += 1;
          if (failure === "refused" || tried >= TRIES || lost >= TRIES_ON_NEW_CONNECTIONS)
            throw explainedFailure(error);
          if (!again) await wait(FIRST_WAIT_MS * 2 ** (tried - 1));
        }
      }
    },
    snapshot: (work) =>
      on((client) =>
        begun(client, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", async (connection) => {
          const value = await work(connection);
          await client.query("COMMIT");
          return value;
        }),
      ).catch(explain),
    read: (work) => on((client) => work(connectionOver(client))).catch(explain),
  };
}

/** The connection was lost while it was asked to commit. */
class Unanswered extends Error {
  override readonly name = "Unanswered";
  /** Null: it wrote nothing. */
  readonly number: NumberIn | null;

  constructor(number: NumberIn | null, cause: unknown) {
    super("COMMIT was not answered.", { cause });
    this.number = number;
  }
}

/** A transaction's number, and the history in which it is its own. */
interface NumberIn {
  readonly xid: string;
  readonly history: string;
}

/** The connection was lost, and what it was asked to commit was committed. */
class LostAfterCommit extends Error {
  override readonly name = "LostAfterCommit";

  constructor(cause: unknown) {
    super("The answer to COMMIT was lost.", { cause });
  }
}

async function assignedXid(connection: Connection): Promise<string | null> {
  const [row] = await connection.rows<{ xid: string | null }>("SELECT pg_current_xact_id_if_assigned()::text AS xid");
  return row?.xid ?? null;
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query("ROLLBACK");
    return true;
  } catch {
    return false;
  }
}

/** Whoever gets no connection has heard nothing of any row, whatever it was: a certificate that is over, a server without TLS. */
function unreachable(error: unknown): never {
  if (sqlState(error) !== "" || postgresFailure(error) === "lost") throw error;
  throw new StoreUnavailable("unreachable", { cause: error });
}

function explain(error: unknown): never {
  throw explainedFailure(error);
}

function nobodyAnswered(): undefined {
  return undefined;
}
