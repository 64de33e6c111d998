import Sqlite from "better-sqlite3";

/**
 * Takes a file for this process; null: another has it. The lock is an open transaction on a small database: the operating
 * system lets go of it when the process ends, however it ends.
 */
export function lockFile(file: string): { readonly release: () => void } | null {
  const db = new Sqlite(file, { timeout: 0 });
  try {
    db.pragma("journal_mode = DELETE");
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    if (!(cause instanceof Sqlite.SqliteError) || !cause.code.startsWith("SQLITE_BUSY")) throw cause;
    return null;
  }
  return { release: () => db.close() };
}
