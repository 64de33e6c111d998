import { loadRowsOfJob } from "../loadRows.ts";
import { moveAsset } from "../moveAsset.ts";
import type { AssetId, AssetParams, JobId, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { Claim, ClaimedJob, OpenSubmission, StoredMedia } from "../../Store.ts";
import type { Session } from "../Session.ts";

/** Whose turn it is: the workspace served last, so that the next claim begins after it. */
export interface Rotation {
  last: WorkspaceId | null;
}

/** Takes claimable jobs, one workspace after the other, priority and age inside one (J2). */
export function claimJobs(session: Session, rotation: Rotation, request: Claim): readonly ClaimedJob[] {
  const at = session.now();
  const models = JSON.stringify(request.models);
  const claimed: ClaimedJob[] = [];
  for (const jobId of inTurn(session, rotation, { now: at, models, limit: request.limit })) {
    const loaded = loadRowsOfJob(session, jobId);
    if (loaded === null) continue;
    const decision = moveAsset(session, loaded, { type: "claim", at, leaseMs: request.leaseMs });
    if (!decision.ok) continue;
    session.sql.setWorker.run(request.workerId, jobId);
    claimed.push(claimedJob(session, jobId));
  }
  return claimed;
}

function inTurn(
  session: Session,
  rotation: Rotation,
  request: { readonly now: number; readonly models: string; readonly limit: number },
): readonly JobId[] {
  const ready = session.sql.readyWorkspaces.all() as WorkspaceId[];
  const start = ready.findIndex((id) => rotation.last === null || id > rotation.last);
  const order = start <= 0 ? ready : [...ready.slice(start), ...ready.slice(0, start)];
  const lines = order.map((workspaceId) => ({
    workspaceId,
    jobs: session.sql.readyJobs.all({ ...request, workspaceId }) as JobId[],
  }));
  const taken: JobId[] = [];
  for (let turn = 0; taken.length < request.limit; turn += 1) {
    const before = taken.length;
    for (const { workspaceId, jobs } of lines) {
      const jobId = jobs[turn];
      if (jobId === undefined || taken.length >= request.limit) continue;
      taken.push(jobId);
      rotation.last = workspaceId;
    }
    if (taken.length === before) break;
  }
  return taken;
}

interface ClaimedRow extends Omit<ClaimedJob, "jobId" | "params" | "inputs" | "cancelRequested" | "submission"> {
  readonly params: string;
  readonly inputs: string;
  readonly cancelRequested: 0 | 1;
}

function claimedJob(session: Session, jobId: JobId): ClaimedJob {
  const row = session.sql.claimedJob.get(jobId) as ClaimedRow;
  const inputs = JSON.parse(row.inputs) as readonly { readonly assetId: AssetId; readonly versionId: VersionId }[];
  return {
    ...row,
    jobId,
    params: JSON.parse(row.params) as AssetParams,
    inputs: inputs.map(({ versionId }) => ({
      versionId,
      media: session.sql.mediaOfVersion.get(versionId) as StoredMedia,
    })),
    cancelRequested: row.cancelRequested === 1,
    submission: (session.sql.aliveSubmission.get(jobId) as OpenSubmission | undefined) ?? null,
  };
}
