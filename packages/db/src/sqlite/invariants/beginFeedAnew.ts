import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";

/**
 * Makes every view of a workspace load afresh: all of its events become pruned ones, and the position before which they
 * lie is one that nobody has, so whoever follows is told to reset (E3). For what no single asset's event could tell.
 */
export function beginFeedAnew({ db, changed }: Session, workspaceId: WorkspaceId): void {
  db.prepare(
    `INSERT OR IGNORE INTO history SELECT * FROM event
     WHERE workspace_id = ? AND EXISTS (SELECT 1 FROM asset WHERE id = asset_id)`,
  ).run(workspaceId);
  const newest = db
    .prepare(
      `SELECT max(seq, pruned_seq, COALESCE((SELECT max(seq) FROM event WHERE workspace_id = workspace.id), 0)) + 1
       FROM workspace WHERE id = ?`,
    )
    .pluck()
    .get(workspaceId);
  db.prepare("UPDATE workspace SET seq = @newest, pruned_seq = @newest WHERE id = @workspaceId").run({
    newest,
    workspaceId,
  });
  db.prepare("DELETE FROM event WHERE workspace_id = ?").run(workspaceId);
  changed.feed = true;
}
