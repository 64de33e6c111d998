import type { AssetId, AssetRows, AssetType, Credits, HoldRow, JobId, JobRow, ProjectId, Status, WorkspaceId } from "@reelstate/lifecycle";
import type { AssetRow, VersionRow } from "@reelstate/lifecycle";
import type { Session } from "./Session.ts";

/** The rows that `advance` decides on, and what a command needs to know beside them. */
export interface LoadedRows {
  readonly rows: AssetRows;
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly type: AssetType;
  readonly name: string;
  readonly model: string | null;
  readonly provider: string | null;
}

interface FlatRow extends JobRow {
  readonly assetId: AssetId;
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly type: AssetType;
  readonly origin: AssetRow["origin"];
  readonly name: string;
  readonly assetStatus: Status;
  readonly currentVersionId: AssetRow["currentVersionId"];
  readonly assetErrorCode: AssetRow["errorCode"];
  readonly assetErrorMessage: string | null;
  readonly rowVersion: number;
  readonly deletedAt: AssetRow["deletedAt"];
  readonly rowVersionId: VersionRow["id"];
  readonly number: number;
  readonly versionStatus: Status;
  readonly hasMedia: 0 | 1;
  readonly holdState: HoldRow["state"];
  readonly quote: Credits;
  readonly model: string | null;
  readonly provider: string | null;
}

export function loadRowsOfAsset(session: Session, workspaceId: WorkspaceId, assetId: AssetId): LoadedRows | null {
  return loaded(session.sql.rowsOfAsset.get(assetId, workspaceId) as FlatRow | undefined);
}

export function loadRowsOfJob(session: Session, jobId: JobId): LoadedRows | null {
  return loaded(session.sql.rowsOfJob.get(jobId) as FlatRow | undefined);
}

function loaded(row: FlatRow | undefined): LoadedRows | null {
  if (row === undefined) return null;
  const hasJob = row.id !== null;
  return {
    rows: {
      asset: {
        id: row.assetId,
        origin: row.origin,
        status: row.assetStatus,
        currentVersionId: row.currentVersionId,
        errorCode: row.assetErrorCode,
        errorMessage: row.assetErrorMessage,
        rowVersion: row.rowVersion,
        deletedAt: row.deletedAt,
      },
      version: { id: row.rowVersionId, number: row.number, status: row.versionStatus, hasMedia: row.hasMedia === 1 },
      job: hasJob ? jobRow(row) : null,
      hold: hasJob ? { state: row.holdState, amount: row.quote } : null,
    },
    workspaceId: row.workspaceId,
    projectId: row.projectId,
    type: row.type,
    name: row.name,
    model: row.model,
    provider: row.provider,
  };
}

function jobRow(row: FlatRow): JobRow {
  return {
    id: row.id,
    versionId: row.versionId,
    status: row.status,
    phase: row.phase,
    attempt: row.attempt,
    failures: row.failures,
    maxFailures: row.maxFailures,
    losses: row.losses,
    maxLosses: row.maxLosses,
    fraction: row.fraction,
    leaseUntil: row.leaseUntil,
    nextTryAt: row.nextTryAt,
    startedAt: row.startedAt,
    firstClaimedAt: row.firstClaimedAt,
    attemptTimeoutMs: row.attemptTimeoutMs,
    jobTimeoutMs: row.jobTimeoutMs,
    cancelRequestedAt: row.cancelRequestedAt,
    submission: row.submission,
    recoverable: Boolean(row.recoverable),
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    endedAt: row.endedAt,
  };
}
