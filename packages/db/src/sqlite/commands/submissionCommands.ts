import type { AssetId, EpochMs, JobId, SubmissionId } from "@reelstate/lifecycle";
import type { SubmissionOutcome } from "../../store/submissions.ts";
import type { Session } from "../Session.ts";

/** Evidence, not state: recorded whoever learns it, an attempt that lost its lease included (P1). */
export function openSubmission(
  session: Session,
  { submissionId, providerRef }: { readonly submissionId: SubmissionId; readonly providerRef: string },
): void {
  const at = session.now();
  const found = session.sql.openSubmission.get({ submissionId, providerRef, at }) as
    | { readonly jobId: JobId; readonly state: "open" | "ended" }
    | undefined;
  if (found?.state !== "open") return;
  session.sql.setJobSubmission.run("open", found.jobId);
  // The answer came when the job had failed already: what was paid for can now be found (P6).
  const assetId = session.sql.makeRecoverable.get(found.jobId) as AssetId | undefined;
  if (assetId === undefined) return;
  session.sql.countRowVersion.run({ assetId, jobId: found.jobId, at });
  tellAgain(session, found.jobId, at);
}

/** What a failure means has changed, so it is told once more: an open page must offer Recover, not another purchase (E1). */
function tellAgain(session: Session, jobId: JobId, at: EpochMs): void {
  const job = session.row.job(jobId);
  const asset = job === undefined ? undefined : session.row.asset(job.assetId);
  if (job === undefined || asset === undefined) throw new Error(`Job ${jobId} has no row.`);
  const seq = session.sql.countOnWorkspace.get(0, 0, asset.workspaceId);
  session.sql.insertEvent.run({
    workspaceId: asset.workspaceId,
    seq,
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
  });
  session.changed.feed = true;
}

export function endSubmission(
  session: Session,
  { submissionId, outcome }: { readonly submissionId: SubmissionId; readonly outcome: SubmissionOutcome },
): void {
  const jobId = session.sql.endSubmission.get({ submissionId, outcome, at: session.now() }) as JobId | undefined;
  if (jobId === undefined) return;
  session.sql.setJobSubmission.run("ended", jobId);
  // No attempt is left to give the slots back: whoever knows of the end does (P7).
  if (session.row.job(jobId)?.status !== "processing" && session.slots.free(jobId)) session.changed.work = true;
}
