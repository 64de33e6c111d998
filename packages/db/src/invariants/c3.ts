import { beginFeedAnew } from "./beginFeedAnew.ts";
import { columnsFollowLedger } from "./columnsFollowLedger.ts";
import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import { writeEntry } from "./writeEntry.ts";
import type { AssetId, EpochMs, JobId } from "@reelstate/lifecycle";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const c3: readonly Invariant[] = [
  {
    name: "ledger_sum_wrong",
    rule: "C3",
    explanation: "The ledger does not sum to the workspace's balance and held credits.",
    sql: `${subjectIs("w.id", "w.id", "NULL")}
      FROM workspace w LEFT JOIN credit_entry e ON e.workspace_id = w.id GROUP BY w.id, w.balance, w.held
      HAVING w.balance <> COALESCE(sum(e.balance), 0) OR w.held <> COALESCE(sum(e.held), 0)`,
    mend: followLedger,
  },
  {
    name: "held_sum_wrong",
    rule: "C3",
    explanation: "The credits held are not those of the live jobs.",
    sql: `${subjectIs("w.id", "w.id", "NULL")} FROM workspace w
      WHERE w.held <>
        (SELECT COALESCE(sum(quote), 0) FROM job j WHERE j.workspace_id = w.id AND j.hold_state = 'held')`,
    mend: releaseOrphans,
  },
];

function* followLedger({ workspaceId }: Broken): Mending<boolean> {
  if (!(yield* columnsFollowLedger(workspaceId))) return false;
  yield* beginFeedAnew(workspaceId);
  return true;
}

interface Orphan {
  readonly jobId: JobId;
  readonly assetId: AssetId | null;
  readonly held: number;
}

/** A hold whose job is not there any more has nobody left to end it. */
function* releaseOrphans({ workspaceId }: Broken, at: EpochMs): Mending<boolean> {
  const orphans = yield* rows<Orphan>(
    `SELECT job_id AS "jobId", max(asset_id) AS "assetId", sum(held) AS held FROM credit_entry
     WHERE workspace_id = $1 AND job_id IS NOT NULL AND job_id NOT IN (SELECT id FROM job)
     GROUP BY job_id HAVING sum(held) > 0`,
    workspaceId,
  );
  if (orphans.length === 0) return false;
  for (const { jobId, assetId, held } of orphans)
    yield* writeEntry({ workspaceId, at, kind: "release", balance: 0, held: -held, jobId, assetId });
  if (!(yield* columnsFollowLedger(workspaceId))) return false;
  yield* beginFeedAnew(workspaceId);
  return true;
}
