import type { Invariant } from "./Invariant.ts";

export const c2: readonly Invariant[] = [
  {
    name: "hold_state_wrong",
    rule: "C2",
    explanation: "A job's hold did not end with it as it should have.",
    sql: `SELECT id AS subject, workspace_id AS workspaceId, asset_id AS assetId FROM job
      WHERE hold_state <> CASE status WHEN 'completed' THEN 'captured'
        WHEN 'failed' THEN 'released' WHEN 'cancelled' THEN 'released' ELSE 'held' END`,
  },
  {
    name: "ledger_lines_wrong",
    rule: "C2",
    explanation: "A job's lines in the ledger are not one hold and, once ended, one end.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId
      FROM job j LEFT JOIN credit_entry e ON e.job_id = j.id
      GROUP BY j.id
      HAVING j.quote > 0 AND (COALESCE(sum(e.kind = 'hold' AND e.held = j.quote), 0) <> 1
        OR COALESCE(sum(e.kind IN ('capture', 'release')), 0) <> (j.status IN ('completed', 'failed', 'cancelled')))`,
  },
];
