import { epochMs } from "@reelstate/lifecycle";
import Sqlite from "better-sqlite3";
import { refuseOther } from "./migrate.ts";
import { prepareInvariants } from "./reads/prepareInvariants.ts";
import type { Finding } from "../Store.ts";

/**
 * What is wrong in a studio's database, a running one's too: opened read-only, nothing is written or migrated. Throws
 * `DatabaseTooNew`, or an error that says so when the file is older than this program.
 */
export function inspectSqlite(file: string): readonly Finding[] {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    refuseOther(db, file);
    return db.transaction(() => prepareInvariants(db)(epochMs(Date.now()))).deferred();
  } finally {
    db.close();
  }
}
