import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { openSqliteStore } from "../sqlite/openSqliteStore.ts";
import type { SqliteStoreOptions } from "../sqlite/openSqliteStore.ts";
import type { Store } from "../Store.ts";
import type { ReachableStore } from "./openStudio.ts";

export interface SqliteForTest extends ReachableStore {
  readonly file: string;
  /** Opens the same file once more, as the next process would, on the same clock. Closed with this one. */
  readonly openAgain: (change?: Partial<SqliteStoreOptions>) => Store;
}

/** Thousands of small commits: a folder in memory, where the system has one, spares the disk their flushes. */
const MEMORY_FOLDER = "/dev/shm";

/** A store on a new file in a folder of its own, on a clock that stands still until it is moved. */
export async function openSqliteForTest(change: Partial<SqliteStoreOptions> = {}): Promise<SqliteForTest> {
  const folder = await mkdtemp(join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), "reelstate-db-"));
  const file = join(folder, "studio.sqlite");
  let now = 1_800_000_000_000;
  const opened: Store[] = [];
  const openAgain = (again: Partial<SqliteStoreOptions> = {}): Store => {
    const store = openSqliteStore({
      file,
      bootId: randomUUID(),
      mediaUrl: (key) => `/media/${key}`,
      clock: () => now,
      ...again,
    });
    opened.push(store);
    return store;
  };
  return {
    store: openAgain(change),
    owned: true,
    file,
    openAgain,
    advanceClock: (ms) => void (now += ms),
    byStatement: async (sql) => {
      const db = new Sqlite(file, { fileMustExist: true });
      db.exec(sql);
      db.close();
    },
    async [Symbol.asyncDispose]() {
      for (const store of opened) await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
