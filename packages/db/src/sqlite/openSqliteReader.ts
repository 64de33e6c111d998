import Sqlite from "better-sqlite3";
import { refuseOther } from "./migrate.ts";
import { prepareStatements } from "./statements.ts";
import type { Store } from "../Store.ts";

export type SqliteReader = Pick<Store, "listMedia" | "countMedia" | "referencedKeys" | "close">;

/** What files a studio's rows refer to, read without writing a byte, while it runs too (K1). */
export function openSqliteReader(file: string): SqliteReader {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    refuseOther(db, file);
    const sql = prepareStatements(db);
    return {
      listMedia: async ({ after, limit }) =>
        sql.listMedia.all({ after: after ?? "", limit }) as Awaited<ReturnType<Store["listMedia"]>>,
      countMedia: async () => Number(sql.countMedia.get()),
      referencedKeys: async () => new Set(sql.referencedKeys.all() as string[]),
      close: async () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
