import { row, rows } from "./Mending.ts";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Mending } from "./Mending.ts";

/**
 * Makes every view of a workspace load afresh: all of its events become pruned ones, and the position before which they
 * lie is one that nobody has, so whoever follows is told to reset (E3). For what no single asset's event could tell.
 */
export function* beginFeedAnew(workspaceId: WorkspaceId): Mending<void> {
  yield* rows(
    `INSERT INTO history SELECT * FROM event
     WHERE workspace_id = $1 AND EXISTS (SELECT 1 FROM asset WHERE id = asset_id) ON CONFLICT DO NOTHING`,
    workspaceId,
  );
  const newest = yield* row<{ readonly seq: number }>(
    `SELECT max(seq) + 1 AS seq FROM (SELECT seq FROM workspace WHERE id = $1 UNION ALL
       SELECT pruned_seq FROM workspace WHERE id = $1 UNION ALL SELECT seq FROM event WHERE workspace_id = $1) AS known`,
    workspaceId,
  );
  yield* rows("UPDATE workspace SET seq = $1, pruned_seq = $1 WHERE id = $2", newest?.seq, workspaceId);
  yield* rows("DELETE FROM event WHERE workspace_id = $1", workspaceId);
}
