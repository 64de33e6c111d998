import type { EpochMs, JobId, JobRow } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { Limit, LimitsKept } from "../../store/attempts.ts";
import { adoptHolders } from "./adoptHolders.ts";
import { openRoom } from "../../rows/openRoom.ts";
import { isPoolKept } from "../../rows/isPoolKept.ts";
import { poolOf } from "../../rows/poolOf.ts";
import type { Holder } from "../../rows/claimOrder.ts";
import type { Room } from "../../rows/openRoom.ts";
import type { SlotStatements } from "./slotStatements.ts";

/**
 * One row for each thing that a provider or a model may do at once (P7). A claim takes a row of each pool in its own
 * transaction; the transaction in which an attempt ends with nothing alive at the provider frees it. While a submission may be
 * alive its job keeps its slots, through lost leases and waits, and the next attempt works in them.
 */
export type Slots = ReturnType<typeof openSlots>;

export function openSlots(db: Database, sql: SlotStatements) {
  let sizes: Sizes = new Map(
    (sql.sizes.all() as { pool: string; size: number }[]).map(({ pool, size }) => [pool, size]),
  );
  let committed = sizes;

  /** The pools that limit such a job; most have none, and then nothing here costs anything. */
  function poolsOf({ provider, model }: Omit<Holder, "id">): readonly string[] {
    if (sizes.size === 0) return NONE;
    return [poolOf({ provider }), poolOf({ model })].filter((pool) => sizes.has(pool));
  }

  return {
    poolsOf,
    /** How many such jobs may run at once; null when nothing limits them. */
    sizeFor: (holder: Omit<Holder, "id">): number | null => {
      const pools = poolsOf(holder);
      return pools.length === 0 ? null : Math.min(...pools.map((pool) => sizes.get(pool) ?? 0));
    },
    /** Whether the provider's own limit is shared with work of other models, in line (`others`) or under way. */
    isShared: ({ provider, model }: Omit<Holder, "id">, others: boolean): boolean => {
      const pool = poolOf({ provider });
      return sizes.has(pool) && (others || sql.otherHolds.get(pool, model) !== undefined);
    },
    /** The pools of which the job still needs a slot; none for one that comes back to its submission. */
    lacking: (holder: Holder): readonly string[] =>
      poolsOf(holder).filter((pool) => sql.holdsOf.get(holder.id, pool) === undefined),
    room: (): Room => openRoom(sizes, sql.held.all() as { pool: string; held: number }[]),
    /** With the claim; a job that comes back to its submission has its slots already. */
    take: (holder: Holder): void => {
      for (const pool of poolsOf(holder)) {
        if (sql.holdsOf.get(holder.id, pool) !== undefined) continue;
        if (sql.take.run({ pool, jobId: holder.id }).changes !== 1) throw new Error(`No slot of ${pool} is free.`);
      }
    },
    /** Frees what the job holds, unless something of it may be alive; tells whether anything became free. */
    release: (job: Holder & Pick<JobRow, "submission">): boolean => {
      if (job.submission === "intended" || job.submission === "open" || poolsOf(job).length === 0) return false;
      return sql.release.run(job.id).changes > 0;
    },
    /** Frees what nothing works in (a mend); tells whether anything was held. */
    free: (jobId: JobId): boolean => sql.release.run(jobId).changes > 0,
    /** A recovery takes up the submission together with its slots (P6). */
    inherit: (request: { readonly from: JobId; readonly to: JobId }): void => {
      if (sizes.size > 0) sql.move.run(request);
    },
    letGo: (now: EpochMs): boolean => sizes.size > 0 && sql.letGo.run(now).changes > 0,
    /** Replaces all limits but those kept. What is held stays held, also beyond a limit that became smaller. */
    setLimits: (limits: readonly Limit[], kept: LimitsKept): void => {
      const wanted = new Map(limits.map((limit) => [poolOf(limit), limit.slots]));
      const stay = [...sizes].filter(([pool]) => !wanted.has(pool) && isPoolKept(pool, kept));
      const next = new Map([...stay, ...wanted]);
      for (const pool of sizes.keys()) if (!next.has(pool)) sql.forgetPool.run(pool);
      for (const [pool, size] of wanted) {
        sql.shrink.run(pool, size);
        for (let number = 1; number <= size; number += 1) sql.add.run(pool, number);
      }
      for (const limit of limits) if (!sizes.has(poolOf(limit))) adoptHolders(db, limit);
      // Last: where anything above throws, nothing is remembered.
      sizes = next;
    },
    committed: (): void => {
      committed = sizes;
    },
    /** The transaction that set other limits is not there: they never were. */
    undone: (): void => {
      sizes = committed;
    },
  };
}

type Sizes = ReadonlyMap<string, number>;
const NONE: readonly string[] = [];
