import { tellMend } from "./tellMend.ts";
import type { Invariant } from "./Invariant.ts";

export const p6: readonly Invariant[] = [
  {
    name: "paid_unrecoverable",
    rule: "P6",
    explanation: "A failed job's submission is open, and the job cannot be recovered.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId
      FROM submission s JOIN job j ON j.id = s.job_id
      WHERE s.state = 'open' AND j.status = 'failed' AND NOT j.recoverable`,
    mend: (session, { subject, assetId }) => {
      session.sql.makeRecoverable.get(subject);
      if (assetId !== null) tellMend(session, assetId);
      return true;
    },
  },
];
