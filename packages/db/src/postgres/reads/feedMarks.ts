import { PROCESSING } from "../phases.ts";
import { FEED_ID } from "./readFeed.ts";
import type { FeedMark, FeedMarks } from "../../store/feed.ts";
import type { Connection } from "../Connection.ts";

const MARKS = `SELECT w.id AS "workspaceId", w.seq,
    (SELECT max(j.progress_at) FROM job j WHERE j.workspace_id = w.id AND ${PROCESSING}) AS "progressAt"
  FROM workspace w WHERE w.id = ANY($1::text[])`;
const NAME = `SELECT ${FEED_ID}`;

/** How far the feeds of many workspaces are, in one snapshot. */
export async function feedMarks(connection: Connection, workspaceIds: readonly string[]): Promise<FeedMarks> {
  const [marks, [name]] = await Promise.all([
    connection.rows<FeedMark>(MARKS, workspaceIds),
    connection.rows<Pick<FeedMarks, "feedId">>(NAME),
  ]);
  if (name === undefined) throw new Error("The database did not answer.");
  return { ...name, marks };
}
