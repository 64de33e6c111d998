import { epochMs } from "@reelstate/lifecycle";
import { loadRowsOfJob } from "../loadRows.ts";
import { moveAsset } from "../moveAsset.ts";
import { claimOrder } from "./claimOrder.ts";
import type { JobRow, WorkspaceId } from "@reelstate/lifecycle";
import type { Claim, ClaimedJob } from "../../store/attempts.ts";
import type { OpenSubmission } from "../../store/submissions.ts";
import type { StoredMedia } from "../../store/keeping.ts";
import type { LoadedRows } from "../loadRows.ts";
import type { Session } from "../Session.ts";

/** Whose turn it is: the workspace served last, so that the next claim begins after it. */
export interface Rotation {
  last: WorkspaceId | null;
}

/**
 * Takes claimable jobs, one workspace after the other, priority and age inside one, each with the slots it works in (J2, P7).
 */
export function claimJobs(session: Session, rotation: Rotation, request: Claim): readonly ClaimedJob[] {
  const at = session.now();
  const claimed: ClaimedJob[] = [];
  for (const ready of claimOrder(session, rotation, { ...request, now: at })) {
    const loaded = loadRowsOfJob(session, ready.id);
    if (loaded === null) continue;
    const { leaseMs, workerId } = request;
    const decision = moveAsset(session, loaded, { type: "claim", at, leaseMs }, { workerId });
    if (!decision.ok) continue;
    session.slots.take(ready);
    claimed.push(claimedJob(session, loaded, decision.next.job));
  }
  return claimed;
}

function claimedJob(session: Session, { asset, version, job: record }: LoadedRows, job: JobRow | null): ClaimedJob {
  if (record === null || job === null) throw new Error(`Asset ${asset.id} was claimed without a job.`);
  const { attempt, startedAt, firstClaimedAt, leaseUntil } = job;
  if (startedAt === null || firstClaimedAt === null || leaseUntil === null)
    throw new Error(`Job ${job.id} was claimed without times.`);
  return {
    jobId: job.id,
    attempt,
    workspaceId: asset.workspaceId,
    assetId: asset.id,
    versionId: version.id,
    type: asset.type,
    model: record.model,
    provider: record.provider,
    prompt: version.prompt,
    params: version.params,
    inputs: version.inputs.map(({ versionId }) => ({
      versionId,
      media: session.sql.mediaOfVersion.get(versionId) as StoredMedia,
    })),
    quote: record.quote,
    failures: job.failures,
    losses: job.losses,
    maxFailures: job.maxFailures,
    createdAt: record.createdAt,
    attemptDeadlineAt: epochMs(startedAt + job.attemptTimeoutMs),
    jobDeadlineAt: epochMs(firstClaimedAt + job.jobTimeoutMs),
    leaseUntil,
    cancelRequested: job.cancelRequestedAt !== null,
    submission:
      job.submission === "none"
        ? null
        : ((session.sql.aliveSubmission.get(job.id) as OpenSubmission | undefined) ?? null),
  };
}
