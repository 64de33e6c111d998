import type { Invariant } from "./Invariant.ts";

export const a3: readonly Invariant[] = [
  {
    name: "current_version_missing",
    rule: "A3",
    explanation: "An asset's current version belongs to another asset, or is not there.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId
      FROM asset a LEFT JOIN version v ON v.id = a.current_version_id
      WHERE (v.id IS NULL OR v.asset_id <> a.id)`,
  },
];
