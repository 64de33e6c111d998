import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import { tellMend } from "./tellMend.ts";
import type { EpochMs } from "@reelstate/lifecycle";
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
];

function* tellSubmission({ subject, assetId }: Broken, at: EpochMs): Mending<boolean> {
  yield* rows(
    `UPDATE job SET submission = COALESCE(
       (SELECT state FROM submission WHERE job_id = job.id ORDER BY state <> 'ended' DESC LIMIT 1), 'none') WHERE id = $1`,
    subject,
  );
  if (assetId !== null) yield* tellMend(assetId, at);
  return true;
}
