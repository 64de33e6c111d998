import { PROCESSING_PHASES } from "./status.ts";
import type { Asset, LiveJob, Progress } from "./asset.ts";
import type { Phase } from "./status.ts";
import type { JobId } from "./units.ts";

/** The latest value of an attempt, as the live feed tells it (E4). */
export interface ProgressReport {
  readonly jobId: JobId;
  readonly attempt: number;
  readonly phase: Phase;
  readonly progress: Progress;
}

/** The asset with the report in it, or the asset itself when the report is of another attempt or behind (E4, J3). */
export function mergeProgress(asset: Asset, report: ProgressReport): Asset {
  const job = asset.liveJob;
  if (job === null || job.id !== report.jobId || job.attempt !== report.attempt || job.status !== "processing")
    return asset;
  if (!isAhead(job, report)) return asset;
  return { ...asset, liveJob: { ...job, phase: report.phase, progress: report.progress } };
}

/** Whether a report says something else than the job shows without taking anything back: not phase, not fraction. */
export function isAhead(
  job: Pick<LiveJob, "phase" | "progress">,
  report: Pick<ProgressReport, "phase" | "progress">,
): boolean {
  const [was, is] = [rank(job.phase), rank(report.phase)];
  if (is < 0 || is < was) return false;
  if (job.progress.fraction !== null && (report.progress.fraction ?? -1) < job.progress.fraction) return false;
  return is > was || differs(job.progress, report.progress);
}

function rank(phase: Phase): number {
  return (PROCESSING_PHASES as readonly Phase[]).indexOf(phase);
}

function differs(a: Progress, b: Progress): boolean {
  return a.fraction !== b.fraction || a.kind !== b.kind || a.low !== b.low || a.high !== b.high;
}
