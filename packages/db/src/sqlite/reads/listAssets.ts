import { and, desc, eq, isNull, like, lt, or, sql } from "drizzle-orm";
import { asset, version, workspace } from "../schema.ts";
import { selectAssets } from "./readAssets.ts";
import { toAsset } from "./toAsset.ts";
import type { AssetId } from "@reelstate/lifecycle";
import type { AssetPage, ListAssets } from "../../Store.ts";
import type { Session } from "../Session.ts";

/** Newest first. The cursor is the last id of the page before: ids are ordered by the time they were made. */
export function listAssets(session: Session, request: ListAssets): AssetPage {
  const { workspaceId, projectId, status, type, search, cursor, limit } = request;
  const words = (search ?? "").split(/\s+/u).filter(Boolean);
  const found = selectAssets(session.orm)
    .where(
      and(
        eq(asset.workspaceId, workspaceId),
        isNull(asset.deletedAt),
        projectId === undefined ? undefined : eq(asset.projectId, projectId),
        status === undefined ? undefined : eq(asset.status, status),
        type === undefined ? undefined : eq(asset.type, type),
        cursor === undefined ? undefined : lt(asset.id, cursor as AssetId),
        ...words.map((word) => or(containing(asset.name, word), containing(version.prompt, word))),
      ),
    )
    .orderBy(desc(asset.id))
    .limit(limit + 1)
    .all();
  const items = found.slice(0, limit).map((record) => toAsset(session, record));
  const head = session.orm.select({ seq: workspace.seq }).from(workspace).where(eq(workspace.id, workspaceId)).get();
  return {
    items,
    nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null,
    seq: head?.seq ?? 0,
    feedId: session.feedId,
  };
}

function containing(column: typeof asset.name | typeof version.prompt, word: string) {
  const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
  return sql`${like(column, pattern)} ESCAPE '\\'`;
}
