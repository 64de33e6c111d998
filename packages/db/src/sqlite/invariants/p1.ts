import { tellMend } from "./tellMend.ts";
import type { Invariant } from "./Invariant.ts";

export const p1: readonly Invariant[] = [
  {
    name: "two_submissions",
    rule: "P1",
    explanation: "A job has more than one submission that may be alive.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId
      FROM submission s JOIN job j ON j.id = s.job_id
      WHERE s.state <> 'ended' GROUP BY j.id HAVING count(*) > 1`,
  },
  {
    name: "submission_untold",
    rule: "P1",
    explanation: "A job's row does not tell the state of its newest submission.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId
      FROM job j LEFT JOIN submission s ON s.job_id = j.id AND s.state <> 'ended'
      WHERE COALESCE(s.state, 'none') <> CASE j.submission WHEN 'ended' THEN 'none' ELSE j.submission END`,
    mend: (session, { subject, assetId }) => {
      session.db
        .prepare(
          `UPDATE job SET submission = COALESCE(
             (SELECT state FROM submission WHERE job_id = job.id ORDER BY state <> 'ended' DESC LIMIT 1), 'none') WHERE id = ?`,
        )
        .run(subject);
      if (assetId !== null) tellMend(session, assetId);
      return true;
    },
  },
];
