import { loadRowsOfJob } from "./loadRows.ts";
import { moveAsset } from "./moveAsset.ts";
import type { DurationMs, EpochMs, JobId, JobRow, LifecycleEvent } from "@reelstate/lifecycle";
import type { Desk } from "./Desk.ts";
import type { Moved } from "./moveAsset.ts";

/** What a sweep finds about a job. */
export type Swept = "job_overdue" | "attempt_overdue" | "lease_over" | "model_gone";

/** Tells the machine what was found, if it is still so; whether it was. */
export function sweepJob(
  desk: Desk,
  { jobId, found }: { readonly jobId: JobId; readonly found: Swept },
  { drawBackoff, moved }: { readonly drawBackoff: (tries: number) => DurationMs; readonly moved: Moved },
): boolean {
  const loaded = loadRowsOfJob(desk, jobId);
  if (loaded === null || loaded.rows.job === null) return false;
  const event = eventOf(found, loaded.rows.job, { at: desk.now(), drawBackoff, model: loaded.job?.model ?? "" });
  return moveAsset(desk, loaded, event, { moved }).ok;
}

function eventOf(
  found: Swept,
  job: JobRow,
  known: { readonly at: EpochMs; readonly drawBackoff: (tries: number) => DurationMs; readonly model: string },
): LifecycleEvent {
  const { at, drawBackoff } = known;
  const { attempt } = job;
  switch (found) {
    case "job_overdue":
      return { type: "expire", at, attempt, scope: "job", backoffMs: drawBackoff(job.failures + 1) };
    case "attempt_overdue":
      return { type: "expire", at, attempt, scope: "attempt", backoffMs: drawBackoff(job.failures + 1) };
    case "lease_over":
      return { type: "lose", at, attempt, backoffMs: drawBackoff(job.losses + 1) };
    case "model_gone":
      return {
        type: "reject",
        at,
        code: "invalid_input",
        message: `The model ${known.model} is no longer offered here. Choose another one.`,
      };
  }
}
