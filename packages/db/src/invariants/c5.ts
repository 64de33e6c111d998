import { beginFeedAnew } from "./beginFeedAnew.ts";
import { spendingFollowsLedger } from "./columnsFollowLedger.ts";
import { subjectIs } from "./Invariant.ts";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

const DAY_ENDS = "w.day_begun + 86400000";
const IN_DAY = `e.at >= w.day_begun AND e.at < ${DAY_ENDS}`;

export const c5: readonly Invariant[] = [
  {
    name: "spending_wrong",
    rule: "C5",
    explanation: "What the workspace has spent of its budgets is not what its ledger captured.",
    // Of a day that a clock went back from, the rest of the month is not known here.
    sql: `${subjectIs("w.id", "w.id", "NULL")}
      FROM workspace w LEFT JOIN credit_entry e ON e.workspace_id = w.id AND e.kind = 'capture'
      GROUP BY w.id, w.day_begun, w.month_begun, w.spent_in_day, w.spent_in_month
      HAVING w.spent_in_day <> COALESCE(-sum(CASE WHEN ${IN_DAY} THEN e.balance END), 0)
        OR COALESCE(max(CASE WHEN ${IN_DAY} THEN e.id END), 0) <> COALESCE(max(e.id), 0)
        OR (COALESCE(max(e.at), 0) < ${DAY_ENDS}
          AND w.spent_in_month <> COALESCE(-sum(CASE WHEN e.at >= w.month_begun THEN e.balance END), 0))`,
    mend: followLedger,
  },
];

function* followLedger({ workspaceId }: Broken): Mending<boolean> {
  yield* spendingFollowsLedger(workspaceId);
  yield* beginFeedAnew(workspaceId);
  return true;
}
