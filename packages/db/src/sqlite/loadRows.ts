import type { AssetId, AssetRows, JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { AssetRecord, JobRecord, VersionRecord } from "./rowStatements.ts";
import type { Session } from "./Session.ts";

/** The rows that `advance` decides on, and the whole records they were taken from. */
export interface LoadedRows {
  readonly rows: AssetRows;
  readonly asset: AssetRecord;
  /** The version that the job makes; the current one when there is no job. */
  readonly version: VersionRecord;
  readonly job: JobRecord | null;
}

export function loadRowsOfAsset(session: Session, workspaceId: WorkspaceId, assetId: AssetId): LoadedRows | null {
  const asset = session.row.asset(assetId);
  if (asset === undefined || asset.workspaceId !== workspaceId) return null;
  const job = asset.jobId === null ? undefined : session.row.job(asset.jobId);
  return loaded(session, asset, job ?? null);
}

export function loadRowsOfJob(session: Session, jobId: JobId): LoadedRows | null {
  const job = session.row.job(jobId);
  if (job === undefined) return null;
  const asset = session.row.asset(job.assetId);
  return asset === undefined ? null : loaded(session, asset, job);
}

function loaded(session: Session, asset: AssetRecord, job: JobRecord | null): LoadedRows {
  const versionId = job?.versionId ?? asset.currentVersionId;
  const version = session.row.version(versionId);
  if (version === undefined) throw new Error(`Version ${versionId} of asset ${asset.id} is missing.`);
  return {
    rows: {
      asset,
      version: { id: version.id, number: version.number, status: version.status, hasMedia: version.mediaKey !== null },
      job,
      hold: job === null ? null : { state: job.holdState, amount: job.quote },
    },
    asset,
    version,
    job,
  };
}
