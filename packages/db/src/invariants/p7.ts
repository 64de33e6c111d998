import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

const LACKS = (pool: string): string =>
  `EXISTS (SELECT 1 FROM slot s WHERE s.pool = ${pool})
     AND NOT EXISTS (SELECT 1 FROM slot s WHERE s.pool = ${pool} AND s.job_id = j.id)`;

export const p7: readonly Invariant[] = [
  {
    name: "slot_without_work",
    rule: "P7",
    explanation: "A slot is held by a job of which nothing runs and no submission may be alive.",
    sql: `${subjectIs("j.id", "j.workspace_id", "j.asset_id")}
      FROM (SELECT DISTINCT job_id FROM slot WHERE job_id IS NOT NULL) l JOIN job j ON j.id = l.job_id
      WHERE j.status <> 'processing' AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.job_id = j.id AND s.state <> 'ended')`,
    mend: freeSlots,
  },
  {
    name: "work_without_slot",
    rule: "P7",
    explanation: "A job runs at a provider or model with a limit and holds no slot of it.",
    sql: `${subjectIs("j.id", "j.workspace_id", "j.asset_id")}
      FROM job j WHERE j.status = 'processing'
        AND ((${LACKS("'provider/' || j.provider")}) OR (${LACKS("'model/' || j.model")}))`,
  },
];

function* freeSlots({ subject }: Broken): Mending<boolean> {
  const freed = yield* rows("UPDATE slot SET job_id = NULL WHERE job_id = $1 RETURNING pool", subject);
  return freed.length > 0;
}
