import { Client } from "pg";
import { openAside } from "../aside/openAside.ts";
import { migratePostgres } from "./migrate.ts";
import { nameFeed } from "./nameFeed.ts";
import { openPostgresPool, postgresConnection } from "./openPostgresPool.ts";
import { openTransactions } from "./openTransactions.ts";
import { explainedFailure } from "./postgresFailure.ts";
import { openOutlook } from "./reads/openOutlook.ts";
import { DATABASE_CLOCK } from "./Session.ts";
import { openWakes } from "./wakes/openWakes.ts";
import type { StoreTimers } from "../sqlite/openGroupCommit.ts";
import type { Pool } from "pg";
import type { SetAside } from "../aside/openAside.ts";
import type { PostgresPoolOptions } from "./openPostgresPool.ts";
import type { Session } from "./Session.ts";
import type { Wakes } from "./wakes/openWakes.ts";

export interface PostgresStoreOptions extends PostgresPoolOptions {
  /** Where a browser finds the media with a key. */
  readonly mediaUrl: (key: string) => string;
  /** Whether any process of this studio offers a model; without it, all are. */
  readonly offers?: (model: string) => boolean;
  /** Epoch milliseconds in place of the database's own clock, for tests: time then moves only when they move it. */
  readonly clock?: () => number;
  /** Told whose rows contradict each other: it is left as it is for a minute, while everything else goes on. */
  readonly onSetAside?: (one: SetAside) => void;
  /** How it waits: by the process's event loop unless told. */
  readonly timers?: StoreTimers;
  /** No other process works on the database: nobody else has to be woken or heard. */
  readonly alone?: boolean;
  /** Connections that are open already, to `url`; they stay open when the store is closed. */
  readonly pool?: Pool;
}

/** A connected, migrated database, and what commands and reads of it need. */
export interface OpenedSession {
  readonly session: Session;
  readonly onWake: Wakes["onWake"];
  readonly close: () => Promise<void>;
}

/** Throws `DatabaseTooNew`, or `StoreUnavailable` when the server cannot be reached. */
export async function openPostgresSession(options: PostgresStoreOptions): Promise<OpenedSession> {
  const pool = options.pool ?? openPostgresPool(options);
  const endPool = async (): Promise<void> => {
    if (options.pool === undefined) await pool.end();
  };
  const { clock } = options;
  const after = options.timers?.after ?? ((ms: number, callback: () => void) => void setTimeout(callback, ms));
  const db = openTransactions(pool, { after });
  const clockSql = clock === undefined ? () => DATABASE_CLOCK : () => `${Math.floor(clock())}::bigint`;
  const monotonic = clock ?? ((): number => performance.now());
  const name = (): Promise<void> => nameFeed(db, clockSql);
  try {
    await migrate(options);
    await name();
    const wakes = await openWakes({
      others: options.alone === true ? null : postgresConnection(options),
      // A server that was away may have come back as another one; should it be away again, it is asked again.
      onFoundAgain: () => void name().catch(() => undefined),
    });
    const session: Session = {
      db,
      clock: clockSql,
      mediaUrl: options.mediaUrl,
      offers: options.offers ?? ((): boolean => true),
      outlook: openOutlook(monotonic),
      aside: openAside(monotonic, options.onSetAside ?? (() => undefined)),
      wake: wakes.wake,
    };
    return {
      session,
      onWake: wakes.onWake,
      close: async () => {
        await wakes.close();
        await endPool();
      },
    };
  } catch (error) {
    await endPool().catch(() => undefined);
    throw explainedFailure(error);
  }
}

/** On a connection of its own, which waits as long as it takes: for the work, and for another process that does it. */
async function migrate(options: PostgresStoreOptions): Promise<void> {
  const client = new Client({ ...postgresConnection(options), query_timeout: 0 });
  // The loss of the connection is told by the statement that waits.
  client.on("error", () => {});
  try {
    await client.connect();
    await migratePostgres(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
