import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import { tellMend } from "./tellMend.ts";
import type { EpochMs } from "@reelstate/lifecycle";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const p6: readonly Invariant[] = [
  {
    name: "paid_unrecoverable",
    rule: "P6",
    explanation: "A failed job's submission is open, and the job cannot be recovered.",
    sql: `${subjectIs("j.id", "j.workspace_id", "j.asset_id")}
      FROM submission s JOIN job j ON j.id = s.job_id
      WHERE s.state = 'open' AND j.status = 'failed' AND NOT j.recoverable`,
    mend: makeRecoverable,
  },
];

function* makeRecoverable({ subject, assetId }: Broken, at: EpochMs): Mending<boolean> {
  yield* rows("UPDATE job SET recoverable = TRUE WHERE id = $1", subject);
  if (assetId !== null) yield* tellMend(assetId, at);
  return true;
}
