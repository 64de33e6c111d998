import Sqlite from "better-sqlite3";
import { prepareMediaStatements } from "./mediaStatements.ts";
import { refuseOther } from "./migrate.ts";
import { preparedOn } from "./preparedOn.ts";
import type { Store } from "../Store.ts";

export type SqliteReader = Pick<Store, "listMedia" | "countMedia" | "referencedKeys" | "backup" | "close">;

/**
 * What files a studio's rows refer to, and a copy of them all, without writing a byte to it: while it runs, and of a file that
 * has lost an index, too (K1). Throws `DatabaseDamaged` when a table is gone.
 */
export function openSqliteReader(file: string): SqliteReader {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    refuseOther(db, file);
    const sql = preparedOn(db, file, prepareMediaStatements);
    return {
      listMedia: async ({ after, limit }) =>
        sql.listMedia.all({ after: after ?? "", limit }) as Awaited<ReturnType<Store["listMedia"]>>,
      countMedia: async () => Number(sql.countMedia.get()),
      referencedKeys: async () => new Set(sql.referencedKeys.all() as string[]),
      backup: async (to) => void (await db.backup(to)),
      close: async () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
