import { toFeedEvent } from "../../rows/toFeedEvent.ts";
import { readAssets } from "./readAssets.ts";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { EventRow } from "../../rows/toFeedEvent.ts";
import type { FeedHead, FeedPage, ReadFeed } from "../../store/feed.ts";
import type { CreditSummary } from "../../store/views.ts";
import type { Connection } from "../Connection.ts";
import type { Reader } from "./Reader.ts";

/** The name of the feed that all processes of this database speak of at this moment (E3): see `nameFeed`. */
export const FEED_ID = `(SELECT id FROM feed_boot ORDER BY number DESC LIMIT 1) AS "feedId"`;

const POSITION = `SELECT balance, held, seq, pruned_seq AS "prunedSeq", ${FEED_ID} FROM workspace WHERE id = $1`;
const HEAD = `SELECT COALESCE((SELECT seq FROM workspace WHERE id = $1), 0) AS seq, ${FEED_ID}`;
const EVENTS = `SELECT seq, at, event, asset_id AS "assetId", from_status AS "from", to_status AS "to"
  FROM event WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`;
/** Where the next opening of the feed after that one began; null while that one is the newest. */
const NEXT_BOOT = `SELECT (SELECT s.seq FROM feed_boot_seq s WHERE s.boot_number > b.number AND s.workspace_id = $2
    ORDER BY s.boot_number LIMIT 1) AS seq
  FROM feed_boot b WHERE b.id = $1`;

interface Position extends CreditSummary, FeedHead {
  readonly prunedSeq: number;
}

/** Events after a position, each with its asset as it is now; an asset that several tell of is read once. */
export async function readFeed(reader: Reader, connection: Connection, request: ReadFeed): Promise<FeedPage> {
  const { workspaceId, after, limit } = request;
  const [row] = await connection.rows<Position>(POSITION, workspaceId);
  if (row === undefined) throw new Error(`There is no workspace ${workspaceId}.`);
  const { seq, feedId, balance, held } = row;
  const resumable = after <= seq && after >= row.prunedSeq && (await isOurs(connection, request, feedId));
  const found = resumable ? await connection.rows<EventRow>(EVENTS, workspaceId, after, limit) : [];
  const ids = [...new Set(found.map((one) => one.assetId))];
  const assets = new Map((await readAssets(reader, connection, { workspaceId, ids })).map((one) => [one.id, one]));
  return { seq, feedId, resumable, items: found.map((one) => toFeedEvent(one, assets)), credits: { balance, held } };
}

/**
 * Whether a position counted in another opening of the database is a position in this one: that opening is in our past,
 * and the position was reached before the next one began. A copy that went another way fails the one or the other (E3).
 */
async function isOurs(
  connection: Connection,
  { workspaceId, feedId, after }: ReadFeed,
  current: string,
): Promise<boolean> {
  if (feedId === null || feedId === current) return true;
  const [boot] = await connection.rows<{ readonly seq: number | null }>(NEXT_BOOT, feedId, workspaceId);
  return boot !== undefined && (boot.seq === null || after <= boot.seq);
}

export async function feedHead(connection: Connection, workspaceId: WorkspaceId): Promise<FeedHead> {
  const [head] = await connection.rows<FeedHead>(HEAD, workspaceId);
  if (head === undefined) throw new Error("The database did not answer.");
  return head;
}
