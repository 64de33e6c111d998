import { row, rows } from "./Mending.ts";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Mending } from "./Mending.ts";

/** Sets a workspace's balance and held credits to what its ledger sums to; false when no workspace may have such sums (C3). */
export function* columnsFollowLedger(workspaceId: WorkspaceId): Mending<boolean> {
  const sums = yield* row<{ readonly balance: number; readonly held: number }>(
    "SELECT COALESCE(sum(balance), 0) AS balance, COALESCE(sum(held), 0) AS held FROM credit_entry WHERE workspace_id = $1",
    workspaceId,
  );
  if (sums === undefined || sums.held < 0 || sums.held > sums.balance) return false;
  yield* rows("UPDATE workspace SET balance = $1, held = $2 WHERE id = $3", sums.balance, sums.held, workspaceId);
  return true;
}
