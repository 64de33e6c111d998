import type { Database } from "better-sqlite3";

export function prepareSlotStatements(db: Database) {
  return {
    sizes: db.prepare("SELECT pool, count(*) AS size FROM slot GROUP BY pool"),
    held: db.prepare("SELECT pool, count(*) AS held FROM slot WHERE job_id IS NOT NULL GROUP BY pool"),
    take: db.prepare(
      `UPDATE slot SET job_id = @jobId WHERE pool = @pool AND number =
         (SELECT number FROM slot INDEXED BY slot_free WHERE pool = @pool AND job_id IS NULL ORDER BY number LIMIT 1)`,
    ),
    otherHolds: db.prepare(
      "SELECT 1 FROM slot s JOIN job j ON j.id = s.job_id WHERE s.pool = ? AND s.job_id IS NOT NULL AND j.model <> ? LIMIT 1",
    ),
    holdsOf: db.prepare("SELECT 1 FROM slot WHERE job_id = ? AND pool = ?").pluck(),
    release: db.prepare("UPDATE slot SET job_id = NULL WHERE job_id = ?"),
    move: db.prepare("UPDATE slot SET job_id = @to WHERE job_id = @from"),
    /** What nobody followed to its end has had a whole attempt's time since: the provider has given up on it too. */
    letGo: db.prepare(
      `UPDATE slot SET job_id = NULL WHERE job_id IN
         (SELECT s.job_id FROM slot s LEFT JOIN job j ON j.id = s.job_id WHERE s.job_id IS NOT NULL
            AND (j.id IS NULL OR (j.ended_at IS NOT NULL AND j.ended_at + j.attempt_timeout_ms <= ?)))`,
    ),
    forgetPool: db.prepare("DELETE FROM slot WHERE pool = ?"),
    add: db.prepare("INSERT OR IGNORE INTO slot (pool, number) VALUES (?, ?)"),
    shrink: db.prepare("DELETE FROM slot WHERE pool = ? AND number > ? AND job_id IS NULL"),
  };
}

export type SlotStatements = ReturnType<typeof prepareSlotStatements>;
