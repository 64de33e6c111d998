import { reasonOf } from "./followStatus.ts";
import { tellMend } from "./tellMend.ts";
import type { Session } from "../Session.ts";
import type { Broken, Invariant } from "./Invariant.ts";

export const a4: readonly Invariant[] = [
  {
    name: "failure_unexplained",
    rule: "A4",
    explanation: "A failed asset does not say why.",
    sql: `SELECT id AS subject, workspace_id AS workspaceId, id AS assetId FROM asset
      WHERE status = 'failed' AND (error_code IS NULL OR COALESCE(error_message, '') = '')`,
    mend: sayWhy,
  },
];

function sayWhy(session: Session, { assetId }: Broken): boolean {
  const asset = assetId === null ? undefined : session.row.asset(assetId);
  if (asset === undefined) return false;
  const job = asset.jobId === null ? undefined : session.row.job(asset.jobId);
  const { code, message } = reasonOf(job?.versionId === asset.currentVersionId ? job : undefined);
  session.db.prepare("UPDATE asset SET error_code = ?, error_message = ? WHERE id = ?").run(code, message, asset.id);
  tellMend(session, asset.id);
  return true;
}
