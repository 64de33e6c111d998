import { tellMend } from "./tellMend.ts";
import type { Session } from "../Session.ts";
import type { Broken, Invariant } from "./Invariant.ts";

export const a3: readonly Invariant[] = [
  {
    name: "current_version_missing",
    rule: "A3",
    explanation: "An asset's current version belongs to another asset, or is not there.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId
      FROM asset a LEFT JOIN version v ON v.id = a.current_version_id
      WHERE v.id IS NULL OR v.asset_id <> a.id`,
    mend: showNewest,
  },
  {
    name: "made_version_not_shown",
    rule: "A3",
    explanation: "An asset's newest job has completed, and its version is not the current one.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId
      FROM asset a JOIN job j ON j.id = a.job_id JOIN version v ON v.id = j.version_id AND v.asset_id = a.id
      WHERE j.status = 'completed' AND v.status = 'completed' AND a.current_version_id <> v.id`,
    mend: showMade,
  },
];

/** A version becomes current by completing. */
function showMade(session: Session, { assetId }: Broken): boolean {
  if (assetId === null) return false;
  session.db
    .prepare("UPDATE asset SET current_version_id = (SELECT version_id FROM job WHERE id = asset.job_id) WHERE id = ?")
    .run(assetId);
  tellMend(session, assetId);
  return true;
}

/** The newest version that was made, else the newest there is. */
function showNewest(session: Session, { assetId }: Broken): boolean {
  if (assetId === null) return false;
  const newest = session.db
    .prepare("SELECT id FROM version WHERE asset_id = ? ORDER BY status = 'completed' DESC, number DESC LIMIT 1")
    .pluck()
    .get(assetId);
  if (newest === undefined) return false;
  session.db.prepare("UPDATE asset SET current_version_id = ? WHERE id = ?").run(newest, assetId);
  tellMend(session, assetId);
  return true;
}
