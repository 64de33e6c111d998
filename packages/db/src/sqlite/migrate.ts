import { MIGRATIONS } from "./migrations/migrations.ts";
import type { Database } from "better-sqlite3";

/** The file was written by a newer program; opening it with this one would lose what it does not know. */
export class DatabaseTooNew extends Error {
  constructor(file: string, found: number, known: number) {
    super(
      `The database ${file} was last used by a newer Reelstate (schema ${found}; this program knows ${known}). ` +
        "Start that version again, or point DATA_DIR at another folder. Nothing was changed.",
    );
    this.name = "DatabaseTooNew";
  }
}

/** Brings the file to this program's schema: every missing migration in one transaction each, or a clear refusal. */
export function migrate(db: Database, file: string): void {
  const version = (): number => Number(db.pragma("user_version", { simple: true }));
  if (version() > MIGRATIONS.length) throw new DatabaseTooNew(file, version(), MIGRATIONS.length);
  while (version() < MIGRATIONS.length) {
    db.transaction(() => {
      const at = version();
      const statements = MIGRATIONS[at]?.() ?? [];
      for (const statement of statements) db.exec(statement);
      db.pragma(`user_version = ${at + 1}`);
    }).immediate();
  }
}
