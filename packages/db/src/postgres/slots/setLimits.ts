import { isPoolKept } from "../../rows/isPoolKept.ts";
import { poolOf } from "../../rows/poolOf.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Limit, LimitsKept } from "../../store/attempts.ts";
import type { Connection } from "../Connection.ts";
import type { Session } from "../Session.ts";

/** Replaces all limits but those kept. What is held stays held, also beyond a limit that became smaller. */
export async function setLimits(
  session: Session,
  { limits, kept }: { readonly limits: readonly Limit[]; readonly kept: LimitsKept },
): Promise<void> {
  await session.db.write(async (connection) => {
    const { rows, run } = connection;
    // Nobody claims meanwhile: what runs when a limit begins must be counted.
    await run("LOCK TABLE slot IN SHARE ROW EXCLUSIVE MODE");
    const slots = await rows<{ readonly pool: string; readonly jobId: JobId | null }>(
      `SELECT pool, job_id AS "jobId" FROM slot ORDER BY pool, number`,
    );
    const wanted = await Promise.all(
      limits.map(async (limit) => {
        const pool = poolOf(limit);
        const found = slots.filter((slot) => slot.pool === pool);
        const holders = found.length > 0 ? found.flatMap(({ jobId }) => jobId ?? []) : await atWork(connection, limit);
        return slotsOf(pool, holders, limit.slots);
      }),
    );
    const named = new Set(limits.map(poolOf));
    const stay = new Set(slots.flatMap(({ pool }) => (!named.has(pool) && isPoolKept(pool, kept) ? [pool] : [])));
    await run("DELETE FROM slot WHERE pool <> ALL($1)", [...stay]);
    await run(
      `INSERT INTO slot (pool, number, job_id) SELECT r.pool, r.number, r."jobId"
       FROM json_to_recordset($1::json) AS r(pool text, number int, "jobId" text)`,
      JSON.stringify(wanted.flat()),
    );
  });
}

/** Whoever holds one keeps it; those beyond the limit stand below zero. */
function slotsOf(pool: string, holders: readonly JobId[], size: number) {
  const within = Array.from({ length: size }, (_, at) => ({ pool, number: at + 1, jobId: holders[at] ?? null }));
  const beyond = holders.slice(size).map((jobId, at) => ({ pool, number: -1 - at, jobId }));
  return [...within, ...beyond];
}

/** A pool that begins while work is under way: what runs already holds slots of it, more than there are if need be. */
async function atWork({ rows }: Connection, limit: Limit): Promise<readonly JobId[]> {
  const [column, value] = "provider" in limit ? ["provider", limit.provider] : ["model", limit.model];
  const found = await rows<{ readonly id: JobId }>(
    `SELECT id FROM job WHERE ${column} = $1
       AND (status = 'processing' OR (status = 'pending' AND submission IN ('intended', 'open'))
         OR id IN (SELECT job_id FROM slot WHERE job_id IS NOT NULL)) ORDER BY id`,
    value,
  );
  return found.map(({ id }) => id);
}
