import { Pool, TypeOverrides } from "pg";
import type { ClientConfig } from "pg";

export interface PostgresPoolOptions {
  /** `postgres://…` */
  readonly url: string;
  /** How many connections this process may hold for its transactions; two more are for waking. */
  readonly connections?: number;
  /** What the server's list of connections shows. */
  readonly applicationName?: string;
}

const CONNECTIONS = 10;
/** No transaction here takes a second; one that takes so long waits for something that will not come. */
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
/** A process that stopped in the middle of a transaction (a debugger, a sleeping laptop) must not keep its rows from others: it lets go before they give up, and before their leases end. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/** Of the client's own: a route that goes silent tells nobody, and the server's limits do not reach it. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const KEEPALIVE_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;

const INT8 = 20;
const NUMERIC = 1700;

/** What every connection to the studio's database is opened with. */
export function postgresConnection({ url, applicationName }: PostgresPoolOptions): ClientConfig {
  return {
    connectionString: url,
    application_name: applicationName ?? "reelstate",
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Compiling a statement takes longer than any of ours runs.
    options: "-c jit=off",
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    // Statements that do not wait for each other travel together.
    pipeline: true,
    types: numbersAsNumbers(),
  };
}

export function openPostgresPool(options: PostgresPoolOptions): Pool {
  const pool = new Pool({ ...postgresConnection(options), max: options.connections ?? CONNECTIONS });
  // Without a listener the loss of a connection would end the process; whoever uses it hears of it through its statement.
  pool.on("connect", (client) => void client.on("error", ignore));
  pool.on("error", ignore);
  return pool;
}

function ignore(): void {
  // Heard of by whoever waits for a statement.
}

/** Times, sums and counts are bigints there, and numbers here; one that a number cannot hold is a bug, not a rounding. */
function numbersAsNumbers(): TypeOverrides {
  const types = new TypeOverrides();
  types.setTypeParser(INT8, safeNumber);
  types.setTypeParser(NUMERIC, safeNumber);
  return types;
}

function safeNumber(text: string): number {
  const value = Number(text);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new RangeError(`The database says ${text}: too large a number.`);
  return value;
}
