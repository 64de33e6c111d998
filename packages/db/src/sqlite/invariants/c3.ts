import { beginFeedAnew } from "./beginFeedAnew.ts";
import { columnsFollowLedger } from "./columnsFollowLedger.ts";
import type { AssetId, JobId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";
import type { Broken, Invariant } from "./Invariant.ts";

export const c3: readonly Invariant[] = [
  {
    name: "ledger_sum_wrong",
    rule: "C3",
    explanation: "The ledger does not sum to the workspace's balance and held credits.",
    sql: `SELECT w.id AS subject, w.id AS workspaceId, NULL AS assetId
      FROM workspace w LEFT JOIN credit_entry e ON e.workspace_id = w.id GROUP BY w.id
      HAVING w.balance <> COALESCE(sum(e.balance), 0) OR w.held <> COALESCE(sum(e.held), 0)`,
    mend: (session, { workspaceId }) => {
      if (!columnsFollowLedger(session, workspaceId)) return false;
      beginFeedAnew(session, workspaceId);
      return true;
    },
  },
  {
    name: "held_sum_wrong",
    rule: "C3",
    explanation: "The credits held are not those of the live jobs.",
    sql: `SELECT w.id AS subject, w.id AS workspaceId, NULL AS assetId FROM workspace w
      WHERE w.held <>
        (SELECT COALESCE(sum(quote), 0) FROM job j WHERE j.workspace_id = w.id AND j.hold_state = 'held')`,
    mend: releaseOrphans,
  },
];

/** A hold whose job is not there any more has nobody left to end it. */
function releaseOrphans(session: Session, { workspaceId }: Broken): boolean {
  const orphans = session.db
    .prepare(
      `SELECT job_id AS jobId, asset_id AS assetId, sum(held) AS held FROM credit_entry
       WHERE workspace_id = ? AND job_id IS NOT NULL AND job_id NOT IN (SELECT id FROM job)
       GROUP BY job_id HAVING sum(held) > 0`,
    )
    .all(workspaceId) as { readonly jobId: JobId; readonly assetId: AssetId | null; readonly held: number }[];
  if (orphans.length === 0) return false;
  for (const { jobId, assetId, held } of orphans)
    session.sql.insertEntry.run({
      workspaceId,
      at: session.now(),
      kind: "release",
      balance: 0,
      held: -held,
      jobId,
      assetId,
    });
  if (!columnsFollowLedger(session, workspaceId)) return false;
  beginFeedAnew(session, workspaceId);
  return true;
}
