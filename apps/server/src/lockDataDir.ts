import { join } from "node:path";
import Sqlite from "better-sqlite3";

/** Another process already runs a studio on this folder. */
export class DataDirInUse extends Error {
  override readonly name = "DataDirInUse";
}

/**
 * Takes the folder for this process. The lock is an open transaction on a small database file: the operating system
 * lets go of it when the process ends, however it ends.
 */
export function lockDataDir(dataDir: string): { readonly release: () => void } {
  const db = new Sqlite(join(dataDir, "lock.sqlite"), { timeout: 0 });
  try {
    db.pragma("journal_mode = DELETE");
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    if (!(cause instanceof Sqlite.SqliteError) || !cause.code.startsWith("SQLITE_BUSY")) throw cause;
    throw new DataDirInUse(
      `Another studio is running on ${dataDir}. Stop it first, or set DATA_DIR to another folder.`,
      { cause },
    );
  }
  return { release: () => db.close() };
}
