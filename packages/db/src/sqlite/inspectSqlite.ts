import { epochMs } from "@reelstate/lifecycle";
import Sqlite from "better-sqlite3";
import { refuseOther } from "./migrate.ts";
import { prepareInvariants } from "./prepareInvariants.ts";
import { schemaDamage } from "./schemaDamage.ts";
import type { Database } from "better-sqlite3";
import type { Finding } from "../store/keeping.ts";

/**
 * What is wrong in a studio's database, a running one's too: opened read-only, nothing is written or migrated (K1). Throws
 * `DatabaseTooNew`, or an error that says so when the file is older than this program. Slow on a large file, and
 * synchronous: a server asks it in another thread.
 */
export function inspectSqlite(file: string): readonly Finding[] {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    refuseOther(db, file);
    return db.transaction(() => [...damagedPages(db), ...changedSchema(db), ...brokenRows(db)]).deferred();
  } finally {
    db.close();
  }
}

const NOBODY = { workspaceId: null, assetId: null } as const;

function damagedPages(db: Database): readonly Finding[] {
  const said = db.pragma("quick_check(20)") as { readonly quick_check: string }[];
  return said
    .filter(({ quick_check }) => quick_check !== "ok")
    .map(({ quick_check }) => ({
      check: "database_damaged",
      rule: "K1",
      subject: quick_check,
      ...NOBODY,
      explanation: "The database's file is damaged.",
      mendable: false,
    }));
}

function changedSchema(db: Database): readonly Finding[] {
  return schemaDamage(db).map(({ type, name }) => ({
    check: "schema_changed",
    rule: "J8",
    subject: name,
    ...NOBODY,
    explanation: `The ${type} is not in the database as this program makes it.`,
    mendable: type !== "table",
  }));
}

/** Of a file that lacks a table not every question can be asked; that it is gone says enough. */
function brokenRows(db: Database): readonly Finding[] {
  try {
    return prepareInvariants(db)(epochMs(Date.now()));
  } catch (error) {
    if (schemaDamage(db).some(({ type }) => type === "table")) return [];
    throw error;
  }
}
