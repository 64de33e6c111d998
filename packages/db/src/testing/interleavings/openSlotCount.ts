import { isEnded } from "./live.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Limit } from "../../store/attempts.ts";
import type { JobSummary } from "../../store/views.ts";

/** One limit, and which jobs must hold a slot of it. */
export interface Pool extends Limited {
  readonly size: number;
  readonly holders: readonly JobId[];
}

interface Limited {
  readonly name: string;
  /** Null: of every model. */
  readonly model: string | null;
}

/**
 * Who must hold slots, reckoned from what was asked and answered and not read from the store (P7): a job that runs, and one
 * of which a request may be alive, unless that was let go. `alive` names the jobs with such a request.
 */
export function openSlotCount(alive: ReadonlyMap<JobId, unknown>) {
  let limits: readonly Limit[] = [];
  /** By pool and job: it may be alive, and holds nothing. */
  const letGo = new Set<string>();
  const mark = ({ name }: Limited, id: JobId): string => `${name} ${id}`;

  function holds(pool: Limited, { id, status, model }: JobSummary): boolean {
    if (pool.model !== null && pool.model !== model) return false;
    return status === "processing" || (alive.has(id) && !letGo.has(mark(pool, id)));
  }

  function inherit({ from, to }: { readonly from: JobId; readonly to: JobId }): void {
    for (const pool of limits.map(limited)) if (letGo.has(mark(pool, from))) letGo.add(mark(pool, to));
  }

  return {
    /** What is under way when a pool begins holds a slot of it; what has failed does if it held one of another. */
    setLimits: (next: readonly Limit[], jobs: readonly JobSummary[]): void => {
      const before = limits.map(limited);
      const stay = before.filter(({ name }) => next.some((limit) => limited(limit).name === name));
      for (const pool of next.map(limited)) {
        if (before.some(({ name }) => name === pool.name)) continue;
        for (const job of jobs.filter(({ id }) => alive.has(id))) {
          if (isEnded(job) && !stay.some((other) => holds(other, job))) letGo.add(mark(pool, job.id));
          else letGo.delete(mark(pool, job.id));
        }
      }
      limits = next;
    },
    /** What failed before then is followed by nobody, and this sweep has let go of it. */
    swept: (jobs: readonly JobSummary[], before: number): void => {
      for (const { id, endedAt } of jobs)
        if (endedAt !== null && endedAt <= before) for (const pool of limits.map(limited)) letGo.add(mark(pool, id));
    },
    /** A recovery takes up the request, with the slots that were not let go. */
    inherit,
    claimed: (id: JobId): void => {
      for (const pool of limits.map(limited)) letGo.delete(mark(pool, id));
    },
    pools: (jobs: readonly JobSummary[]): readonly Pool[] =>
      limits.map((limit) => {
        const pool = limited(limit);
        return { ...pool, size: limit.slots, holders: jobs.filter((job) => holds(pool, job)).map(({ id }) => id) };
      }),
  };
}

/** Every job of a scene is of the one provider. */
function limited(limit: Limit): Limited {
  return "model" in limit ? { name: limit.model, model: limit.model } : { name: limit.provider, model: null };
}
