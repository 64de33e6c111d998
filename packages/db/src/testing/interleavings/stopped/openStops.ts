import type { Pool, PoolClient } from "pg";

/** Connections whose statements stop before they are sent, until they are let go one by one. */
export interface Stops {
  /** From now on, or no longer. Before a store plays it has to find its tables. */
  readonly stopAll: (stopping: boolean) => void;
  /** What is next, and has not been sent. */
  readonly next: () => string | null;
  /** Sends what is next. */
  readonly letGo: () => void;
  /** Whose connection the server works for at this moment, or lets wait; null when all that was sent is answered. */
  readonly underWay: () => number | null;
  /** How many transactions that write have been committed. */
  readonly commits: () => number;
  /** What ended a transaction: from then on whoever waited for it may go on. */
  readonly ends: () => number;
  /** Deadlocks, which the store does again, and which the lock order is there to prevent. */
  readonly deadlocks: () => number;
}

/** The driver knows it and has no type for it. */
type Backend = PoolClient & { readonly processID: number };
type Statement = string | { readonly text: string };

interface Stopped {
  readonly sql: string;
  readonly send: () => void;
}

/**
 * Statements of all connections of a pool, in the order in which they are asked for. What a snapshot reads goes through: it locks nothing,
 * waits for nobody, and only answers what is committed already. `changed` hears of every stop and of every answer.
 */
export function openStops(pool: Pool, changed: () => void): Stops {
  const queue: Stopped[] = [];
  let stopping = false;
  let underWay: number | null = null;
  const counts = { commits: 0, ends: 0, deadlocks: 0 };

  pool.on("connect", (connected) => {
    const client = connected as Backend;
    const ask = client.query.bind(client) as unknown as (statement: Statement) => Promise<{ readonly command: string }>;
    let passes = false;

    async function send(statement: Statement): Promise<unknown> {
      underWay = client.processID;
      try {
        const answer = await ask(statement);
        if (answer.command === "COMMIT") counts.commits += 1;
        if (answer.command === "COMMIT" || answer.command === "ROLLBACK") counts.ends += 1;
        return answer;
      } catch (error) {
        // The server lets go of a transaction's locks when a statement of it fails.
        counts.ends += 1;
        if ((error as { readonly code?: unknown }).code === "40P01") counts.deadlocks += 1;
        throw error;
      } finally {
        underWay = null;
        changed();
      }
    }

    const stopped = (statement: Statement): Promise<unknown> => {
      const sql = typeof statement === "string" ? statement : statement.text;
      if (sql.startsWith("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")) passes = true;
      if (!stopping || passes) {
        if (sql === "COMMIT" || sql === "ROLLBACK") passes = false;
        return ask(statement);
      }
      return new Promise((resolve, reject) => {
        queue.push({ sql, send: () => void send(statement).then(resolve, reject) });
        changed();
      });
    };
    client.query = stopped as unknown as typeof client.query;
  });

  return {
    stopAll: (now) => void (stopping = now),
    next: () => queue[0]?.sql ?? null,
    letGo: () => queue.shift()?.send(),
    underWay: () => underWay,
    commits: () => counts.commits,
    ends: () => counts.ends,
    deadlocks: () => counts.deadlocks,
  };
}
