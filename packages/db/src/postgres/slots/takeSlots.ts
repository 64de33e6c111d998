import { RowMoved } from "../../commands/Desk.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Holder, ReadyJob } from "../../rows/claimOrder.ts";
import type { Connection } from "../Connection.ts";

export interface SlotsTaken {
  /** Those that have all the slots they need. */
  readonly jobs: readonly ReadyJob[];
  /** Writes who holds them, for the jobs that were claimed. */
  readonly write: (claimed: ReadonlySet<JobId>) => Promise<void>;
}

interface Slot {
  readonly pool: string;
  readonly number: number;
}

const LOCK_SLOTS = `SELECT s.pool, s.number FROM unnest($1::text[], $2::int[]) AS wanted(pool, count)
  CROSS JOIN LATERAL (SELECT pool, number FROM slot WHERE pool = wanted.pool AND job_id IS NULL AND number > 0
    ORDER BY number LIMIT wanted.count FOR UPDATE SKIP LOCKED) AS s ORDER BY s.pool, s.number`;
const TAKE = `UPDATE slot SET job_id = r."jobId" FROM json_to_recordset($1::json) AS r(pool text, number int, "jobId" text)
  WHERE slot.pool = r.pool AND slot.number = r.number AND slot.job_id IS NULL`;

/** Locks the free slots that these jobs need, as far as there are some that nobody else is taking, first come first served. */
export async function takeSlots(
  { rows, run }: Connection,
  jobs: readonly ReadyJob[],
  lacking: (job: Holder) => readonly string[],
): Promise<SlotsTaken> {
  const wanted = new Map<string, number>();
  for (const job of jobs) for (const pool of lacking(job)) wanted.set(pool, (wanted.get(pool) ?? 0) + 1);
  if (wanted.size === 0) return { jobs, write: async () => undefined };
  const free = [...(await rows<Slot>(LOCK_SLOTS, [...wanted.keys()], [...wanted.values()]))];
  const taken = new Map<JobId, readonly Slot[]>();
  for (const job of jobs) {
    const pools = lacking(job);
    const mine = pools.flatMap((pool) => free.find((slot) => slot.pool === pool) ?? []);
    if (mine.length < pools.length) continue;
    for (const slot of mine) free.splice(free.indexOf(slot), 1);
    taken.set(job.id, mine);
  }
  return {
    jobs: jobs.filter(({ id }) => taken.has(id)),
    write: async (claimed) => {
      const held = [...taken].flatMap(([jobId, slots]) =>
        claimed.has(jobId) ? slots.map((slot) => ({ ...slot, jobId })) : [],
      );
      if (held.length > 0 && (await run(TAKE, JSON.stringify(held))) !== held.length)
        throw new RowMoved("a slot that was locked is held by another");
    },
  };
}
