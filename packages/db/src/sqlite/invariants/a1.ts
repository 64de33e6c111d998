import type { Invariant } from "./Invariant.ts";

export const a1: readonly Invariant[] = [
  {
    name: "no_live_job",
    rule: "A1",
    explanation: "A generated asset that is being made has no live job.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId FROM asset a
      WHERE a.status IN ('pending', 'processing')
        AND NOT EXISTS (SELECT 1 FROM job j WHERE j.asset_id = a.id AND j.status IN ('pending', 'processing'))`,
  },
];
