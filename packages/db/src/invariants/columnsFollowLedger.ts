import { utcDay, utcMonth } from "@reelstate/lifecycle";
import { capturedSql } from "../rows/spendingSql.ts";
import { row, rows } from "./Mending.ts";
import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { Mending } from "./Mending.ts";

/** Sets a workspace's balance and held credits to what its ledger sums to; false when no workspace may have such sums (C3). */
export function* columnsFollowLedger(workspaceId: WorkspaceId): Mending<boolean> {
  const sums = yield* row<{ readonly balance: number; readonly held: number }>(
    "SELECT COALESCE(sum(balance), 0) AS balance, COALESCE(sum(held), 0) AS held FROM credit_entry WHERE workspace_id = $1",
    workspaceId,
  );
  if (sums === undefined || sums.held < 0 || sums.held > sums.balance) return false;
  yield* rows("UPDATE workspace SET balance = $1, held = $2 WHERE id = $3", sums.balance, sums.held, workspaceId);
  yield* spendingFollowsLedger(workspaceId);
  return true;
}

/** Sets what a workspace has spent to what its captures say, of the day and month of the newest (C5). */
export function* spendingFollowsLedger(workspaceId: WorkspaceId): Mending<void> {
  const newest = yield* row<{ readonly at: EpochMs }>(
    "SELECT at FROM credit_entry WHERE workspace_id = $1 AND kind = 'capture' ORDER BY id DESC LIMIT 1",
    workspaceId,
  );
  const at = newest?.at ?? (0 as EpochMs);
  const [day, month] = [utcDay(at), utcMonth(at)];
  yield* rows(
    `UPDATE workspace SET day_begun = $1, month_begun = $2, spent_in_day = ${capturedSql("workspace.id", "$1", "$3")},
       spent_in_month = ${capturedSql("workspace.id", "$2", "$4")} WHERE id = $5`,
    day.begins,
    month.begins,
    day.ends,
    month.ends,
    workspaceId,
  );
}
