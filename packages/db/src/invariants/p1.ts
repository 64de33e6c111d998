import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import { jobOf } from "./recorded.ts";
import { tellMend } from "./tellMend.ts";
import type { EpochMs, JobId } from "@reelstate/lifecycle";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const p1: readonly Invariant[] = [
  {
    name: "two_submissions",
    rule: "P1",
    explanation: "A job has more than one submission that may be alive.",
    sql: `${subjectIs("j.id", "j.workspace_id", "j.asset_id")}
      FROM submission s JOIN job j ON j.id = s.job_id
      WHERE s.state <> 'ended' GROUP BY j.id, j.workspace_id, j.asset_id HAVING count(*) > 1`,
  },
  {
    name: "submission_untold",
    rule: "P1",
    explanation: "A job's row does not tell the state of its newest submission.",
    sql: `${subjectIs("j.id", "j.workspace_id", "j.asset_id")}
      FROM job j LEFT JOIN submission s ON s.job_id = j.id AND s.state <> 'ended'
      WHERE COALESCE(s.state, 'none') <> CASE j.submission WHEN 'ended' THEN 'none' ELSE j.submission END`,
    mend: tellSubmission,
  },
  {
    name: "submission_outlived",
    rule: "P1",
    explanation: "A job has ended, not as failed, and a submission of it may still be alive.",
    sql: `${subjectIs("j.id", "j.workspace_id", "j.asset_id")}
      FROM submission s JOIN job j ON j.id = s.job_id
      WHERE s.state <> 'ended' AND j.status IN ('completed', 'cancelled')`,
    mend: endWithOutput,
  },
];

/** A completed job has the output in our storage, so its submission has ended; what became of a cancelled one nobody knows. */
function* endWithOutput({ subject, assetId }: Broken, at: EpochMs): Mending<boolean> {
  if (assetId === null || (yield* jobOf(subject as JobId))?.status !== "completed") return false;
  yield* rows(
    "UPDATE submission SET state = 'ended', outcome = 'succeeded', ended_at = $1 WHERE job_id = $2 AND state <> 'ended'",
    at,
    subject,
  );
  yield* rows("UPDATE job SET submission = 'ended' WHERE id = $1", subject);
  yield* rows("UPDATE slot SET job_id = NULL WHERE job_id = $1", subject);
  yield* tellMend(assetId, at);
  return true;
}

function* tellSubmission({ subject, assetId }: Broken, at: EpochMs): Mending<boolean> {
  yield* rows(
    `UPDATE job SET submission = COALESCE(
       (SELECT state FROM submission WHERE job_id = job.id ORDER BY state <> 'ended' DESC LIMIT 1), 'none') WHERE id = $1`,
    subject,
  );
  if (assetId !== null) yield* tellMend(assetId, at);
  return true;
}
