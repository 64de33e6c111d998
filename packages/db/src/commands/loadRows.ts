import { loadedRows } from "../rows/loadedRows.ts";
import type { AssetId, JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { LoadedRows } from "../rows/loadedRows.ts";
import type { AssetRecord, JobRecord } from "../rows/records.ts";
import type { Desk } from "./Desk.ts";

export function loadRowsOfAsset(desk: Desk, workspaceId: WorkspaceId, assetId: AssetId): LoadedRows | null {
  const asset = desk.asset(assetId);
  if (asset === undefined || asset.workspaceId !== workspaceId) return null;
  const job = asset.jobId === null ? undefined : desk.job(asset.jobId);
  return loaded(desk, asset, job ?? null);
}

export function loadRowsOfJob(desk: Desk, jobId: JobId): LoadedRows | null {
  const job = desk.job(jobId);
  if (job === undefined) return null;
  const asset = desk.asset(job.assetId);
  return asset === undefined ? null : loaded(desk, asset, job);
}

function loaded(desk: Desk, asset: AssetRecord, job: JobRecord | null): LoadedRows {
  const versionId = job?.versionId ?? asset.currentVersionId;
  const version = desk.version(versionId);
  if (version === undefined) throw new Error(`Version ${versionId} of asset ${asset.id} is missing.`);
  return loadedRows(asset, version, job);
}
