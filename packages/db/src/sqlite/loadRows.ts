import { loadedRows } from "../rows/loadedRows.ts";
import type { AssetId, JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { LoadedRows } from "../rows/loadedRows.ts";
import type { AssetRecord, JobRecord } from "../rows/records.ts";
import type { Session } from "./Session.ts";

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
  return loadedRows(asset, version, job);
}
