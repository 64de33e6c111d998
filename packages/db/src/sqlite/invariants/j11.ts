import { beginFeedAnew } from "./beginFeedAnew.ts";
import { versionFollows } from "./followStatus.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";
import type { Broken, Invariant } from "./Invariant.ts";

export const j11: readonly Invariant[] = [
  {
    name: "two_live_jobs",
    rule: "J11",
    explanation: "An asset has more than one live job.",
    sql: `SELECT asset_id AS subject, workspace_id AS workspaceId, asset_id AS assetId FROM job
      WHERE status IN ('pending', 'processing') GROUP BY asset_id HAVING count(*) > 1`,
    mend: keepKnown,
  },
];

/** The job that the asset knows goes on; another is cancelled, unless a provider may be working on it. */
function keepKnown(session: Session, { workspaceId, assetId }: Broken): boolean {
  const asset = assetId === null ? undefined : session.row.asset(assetId);
  if (asset === undefined) return false;
  const live = session.db
    .prepare("SELECT id FROM job WHERE asset_id = ? AND status IN ('pending', 'processing')")
    .pluck()
    .all(asset.id) as JobId[];
  const strays = live.filter((id) => id !== asset.jobId).map((id) => session.row.job(id));
  if (strays.length === live.length) return false;
  for (const stray of strays) {
    if (stray === undefined || stray.submission === "open" || stray.submission === "intended") return false;
    const at = session.now();
    session.db
      .prepare(
        `UPDATE job SET status = 'cancelled', phase = NULL, hold_state = 'released', lease_until = NULL, next_try_at = NULL,
           ended_at = ? WHERE id = ?`,
      )
      .run(at, stray.id);
    if (stray.quote > 0) {
      const held = -stray.quote;
      session.sql.insertEntry.run({ workspaceId, at, kind: "release", balance: 0, held, jobId: stray.id, assetId });
      session.sql.countOnWorkspace.get(0, held, workspaceId);
    }
    const version = session.row.version(stray.versionId);
    const kept = asset.jobId === null ? undefined : session.row.job(asset.jobId);
    if (version !== undefined && version.id !== kept?.versionId && version.id !== asset.currentVersionId)
      versionFollows(session, version, "cancelled");
  }
  beginFeedAnew(session, workspaceId);
  return true;
}
