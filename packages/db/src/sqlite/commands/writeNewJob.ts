import { credits } from "@reelstate/lifecycle";
import type { AssetId, Credits, EpochMs, JobId, JobRow, NewJob, WorkspaceId } from "@reelstate/lifecycle";
import type { JobPlan } from "../../store/people.ts";
import type { Session } from "../Session.ts";

/** What the machine needs to know of a job that is about to be born, the credits at this moment included (C1). */
export function newJob(
  session: Session,
  subject: {
    readonly workspaceId: WorkspaceId;
    readonly jobId: JobId;
    readonly plan: JobPlan;
    readonly waiting: boolean;
  },
): NewJob {
  const { workspaceId, jobId, plan } = subject;
  const row = session.sql.workspace.get(workspaceId) as
    | { readonly balance: Credits; readonly held: Credits }
    | undefined;
  if (row === undefined) throw new Error(`There is no workspace ${workspaceId}.`);
  return {
    id: jobId,
    maxFailures: plan.maxFailures,
    maxLosses: plan.maxLosses,
    attemptTimeoutMs: plan.attemptTimeoutMs,
    jobTimeoutMs: plan.jobTimeoutMs,
    quote: plan.quote,
    available: credits(row.balance - row.held),
    inputs: subject.waiting ? "waiting" : "ready",
  };
}

export function writeNewJob(
  session: Session,
  subject: {
    readonly workspaceId: WorkspaceId;
    readonly assetId: AssetId;
    readonly job: JobRow;
    readonly plan: JobPlan;
    readonly at: EpochMs;
  },
): void {
  const { workspaceId, assetId, job, plan, at } = subject;
  session.sql.insertJob.run({
    id: job.id,
    versionId: job.versionId,
    status: job.status,
    phase: job.phase,
    maxFailures: job.maxFailures,
    maxLosses: job.maxLosses,
    firstClaimedAt: job.firstClaimedAt,
    attemptTimeoutMs: job.attemptTimeoutMs,
    jobTimeoutMs: job.jobTimeoutMs,
    submission: job.submission,
    recoverable: job.recoverable ? 1 : 0,
    workspaceId,
    assetId,
    model: plan.model,
    provider: plan.provider,
    priority: plan.priority,
    quote: plan.quote,
    holdState: "held",
    at,
  });
}
