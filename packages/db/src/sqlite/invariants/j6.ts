import type { Invariant } from "./Invariant.ts";

/** How long after its lease a job may still stand as processing: a sweep has had every chance by then. */
const SWEEP_GRACE_MS = 60_000;

export const j6: readonly Invariant[] = [
  {
    name: "job_stuck",
    rule: "J6",
    explanation: "A job stands as processing long after its lease has ended.",
    sql: `SELECT id AS subject, workspace_id AS workspaceId, asset_id AS assetId FROM job
      WHERE status = 'processing' AND COALESCE(lease_until, 0) < @now - ${SWEEP_GRACE_MS}
       `,
  },
];
