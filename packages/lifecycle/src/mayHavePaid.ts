import type { LastJob } from "./asset.ts";

/**
 * Whether somebody may have paid a provider for a job, whatever it ended as: where nothing was quoted (a machine of one's own)
 * nobody charges.
 */
export function mayHavePaid(job: LastJob | null): boolean {
  return job !== null && job.endedAtProvider && job.quote > 0;
}
