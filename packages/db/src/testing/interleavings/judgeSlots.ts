import type { JobSummary } from "../../store/views.ts";
import type { Seen } from "./judge.ts";
import type { Pool } from "./openSlotCount.ts";

/** A limit that becomes smaller takes nothing away (P7); whoever comes when it is full waits. */
export function noMoreThanSlots({ before, after, told }: Seen): string | false {
  if (told.kind === "limits") return false;
  for (const { name, size, holders } of after.pools) {
    const held = before.pools.find((pool) => pool.name === name)?.holders ?? [];
    const came = holders.filter((id) => !held.includes(id));
    const left = held.filter((id) => !holders.includes(id));
    // A recovery is no newcomer: it takes the slot over from the job that failed.
    if (holders.length > size && came.length > (told.kind === "start" ? left.length : 0))
      return `P7 ${holders.length} of ${name} at once, and ${size} may be`;
  }
  return false;
}

/** Who asks for work is given what could start: a slot that is free is used, and whoever holds his needs no other. */
export function freeSlotIsUsed({ before, told }: Seen): string | false {
  if (told.sought === undefined || told.done) return false;
  const ready = before.allJobs.find(
    (job) => job.model === told.sought && job.phase === "queued" && hasRoom(before.pools, job),
  );
  return ready !== undefined && `P7 nothing was given, though a job of ${ready.model} could start`;
}

function hasRoom(pools: readonly Pool[], { id, model }: JobSummary): boolean {
  return pools
    .filter((pool) => pool.model === null || pool.model === model)
    .every(({ size, holders }) => holders.includes(id) || holders.length < size);
}
