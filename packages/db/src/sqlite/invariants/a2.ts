import { assetFollows, reasonOf, versionFollows } from "./followStatus.ts";
import { tellMend } from "./tellMend.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";
import type { Broken, Invariant } from "./Invariant.ts";

export const a2: readonly Invariant[] = [
  {
    name: "job_and_version_differ",
    rule: "A2",
    explanation: "An asset's newest job and the version it makes do not have the same status.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId
      FROM asset a JOIN job j ON j.id = a.job_id JOIN version v ON v.id = j.version_id
      WHERE j.status <> v.status`,
    mend: versionFollowsJob,
  },
  {
    name: "unknown_live_job",
    rule: "A2",
    explanation: "A live job is not the one that its asset knows.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, a.id AS assetId
      FROM job j JOIN asset a ON a.id = j.asset_id
      WHERE j.status IN ('pending', 'processing') AND a.job_id IS NOT j.id`,
    mend: knowLiveJob,
  },
  {
    name: "asset_and_version_differ",
    rule: "A2",
    explanation: "An asset and its current version do not have the same status.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId
      FROM asset a JOIN version v ON v.id = a.current_version_id
      WHERE a.status <> v.status`,
    mend: assetFollowsVersion,
  },
];

/** The job is what was done; the version that it makes follows, and with it the asset that shows it. */
function versionFollowsJob(session: Session, { assetId }: Broken): boolean {
  const asset = assetId === null ? undefined : session.row.asset(assetId);
  const job = asset === undefined || asset.jobId === null ? undefined : session.row.job(asset.jobId);
  const version = job === undefined ? undefined : session.row.version(job.versionId);
  if (asset === undefined || job === undefined || version === undefined) return false;
  if (!versionFollows(session, version, job.status)) return false;
  if (asset.currentVersionId === version.id) assetFollows(session, asset, job.status, reasonOf(job));
  tellMend(session, asset.id, asset.status);
  return true;
}

function assetFollowsVersion(session: Session, { assetId }: Broken): boolean {
  const asset = assetId === null ? undefined : session.row.asset(assetId);
  const version = asset === undefined ? undefined : session.row.version(asset.currentVersionId);
  if (asset === undefined || version === undefined) return false;
  const job = asset.jobId === null ? undefined : session.row.job(asset.jobId);
  const said = job?.versionId === version.id ? job : undefined;
  if (!assetFollows(session, asset, version.status, reasonOf(said))) return false;
  tellMend(session, asset.id, asset.status);
  return true;
}

function knowLiveJob(session: Session, { subject, assetId }: Broken): boolean {
  if (assetId === null) return false;
  const live = session.db
    .prepare("SELECT id FROM job WHERE asset_id = ? AND status IN ('pending', 'processing')")
    .pluck()
    .all(assetId) as JobId[];
  // Which of two is the right one is a question of its own (J11).
  if (live.length !== 1) return false;
  session.db.prepare("UPDATE asset SET job_id = ? WHERE id = ?").run(subject, assetId);
  tellMend(session, assetId);
  return true;
}
