import { eq } from "drizzle-orm";
import { asset, job, version } from "../schema.ts";
import { toAsset } from "../../rows/toAsset.ts";
import { jobFacts } from "./jobFacts.ts";
import type { Asset, AssetId, WorkspaceId } from "@reelstate/lifecycle";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { Session } from "../Session.ts";

/** Assets as answers show them: each row with its current version and its newest job. */
export function selectAssets(orm: BetterSQLite3Database) {
  return orm
    .select({ asset, version, job })
    .from(asset)
    .innerJoin(version, eq(version.id, asset.currentVersionId))
    .leftJoin(job, eq(job.id, asset.jobId))
    .$dynamic();
}

/** In the order asked for; deleted and unknown ones are left out. */
export function readAssets(session: Session, workspaceId: WorkspaceId, ids: readonly AssetId[]): readonly Asset[] {
  return ids.flatMap((id) => {
    const found = session.row.asset(id);
    if (found === undefined || found.workspaceId !== workspaceId || found.deletedAt !== null) return [];
    const current = session.row.version(found.currentVersionId);
    if (current === undefined) throw new Error(`Version ${found.currentVersionId} of asset ${id} is missing.`);
    const newest = (found.jobId === null ? undefined : session.row.job(found.jobId)) ?? null;
    return [toAsset(session, { asset: found, version: current, job: newest }, jobFacts(session, newest))];
  });
}
