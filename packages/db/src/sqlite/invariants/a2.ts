import type { Invariant } from "./Invariant.ts";

export const a2: readonly Invariant[] = [
  {
    name: "job_and_version_differ",
    rule: "A2",
    explanation: "An asset's newest job and the version it makes do not have the same status.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId
      FROM asset a JOIN job j ON j.id = a.job_id JOIN version v ON v.id = j.version_id
      WHERE j.status <> v.status`,
  },
  {
    name: "unknown_live_job",
    rule: "A2",
    explanation: "A live job is not the one that its asset knows.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, a.id AS assetId
      FROM job j JOIN asset a ON a.id = j.asset_id
      WHERE j.status IN ('pending', 'processing') AND a.job_id IS NOT j.id`,
  },
  {
    name: "asset_and_version_differ",
    rule: "A2",
    explanation: "An asset and its current version do not have the same status.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId
      FROM asset a JOIN version v ON v.id = a.current_version_id
      WHERE a.status <> v.status`,
  },
];
