import type { JobId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { Limit } from "../../store/attempts.ts";
import { poolOf } from "../../rows/poolOf.ts";

/** A pool that begins while work is under way: what runs already holds slots of it, more than there are if need be. */
export function adoptHolders(db: Database, limit: Limit): void {
  const pool = poolOf(limit);
  const [column, value] = "provider" in limit ? ["provider", limit.provider] : ["model", limit.model];
  const holders = db
    .prepare(
      `SELECT id FROM job WHERE ${column} = ?
         AND (status = 'processing' OR (status = 'pending' AND submission IN ('intended', 'open'))
           OR id IN (SELECT job_id FROM slot WHERE job_id IS NOT NULL)) ORDER BY id`,
    )
    .pluck()
    .all(value) as JobId[];
  const hold = db.prepare(
    "INSERT INTO slot (pool, number, job_id) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET job_id = excluded.job_id",
  );
  for (const [index, jobId] of holders.entries()) hold.run(pool, index + 1, jobId);
}
