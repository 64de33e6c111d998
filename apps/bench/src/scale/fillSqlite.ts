import Sqlite from "better-sqlite3";
import { finishedJobs } from "./finishedJobs.ts";
import type { Dialect, Finished } from "./finishedJobs.ts";

const DIALECT: Dialect = {
  series: (from, to) =>
    `WITH RECURSIVE series(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM series WHERE n < ${to})`,
  digits: (number, count) => `printf('%0${count}d', ${number})`,
};
/** Jobs to a transaction. */
const CHUNK = 50_000;

/** Fills a store's file with finished jobs, without its triggers, which are there again afterwards. */
export function fillSqlite(file: string, finished: Finished): void {
  const db = new Sqlite(file);
  try {
    db.pragma("synchronous = OFF");
    db.pragma("foreign_keys = OFF");
    db.pragma("cache_size = -200000");
    const triggers = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all() as readonly {
      readonly name: string;
      readonly sql: string;
    }[];
    for (const { name } of triggers) db.exec(`DROP TRIGGER "${name}"`);
    for (let done = 0; done < finished.count; done += CHUNK) {
      const count = Math.min(CHUNK, finished.count - done);
      const statements = finishedJobs(DIALECT, { ...finished, from: finished.from + done, count });
      db.transaction(() => statements.forEach((sql) => db.exec(sql)))();
    }
    for (const { sql } of triggers) db.exec(sql);
    db.exec("ANALYZE");
    db.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
}
