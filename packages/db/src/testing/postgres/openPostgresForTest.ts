import { openPostgresStore } from "../../postgres/openPostgresStore.ts";
import { borrowTestDatabase } from "./openTestDatabase.ts";
import { openWitness } from "./openWitness.ts";
import type { PostgresStoreOptions } from "../../postgres/openPostgresSession.ts";
import type { Store } from "../../Store.ts";
import type { ReachableStore } from "../openStudio.ts";
import type { BorrowedDatabase, TestDatabase } from "./openTestDatabase.ts";

export interface PostgresForTest extends ReachableStore {
  readonly url: string;
  /** Opens the same database once more, as another process would, on the same clock. Closed with this one. */
  readonly openAgain: (change?: Partial<PostgresStoreOptions>) => Promise<Store>;
}

/** A store on an empty database, on a clock that stands still until it is moved. */
export async function openPostgresForTest(
  change: Partial<PostgresStoreOptions> = {},
  openDatabase: () => Promise<TestDatabase | BorrowedDatabase> = borrowTestDatabase,
): Promise<PostgresForTest> {
  const database = await openDatabase();
  let now = 1_800_000_000_000;
  const opened: Store[] = [];
  const openAgain = async (again: Partial<PostgresStoreOptions> = {}): Promise<Store> => {
    const store = await openPostgresStore({
      url: database.url,
      // Each has to learn the statements first, which is most of a short test.
      connections: 4,
      mediaUrl: (key) => `/media/${key}`,
      clock: () => now,
      ...again,
    });
    opened.push(store);
    return store;
  };
  return {
    // By itself it has nobody to wake, and wakes are told at once.
    store: await openAgain({ alone: true, ...("pool" in database ? { pool: database.pool } : {}), ...change }),
    owned: false,
    url: database.url,
    openAgain,
    advanceClock: (ms) => void (now += ms),
    byStatement: async (sql) => {
      await using hand = await openWitness(database.url);
      await hand.rows(sql);
    },
    async [Symbol.asyncDispose]() {
      for (const store of opened) await store.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
