import type { FeedMark, FeedMarks, Store } from "@reelstate/db";
import type { WorkspaceId } from "@reelstate/lifecycle";

export interface Mark extends Omit<FeedMark, "workspaceId">, Pick<FeedMarks, "feedId"> {}

/**
 * How far a workspace's feed is, read for everyone who asks at the same moment at once: a wake says nothing of whose it is, so
 * that each one sends every tail of this process to look, and all but one or two find nothing. One read is under way at a
 * time; who asks meanwhile shares the next one, which begins after they asked.
 */
export function shareMarks(store: Pick<Store, "feedMarks">): (workspaceId: WorkspaceId) => Promise<Mark> {
  let underWay: Promise<unknown> = Promise.resolve();
  let gathering: { readonly asked: Set<WorkspaceId>; readonly answer: Promise<ReadonlyMap<WorkspaceId, Mark>> } | null =
    null;

  async function readAll(asked: ReadonlySet<WorkspaceId>): Promise<ReadonlyMap<WorkspaceId, Mark>> {
    const { feedId, marks } = await store.feedMarks({ workspaceIds: [...asked] });
    const known = new Map(marks.map((mark) => [mark.workspaceId, mark]));
    return new Map(
      [...asked].map((id) => [
        id,
        { seq: known.get(id)?.seq ?? 0, progressAt: known.get(id)?.progressAt ?? null, feedId },
      ]),
    );
  }

  function gather(): NonNullable<typeof gathering> {
    const asked = new Set<WorkspaceId>();
    const answer = underWay.then(() => {
      gathering = null;
      return readAll(asked);
    });
    underWay = answer.catch(() => {});
    return { asked, answer };
  }

  return async (workspaceId) => {
    gathering ??= gather();
    gathering.asked.add(workspaceId);
    const mark = (await gathering.answer).get(workspaceId);
    if (mark === undefined) throw new Error(`Nobody asked for the mark of ${workspaceId}.`);
    return mark;
  };
}
