import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";

/** Sets a workspace's balance and held credits to what its ledger sums to; false when no workspace may have such sums (C3). */
export function columnsFollowLedger({ db }: Session, workspaceId: WorkspaceId): boolean {
  const { balance, held } = db
    .prepare(
      "SELECT COALESCE(sum(balance), 0) AS balance, COALESCE(sum(held), 0) AS held FROM credit_entry WHERE workspace_id = ?",
    )
    .get(workspaceId) as { readonly balance: number; readonly held: number };
  if (held < 0 || held > balance) return false;
  db.prepare("UPDATE workspace SET balance = ?, held = ? WHERE id = ?").run(balance, held, workspaceId);
  return true;
}
