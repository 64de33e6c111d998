import { and, desc, eq, isNull, like, lt, or, sql } from "drizzle-orm";
import { searchPatterns } from "../../rows/searchPatterns.ts";
import { asset, version } from "../schema.ts";
import { selectAssets } from "./readAssets.ts";
import { feedHead } from "./readFeed.ts";
import { toAsset } from "../../rows/toAsset.ts";
import { jobFacts } from "./jobFacts.ts";
import type { AssetPage, ListAssets } from "../../store/views.ts";
import type { Session } from "../Session.ts";

/** Lists without search words, prepared by what they filter: what is asked again and again is built once. */
export type ListReads = Map<string, ReturnType<typeof prepareList>>;

const FILTERS = {
  projectId: () => eq(asset.projectId, sql.placeholder("projectId")),
  status: () => eq(asset.status, sql.placeholder("status")),
  type: () => eq(asset.type, sql.placeholder("type")),
  cursor: () => lt(asset.id, sql.placeholder("cursor")),
};
type FilterName = keyof typeof FILTERS;

/** Newest first. The cursor is the last id of the page before: ids are ordered by the time they were made. */
export function listAssets(session: Session, request: ListAssets): AssetPage {
  const { workspaceId, limit } = request;
  const words = searchPatterns(request.search);
  const filters = (Object.keys(FILTERS) as FilterName[]).filter((name) => request[name] !== undefined);
  const found = listOf(session, filters, words).all({ ...request, more: limit + 1 });
  const items = found.slice(0, limit).map((record) => toAsset(session, record, jobFacts(session, record.job)));
  return {
    items,
    nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null,
    seq: feedHead(session, workspaceId).seq,
    feedId: session.feedId,
  };
}

function listOf({ orm, lists }: Session, filters: readonly FilterName[], words: readonly string[]) {
  if (words.length > 0) return prepareList(orm, filters, words);
  const name = filters.join(" ");
  const prepared = lists.get(name) ?? prepareList(orm, filters, words);
  lists.set(name, prepared);
  return prepared;
}

function prepareList(orm: Session["orm"], filters: readonly FilterName[], words: readonly string[]) {
  return selectAssets(orm)
    .where(
      and(
        eq(asset.workspaceId, sql.placeholder("workspaceId")),
        isNull(asset.deletedAt),
        ...filters.map((name) => FILTERS[name]()),
        ...words.map((word) => or(containing(asset.name, word), containing(version.prompt, word))),
      ),
    )
    .orderBy(desc(asset.id))
    .limit(sql.placeholder("more"))
    .prepare();
}

function containing(column: typeof asset.name | typeof version.prompt, pattern: string) {
  return sql`${like(column, pattern)} ESCAPE '\\'`;
}
