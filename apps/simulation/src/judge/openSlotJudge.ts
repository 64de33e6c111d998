import { LEASE_MS } from "../studio/openProcess.ts";
import type { Limit } from "@reelstate/db";
import type { Database } from "better-sqlite3";
import type { World } from "../World.ts";

/** Looks at who holds slots, by what is limited and what is under way; not as the store itself asks (P7). */
export interface SlotJudge {
  /** Does not look yet: one commit may have set other limits after these. */
  readonly areSet: (limits: readonly Limit[]) => void;
  readonly look: () => void;
  /** Whether any slot is held. */
  readonly isHeld: () => boolean;
}

interface Holder {
  readonly pool: string;
  readonly job: string;
  readonly status: string | null;
  readonly endedAt: number | null;
  readonly attemptMs: number;
  readonly alive: 0 | 1;
}

interface Working {
  readonly job: string;
  readonly provider: string;
  readonly model: string;
}

export function openSlotJudge(world: World, connection: Database): SlotJudge {
  const holders = connection.prepare(HOLDERS);
  const working = connection.prepare(WORKING);
  let sizes: ReadonlyMap<string, number> = new Map();
  /** How many of each pool: what a smaller limit finds under way may end in peace, and nothing may be added. */
  const held = new Map<string, number>();
  let calmAt: number | null = null;

  function look(): void {
    if (sizes.size === 0) return;
    const now = world.scheduler.now();
    if (!world.trouble) calmAt ??= now;
    const all = holders.all() as readonly Holder[];
    for (const { pool, job, status, endedAt, attemptMs, alive } of all) {
      if (status !== "processing" && alive === 0)
        world.accuse("P7", `${job} is ${status}, has nothing alive, and holds a slot of ${pool}`);
      if (endedAt !== null && calmAt !== null && now > Math.max(endedAt + attemptMs, calmAt) + 5 * LEASE_MS)
        world.accuse("P7", `nobody follows ${job}, and it keeps its slot of ${pool}`);
    }
    for (const [pool, size] of sizes) {
      const count = all.filter((holder) => holder.pool === pool).length;
      const most = Math.max(size, held.get(pool) ?? 0);
      if (count > most) world.accuse("P7", `${count} hold slots of ${pool}, and ${most} may`);
      held.set(pool, count);
    }
    for (const { job, provider, model } of working.all() as readonly Working[])
      for (const pool of [`provider/${provider}`, `model/${model}`])
        if (sizes.has(pool) && !all.some((holder) => holder.pool === pool && holder.job === job))
          world.accuse("P7", `${job} is worked on without a slot of ${pool}`);
  }

  return {
    areSet: (limits) => {
      sizes = new Map(
        limits.map((limit) => [
          "provider" in limit ? `provider/${limit.provider}` : `model/${limit.model}`,
          limit.slots,
        ]),
      );
      held.clear();
      for (const { pool } of holders.all() as readonly Holder[]) held.set(pool, (held.get(pool) ?? 0) + 1);
    },
    look,
    isHeld: () => sizes.size > 0 && holders.all().length > 0,
  };
}

const ALIVE = "EXISTS (SELECT 1 FROM submission u WHERE u.job_id = j.id AND u.state <> 'ended')";
const HOLDERS = `SELECT s.pool, s.job_id AS job, j.status, j.ended_at AS endedAt, j.attempt_timeout_ms AS attemptMs, ${ALIVE} AS alive
FROM slot s LEFT JOIN job j ON j.id = s.job_id WHERE s.job_id IS NOT NULL`;
/** A recovery that was not begun yet holds what its job held, and nothing where that had been let go. */
const WORKING = `SELECT j.id AS job, j.provider, j.model FROM job j
WHERE j.status = 'processing' OR (j.status = 'pending' AND j.attempt > 0 AND ${ALIVE})`;
