import { neverArrived } from "@reelstate/lifecycle";
import { storable } from "../rows/storable.ts";
import { loadRowsOfJob } from "./loadRows.ts";
import type { AssetRow, EpochMs, JobId, SubmissionId } from "@reelstate/lifecycle";
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

/**
 * What a failure means has changed, so it is told once more: an open page must offer Recover, not another purchase (E1), and no
 * longer say of one that it may cost twice. `said` is what the asset's own row says of it since. An asset on which something
 * else was begun meanwhile shows nothing of it, and a deleted one shows nothing: there it is no news.
 */
function tellAgain(desk: Desk, jobId: JobId, at: EpochMs, said: Partial<AssetRow> = {}): void {
  const job = desk.job(jobId);
  const asset = job === undefined ? undefined : desk.asset(job.assetId);
  if (job === undefined || asset === undefined) throw new Error(`Job ${jobId} has no row.`);
  if (asset.jobId !== jobId || asset.deletedAt !== null) return;
  desk.updateAsset(asset, { ...asset, ...said, rowVersion: asset.rowVersion + 1, updatedAt: at });
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
  const at = desk.now();
  const jobId = desk.endSubmission({ submissionId, outcome, at });
  const job = jobId === undefined ? undefined : desk.job(jobId);
  if (job === undefined) return;
  if (outcome !== "never_arrived" || !disproved(desk, job.id, at)) desk.noteOnJob(job, { submission: leftOf(outcome) });
  // No attempt is left to give the slots back: whoever knows of the end does (P7).
  if (job.status !== "processing") desk.freeSlots(job.id);
}

/** What its job's row says of a submission that is over: of what never arrived, or ended for free, nothing is left (U1). */
export function leftOf(outcome: SubmissionOutcome, free = false): "ended" | "none" {
  return free || outcome === "never_arrived" ? "none" : "ended";
}

/** It had failed over a request of which nobody knew: now it is known that there was none (P2, P6). */
export function disproved(desk: Desk, jobId: JobId, at: EpochMs): boolean {
  const loaded = loadRowsOfJob(desk, jobId);
  const next = loaded === null ? null : neverArrived(loaded.rows);
  if (loaded === null || loaded.job === null || next === null || next.job === null) return false;
  const { submission, recoverable, errorCode, errorMessage } = next.job;
  desk.noteOnJob(loaded.job, { submission, recoverable, errorCode, errorMessage });
  const { errorCode: code, errorMessage: message } = next.asset;
  tellAgain(desk, jobId, at, { errorCode: code, errorMessage: message });
  return true;
}
