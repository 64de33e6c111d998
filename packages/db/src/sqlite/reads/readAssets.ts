import { and, eq, inArray, isNull } from "drizzle-orm";
import { asset, job, version } from "../schema.ts";
import { toAsset } from "./toAsset.ts";
import type { Asset, AssetId, WorkspaceId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";

/** One query for an asset as answers show it: its row, its current version, its newest job. */
export function selectAssets(session: Session) {
  return session.orm
    .select({ asset, version, job })
    .from(asset)
    .innerJoin(version, eq(version.id, asset.currentVersionId))
    .leftJoin(job, eq(job.id, asset.jobId))
    .$dynamic();
}

/** In the order asked for; deleted and unknown ones are left out. */
export function readAssets(session: Session, workspaceId: WorkspaceId, ids: readonly AssetId[]): readonly Asset[] {
  if (ids.length === 0) return [];
  const found = selectAssets(session)
    .where(and(inArray(asset.id, [...ids]), eq(asset.workspaceId, workspaceId), isNull(asset.deletedAt)))
    .all();
  const byId = new Map(found.map((row) => [row.asset.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [toAsset(session, row)];
  });
}
