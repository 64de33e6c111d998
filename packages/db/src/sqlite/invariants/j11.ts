import type { Invariant } from "./Invariant.ts";

export const j11: readonly Invariant[] = [
  {
    name: "two_live_jobs",
    rule: "J11",
    explanation: "An asset has more than one live job.",
    sql: `SELECT asset_id AS subject, workspace_id AS workspaceId, asset_id AS assetId FROM job
      WHERE status IN ('pending', 'processing')
      GROUP BY asset_id HAVING count(*) > 1`,
  },
];
