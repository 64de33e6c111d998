import { DatabaseTooNew } from "../DatabaseTooNew.ts";
import { DatabaseTooOld } from "../DatabaseTooOld.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import type { Database } from "better-sqlite3";

/** Throws when the file is newer than this program. To be asked before anything is set on the connection. */
export function refuseNewer(db: Database, file: string): void {
  const found = schemaVersion(db);
  const known = MIGRATIONS.length;
  if (found > known) throw new DatabaseTooNew(file, { found, known, instead: "point DATA_DIR at another folder" });
}

/** Throws when the file is not of exactly this program's schema, for those who may only look. */
export function refuseOther(db: Database, file: string): void {
  refuseNewer(db, file);
  if (schemaVersion(db) < MIGRATIONS.length) {
    throw new DatabaseTooOld(`The database ${file}`);
  }
}

/** Brings the file to this program's schema, every missing migration in a transaction of its own. */
export function migrate(db: Database): void {
  const applyNext = db.transaction(() => {
    // Asked again under the lock: another process may have been faster.
    const applied = schemaVersion(db);
    const migration = MIGRATIONS[applied];
    if (migration === undefined) return;
    for (const statement of migration()) db.exec(statement);
    db.pragma(`user_version = ${applied + 1}`);
  });
  while (schemaVersion(db) < MIGRATIONS.length) applyNext.immediate();
}

function schemaVersion(db: Database): number {
  return Number(db.pragma("user_version", { simple: true }));
}
