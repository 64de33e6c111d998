import type { AssetId, JobId, SubmissionId } from "@reelstate/lifecycle";
import type { SubmissionOutcome } from "../../Store.ts";
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
  if (assetId !== undefined) session.sql.countRowVersion.run({ assetId, jobId: found.jobId, at });
}

export function endSubmission(
  session: Session,
  { submissionId, outcome }: { readonly submissionId: SubmissionId; readonly outcome: SubmissionOutcome },
): void {
  const jobId = session.sql.endSubmission.get({ submissionId, outcome, at: session.now() }) as JobId | undefined;
  if (jobId !== undefined) session.sql.setJobSubmission.run("ended", jobId);
}
