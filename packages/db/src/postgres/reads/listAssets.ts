import { searchPatterns } from "../../rows/searchPatterns.ts";
import { assetParts, SELECT_ASSETS } from "./assetParts.ts";
import { toAssets } from "./readAssets.ts";
import { feedHead } from "./readFeed.ts";
import type { AssetPage, ListAssets } from "../../store/views.ts";
import type { Connection } from "../Connection.ts";
import type { AssetRow } from "./assetParts.ts";
import type { Reader } from "./Reader.ts";

/** Newest first. The cursor is the last id of the page before: ids are ordered by the time they were made. */
export async function listAssets(reader: Reader, connection: Connection, request: ListAssets): Promise<AssetPage> {
  const { workspaceId, limit } = request;
  const { sql, values } = listOf(request);
  const [found, head] = await Promise.all([
    connection.rows<AssetRow>(sql, ...values),
    feedHead(connection, workspaceId),
  ]);
  const items = await toAssets(reader, connection, found.slice(0, limit).map(assetParts));
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null, ...head };
}

/** One text for each set of filters, so that each is prepared once. */
function listOf(request: ListAssets): { readonly sql: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const next = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [`a.workspace_id = ${next(request.workspaceId)}`, "a.deleted_at IS NULL", "v.id IS NOT NULL"];
  if (request.projectId !== undefined) conditions.push(`a.project_id = ${next(request.projectId)}`);
  if (request.status !== undefined) conditions.push(`a.status = ${next(request.status)}`);
  if (request.type !== undefined) conditions.push(`a.asset_type = ${next(request.type)}`);
  if (request.cursor !== undefined) conditions.push(`a.id < ${next(request.cursor)}`);
  const patterns = searchPatterns(request.search);
  if (patterns.length > 0)
    conditions.push(`NOT EXISTS (SELECT 1 FROM unnest(${next(patterns)}::text[]) AS word(pattern)
    WHERE NOT (a.name ILIKE pattern COLLATE "C" OR v.prompt ILIKE pattern COLLATE "C"))`);
  const sql = `${SELECT_ASSETS} WHERE ${conditions.join(" AND ")} ORDER BY a.id DESC LIMIT ${next(request.limit + 1)}`;
  return { sql, values };
}
