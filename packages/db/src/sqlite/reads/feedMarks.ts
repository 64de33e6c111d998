import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { FeedMarks } from "../../store/feed.ts";
import type { Session } from "../Session.ts";

/** How far the feeds of many workspaces are. */
export function feedMarks({ sql, feedId }: Session, workspaceIds: readonly WorkspaceId[]): FeedMarks {
  const marks = workspaceIds.flatMap((workspaceId) => {
    const row = sql.workspace.get(workspaceId) as { readonly seq: number } | undefined;
    if (row === undefined) return [];
    return [{ workspaceId, seq: row.seq, progressAt: sql.latestProgress.get(workspaceId) as EpochMs | null }];
  });
  return { feedId, marks };
}
