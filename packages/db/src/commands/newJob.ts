import { credits } from "@reelstate/lifecycle";
import type { AssetId, EpochMs, JobId, JobRow, NewJob, WorkspaceId } from "@reelstate/lifecycle";
import type { JobRecord } from "../rows/records.ts";
import type { JobPlan } from "../store/people.ts";
import type { CreditSummary, WorkspaceCredits } from "../store/views.ts";
import type { Desk } from "./Desk.ts";

/** What a workspace has at this moment. */
export function creditOf(desk: Desk, workspaceId: WorkspaceId): WorkspaceCredits {
  const credit = desk.credit(workspaceId);
  if (credit === undefined) throw new Error(`There is no workspace ${workspaceId}.`);
  return credit;
}

/** What the machine needs to know of a job that is about to be born, the credits at this moment included (C1). */
export function newJob(subject: {
  readonly credit: CreditSummary;
  readonly jobId: JobId;
  readonly plan: JobPlan;
  readonly waiting: boolean;
}): NewJob {
  const { credit, jobId, plan } = subject;
  return {
    id: jobId,
    maxFailures: plan.maxFailures,
    maxLosses: plan.maxLosses,
    attemptTimeoutMs: plan.attemptTimeoutMs,
    jobTimeoutMs: plan.jobTimeoutMs,
    quote: plan.quote,
    available: credits(credit.balance - credit.held),
    inputs: subject.waiting ? "waiting" : "ready",
  };
}

/** The whole row of a job as it is born. */
export function newJobRecord(subject: {
  readonly workspaceId: WorkspaceId;
  readonly assetId: AssetId;
  readonly job: JobRow;
  readonly plan: JobPlan;
  readonly at: EpochMs;
}): JobRecord {
  const { workspaceId, assetId, job, plan, at } = subject;
  const { model, provider, priority, quote } = plan;
  return {
    ...job,
    workspaceId,
    assetId,
    model,
    provider,
    priority,
    quote,
    holdState: "held",
    workerId: null,
    progressAt: null,
    errorDetail: null,
    createdAt: at,
  };
}
