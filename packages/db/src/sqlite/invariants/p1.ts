import { tellMend } from "./tellMend.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";
import type { Broken, Invariant } from "./Invariant.ts";

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
  {
    name: "submission_outlived",
    rule: "P1",
    explanation: "A job has ended, not as failed, and a submission of it may still be alive.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId
      FROM submission s JOIN job j ON j.id = s.job_id
      WHERE s.state <> 'ended' AND j.status IN ('completed', 'cancelled')`,
    mend: endWithOutput,
  },
];

/** A completed job has the output in our storage, so its submission has ended; what became of a cancelled one nobody knows. */
function endWithOutput(session: Session, { subject, assetId }: Broken): boolean {
  const jobId = subject as JobId;
  if (assetId === null || session.row.job(jobId)?.status !== "completed") return false;
  session.sql.endSubmissionsOfJob.run({ jobId, outcome: "succeeded", at: session.now() });
  session.sql.setJobSubmission.run("ended", jobId);
  session.slots.free(jobId);
  tellMend(session, assetId);
  return true;
}
