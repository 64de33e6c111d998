import type { Refused } from "./decision.ts";
import type { NewJob } from "./events.ts";
import type { Credits } from "./units.ts";

/** Null when the workspace can pay for the job, else the refusal with what is missing (C1). */
export function affordable(job: NewJob): Refused | null {
  if (job.quote <= job.available) return null;
  return { ok: false, why: "insufficient_credits", short: (job.quote - job.available) as Credits };
}
