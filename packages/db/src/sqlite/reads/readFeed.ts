import { toFeedEvent } from "../../rows/toFeedEvent.ts";
import { readAssets } from "./readAssets.ts";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { CreditSummary } from "../../store/views.ts";
import type { FeedHead, FeedPage, ReadFeed } from "../../store/feed.ts";
import type { EventRow } from "../../rows/toFeedEvent.ts";
import type { Session } from "../Session.ts";

interface Position {
  readonly seq: number;
  readonly prunedSeq: number;
}

/** Events after a position, each with its asset as it is now; an asset that several tell of is read once. */
export function readFeed(session: Session, request: ReadFeed): FeedPage {
  const { workspaceId, after, limit } = request;
  const row = session.sql.workspace.get(workspaceId) as (CreditSummary & Position) | undefined;
  if (row === undefined) throw new Error(`There is no workspace ${workspaceId}.`);
  const resumable = after <= row.seq && after >= row.prunedSeq && isOurs(session, request);
  const found = resumable ? (session.sql.eventsAfter.all({ workspaceId, after, limit }) as EventRow[]) : [];
  const assets = new Map(
    readAssets(session, workspaceId, [...new Set(found.map((one) => one.assetId))]).map((one) => [one.id, one]),
  );
  return {
    seq: row.seq,
    feedId: session.feedId,
    resumable,
    items: found.map((one) => toFeedEvent(one, assets)),
    credits: { balance: row.balance, held: row.held },
  };
}

/**
 * Whether a position counted in another opening of the database is a position in this one: that opening is in our past,
 * and the position was reached before the next one began. A copy that went another way fails the one or the other (E3).
 */
function isOurs(session: Session, { workspaceId, feedId, after }: ReadFeed): boolean {
  if (feedId === null || feedId === session.feedId) return true;
  const boot = session.sql.bootNumber.get(feedId);
  if (boot === undefined) return false;
  const next = session.sql.nextBootSeq.get({ boot, workspaceId });
  return next === undefined || next === null || after <= Number(next);
}

export function feedHead(session: Session, workspaceId: WorkspaceId): FeedHead {
  const row = session.sql.workspace.get(workspaceId) as { readonly seq: number } | undefined;
  return { seq: row?.seq ?? 0, feedId: session.feedId };
}
