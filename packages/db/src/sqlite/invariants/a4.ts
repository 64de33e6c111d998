import type { Invariant } from "./Invariant.ts";

export const a4: readonly Invariant[] = [
  {
    name: "failure_unexplained",
    rule: "A4",
    explanation: "A failed asset does not say why.",
    sql: `SELECT id AS subject, workspace_id AS workspaceId, id AS assetId FROM asset
      WHERE status = 'failed' AND (error_code IS NULL OR COALESCE(error_message, '') = '')`,
  },
];
