import type { JobId } from "@reelstate/lifecycle";
import type { Store } from "../../Store.ts";
import type { Heartbeat } from "../../store/attempts.ts";
import type { Session } from "../Session.ts";

/** Locked by id first, like everything: a heartbeat must not be what a deadlock is made of. */
const renew = (clock: string): string => `WITH mine AS (SELECT * FROM unnest($1::text[], $2::int[]) AS m(id, attempt)),
  locked AS MATERIALIZED (SELECT id FROM job WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE)
  UPDATE job AS t SET lease_until = ${clock} + $3 FROM mine JOIN locked USING (id)
  WHERE t.id = mine.id AND t.status = 'processing' AND t.attempt = mine.attempt
  RETURNING t.id AS "jobId", t.attempt, t.cancel_requested_at IS NOT NULL AS wished`;

/** Renews all the leases of a process at once; those it no longer has are told, and their work must stop (J9). */
export async function heartbeat(
  session: Session,
  { leaseMs, attempts }: Parameters<Store["heartbeat"]>[0],
): Promise<readonly Heartbeat[]> {
  const alive = await session.db.write(({ rows }) =>
    rows<{ readonly jobId: JobId; readonly attempt: number; readonly wished: boolean }>(
      renew(session.clock()),
      attempts.map(({ jobId }) => jobId),
      attempts.map(({ attempt }) => attempt),
      leaseMs,
    ),
  );
  return attempts.map(({ jobId, attempt }) => {
    const row = alive.find((one) => one.jobId === jobId && one.attempt === attempt);
    return { jobId, attempt, alive: row !== undefined, cancelRequested: row?.wished === true };
  });
}
