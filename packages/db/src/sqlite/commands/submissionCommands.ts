import type { JobId, SubmissionId } from "@reelstate/lifecycle";
import type { SubmissionOutcome } from "../../Store.ts";
import type { Session } from "../Session.ts";

/** Evidence, not state: recorded whoever learns it, an attempt that lost its lease included (P1). */
export function openSubmission(
  session: Session,
  { submissionId, providerRef }: { readonly submissionId: SubmissionId; readonly providerRef: string },
): void {
  const jobId = session.sql.openSubmission.get({ submissionId, providerRef, at: session.now() }) as JobId | undefined;
  if (jobId !== undefined) session.sql.setJobSubmission.run("open", jobId);
}

export function endSubmission(
  session: Session,
  { submissionId, outcome }: { readonly submissionId: SubmissionId; readonly outcome: SubmissionOutcome },
): void {
  const jobId = session.sql.endSubmission.get({ submissionId, outcome, at: session.now() }) as JobId | undefined;
  if (jobId !== undefined) session.sql.setJobSubmission.run("ended", jobId);
}
