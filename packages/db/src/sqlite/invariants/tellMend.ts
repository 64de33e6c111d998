import type { AssetId, Status } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";

/** Raises the asset's row version and writes the event by which open pages hear of a mend (K1, A9). */
export function tellMend(session: Session, assetId: AssetId, from?: Status): void {
  const at = session.now();
  session.db.prepare("UPDATE asset SET row_version = row_version + 1, updated_at = ? WHERE id = ?").run(at, assetId);
  const asset = session.row.asset(assetId);
  if (asset === undefined) throw new Error(`There is no asset ${assetId}.`);
  const job = asset.jobId === null ? undefined : session.row.job(asset.jobId);
  session.sql.insertEvent.run({
    workspaceId: asset.workspaceId,
    seq: session.sql.countOnWorkspace.get(0, 0, asset.workspaceId),
    at,
    event: "mend",
    assetId,
    versionId: job?.versionId ?? asset.currentVersionId,
    jobId: job?.id ?? null,
    attempt: job?.attempt ?? 0,
    from: from ?? asset.status,
    to: asset.status,
    jobFrom: job?.status ?? null,
    jobTo: job?.status ?? null,
    code: asset.errorCode,
  });
  session.changed.feed = true;
  session.changed.work = true;
}
