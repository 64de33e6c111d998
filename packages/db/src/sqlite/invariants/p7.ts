import type { JobId } from "@reelstate/lifecycle";
import type { Invariant } from "./Invariant.ts";

const LACKS = (pool: string): string =>
  `EXISTS (SELECT 1 FROM slot s WHERE s.pool = ${pool})
     AND NOT EXISTS (SELECT 1 FROM slot s WHERE s.pool = ${pool} AND s.job_id = j.id)`;

export const p7: readonly Invariant[] = [
  {
    name: "slot_without_work",
    rule: "P7",
    explanation: "A slot is held by a job of which nothing runs and no submission may be alive.",
    sql: `SELECT DISTINCT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId
      FROM slot l JOIN job j ON j.id = l.job_id
      WHERE j.status <> 'processing' AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.job_id = j.id AND s.state <> 'ended')`,
    mend: (session, { subject }) => session.slots.free(subject as JobId),
  },
  {
    name: "work_without_slot",
    rule: "P7",
    explanation: "A job runs at a provider or model with a limit and holds no slot of it.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId
      FROM job j WHERE j.status = 'processing'
        AND ((${LACKS("'provider/' || j.provider")}) OR (${LACKS("'model/' || j.model")}))`,
  },
];
