import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@reelstate/db";
import Sqlite from "better-sqlite3";
import type { Database } from "better-sqlite3";

/** One connection for many lives: preparing two hundred statements costs more than a life's transactions do. */
export interface Template extends Disposable {
  readonly connection: Database;
  /** The file as it was when it was made, for the next life. */
  readonly renew: () => void;
}

const MEMORY_FOLDER = "/dev/shm";
/** Where SQLite keeps the number by which a connection notices that another program has changed the file. */
const CHANGE_COUNTER = 24;

export async function openTemplate(): Promise<Template> {
  // Memory, where there is such a folder: a life asks nothing of a disk but what it remembers.
  const folder = mkdtempSync(join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), "reelstate-lives-"));
  const file = join(folder, "life.sqlite");
  const store = openSqliteStore({ file, mediaUrl: (key) => key, bootId: "template" });
  await store.close();
  const plain = new Sqlite(file);
  plain.pragma("journal_mode = DELETE");
  plain.close();
  const bytes = readFileSync(file);
  const connection = new Sqlite(file);
  connection.pragma("journal_mode = MEMORY");
  connection.pragma("synchronous = OFF");
  connection.pragma("foreign_keys = ON");
  connection.pragma("temp_store = MEMORY");
  const read = connection.prepare("SELECT count(*) FROM workspace").pluck();
  let lives = bytes.readUInt32BE(CHANGE_COUNTER);
  return {
    connection,
    renew: () => {
      // The lock is let go with the next read, and taken again by the one after.
      connection.pragma("locking_mode = NORMAL");
      read.get();
      lives += 1_000_003;
      bytes.writeUInt32BE(lives >>> 0, CHANGE_COUNTER);
      writeFileSync(file, bytes);
      connection.pragma("locking_mode = EXCLUSIVE");
      read.get();
    },
    [Symbol.dispose]: () => {
      connection.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
