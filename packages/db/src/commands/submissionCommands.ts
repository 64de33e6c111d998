import { storable } from "../rows/storable.ts";
import type { EpochMs, JobId, SubmissionId } from "@reelstate/lifecycle";
import type { SubmissionOutcome } from "../store/submissions.ts";
import type { Desk } from "./Desk.ts";

/** Evidence, not state: recorded whoever learns it, an attempt that lost its lease included (P1). */
export function openSubmission(
  desk: Desk,
  { submissionId, providerRef }: { readonly submissionId: SubmissionId; readonly providerRef: string },
): void {
  const at = desk.now();
  const found = desk.openSubmission({ submissionId, providerRef: storable(providerRef), at });
  if (found?.state !== "open") return;
  const job = desk.job(found.jobId);
  if (job === undefined) return;
  // The answer came when the job had failed already: what was paid for can now be found (P6).
  const recovers = job.status === "failed" && !job.recoverable;
  desk.noteOnJob(job, { submission: "open", ...(recovers ? { recoverable: true } : {}) });
  if (recovers) tellAgain(desk, job.id, at);
}

/** What a failure means has changed, so it is told once more: an open page must offer Recover, not another purchase (E1). */
function tellAgain(desk: Desk, jobId: JobId, at: EpochMs): void {
  const job = desk.job(jobId);
  const asset = job === undefined ? undefined : desk.asset(job.assetId);
  if (job === undefined || asset === undefined) throw new Error(`Job ${jobId} has no row.`);
  if (asset.jobId === jobId) desk.updateAsset(asset, { ...asset, rowVersion: asset.rowVersion + 1, updatedAt: at });
  desk.record(
    {
      workspaceId: asset.workspaceId,
      at,
      event: "fail",
      assetId: asset.id,
      versionId: job.versionId,
      jobId,
      attempt: job.attempt,
      from: asset.status,
      to: asset.status,
      jobFrom: job.status,
      jobTo: job.status,
      code: job.errorCode,
    },
    null,
  );
  desk.tell("feed");
}

export function endSubmission(
  desk: Desk,
  { submissionId, outcome }: { readonly submissionId: SubmissionId; readonly outcome: SubmissionOutcome },
): void {
  const jobId = desk.endSubmission({ submissionId, outcome, at: desk.now() });
  const job = jobId === undefined ? undefined : desk.job(jobId);
  if (job === undefined) return;
  desk.noteOnJob(job, { submission: "ended" });
  // No attempt is left to give the slots back: whoever knows of the end does (P7).
  if (job.status !== "processing") desk.freeSlots(job.id);
}
