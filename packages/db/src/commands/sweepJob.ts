import { loadRowsOfJob } from "./loadRows.ts";
import { moveAsset } from "./moveAsset.ts";
import type { DurationMs, EpochMs, ErrorCode, JobId, LifecycleEvent } from "@reelstate/lifecycle";
import type { JobRecord } from "../rows/records.ts";
import type { Desk } from "./Desk.ts";
import type { Moved } from "./moveAsset.ts";

/** What a sweep finds about a job. */
export type Swept = "job_overdue" | "attempt_overdue" | "lease_over" | "nobodys";

/** Tells the machine what was found, if it is still so; whether it was. */
export function sweepJob(
  desk: Desk,
  { jobId, found }: { readonly jobId: JobId; readonly found: Swept },
  { drawBackoff, moved }: { readonly drawBackoff: (tries: number) => DurationMs; readonly moved: Moved },
): boolean {
  const loaded = loadRowsOfJob(desk, jobId);
  if (loaded === null || loaded.job === null) return false;
  const event = eventOf(found, loaded.job, { at: desk.now(), drawBackoff });
  return moveAsset(desk, loaded, event, { moved }).ok;
}

function eventOf(
  found: Swept,
  job: JobRecord,
  { at, drawBackoff }: { readonly at: EpochMs; readonly drawBackoff: (tries: number) => DurationMs },
): LifecycleEvent {
  const { attempt } = job;
  switch (found) {
    case "job_overdue":
      return { type: "expire", at, attempt, scope: "job", backoffMs: drawBackoff(job.failures + 1) };
    case "attempt_overdue":
      return { type: "expire", at, attempt, scope: "attempt", backoffMs: drawBackoff(job.failures + 1) };
    case "lease_over":
      return { type: "lose", at, attempt, backoffMs: drawBackoff(job.losses + 1) };
    case "nobodys":
      return { type: "reject", at, ...nobodys(job) };
  }
}

function nobodys({ submission, model, provider }: JobRecord): { readonly code: ErrorCode; readonly message: string } {
  if (submission === "intended" || submission === "open") {
    const message = `The provider ${provider}, which was asked to make this, is no longer connected here.`;
    return { code: "provider_unavailable", message };
  }
  return { code: "invalid_input", message: `The model ${model} is no longer offered here. Choose another one.` };
}
