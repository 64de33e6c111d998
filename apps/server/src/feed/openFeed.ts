import { createWakeUp } from "./createWakeUp.ts";
import { frameOf } from "./Frame.ts";
import { openTail, PAGE, toItem } from "./openTail.ts";
import { shareMarks } from "./shareMarks.ts";
import type { Caller, FeedPosition, StudioPorts, Trouble } from "@reelstate/api";
import type { Store } from "@reelstate/db";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Frame } from "./Frame.ts";
import type { Tail, TailDeps } from "./openTail.ts";

export interface FeedDeps extends Omit<TailDeps, "trouble" | "markOf"> {
  readonly store: TailDeps["store"] & Pick<Store, "feedHead" | "feedMarks">;
  /** What keeps the whole studio from its work. */
  readonly trouble?: () => Trouble | null;
}

/** The live streams of all workspaces, as items for a router and as frames for whoever writes them to many at once. */
export interface Feed {
  readonly live: StudioPorts["feed"]["live"];
  /** The same stream in groups that belong together, each item's text shared by all who hear it. */
  readonly frames: (caller: Caller, position: FeedPosition, signal: AbortSignal) => AsyncGenerator<readonly Frame[]>;
}

/** Only looked at when no ring came; the tail has its own backstop. */
const LOOK_ANYWAY_MS = 10_000;

/** Rows past a cursor, made into a live stream (E2, E3). A subscriber costs its cursor, however slowly it reads. */
export function openFeed({ trouble = () => null, ...rest }: FeedDeps): Feed {
  const { store } = rest;
  const deps: TailDeps = { ...rest, trouble, markOf: shareMarks(store) };
  const tails = new Map<WorkspaceId, { readonly tail: Tail; users: number }>();

  function join(workspaceId: WorkspaceId) {
    const known = tails.get(workspaceId);
    const found = known?.tail.broken() === null ? known : { tail: openTail(deps, workspaceId), users: 0 };
    tails.set(workspaceId, found);
    found.users += 1;
    return {
      tail: found.tail,
      leave: () => {
        found.users -= 1;
        if (found.users > 0) return;
        found.tail.close();
        if (tails.get(workspaceId) === found) tails.delete(workspaceId);
      },
    };
  }

  /** Listen, catch up, then follow, in that order: the ring is armed before the first read. */
  async function* frames(
    { workspaceId }: Caller,
    position: FeedPosition,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Frame[]> {
    const { tail, leave } = join(workspaceId);
    const wake = createWakeUp(deps, tail.listen, signal);
    try {
      const head = await store.feedHead({ workspaceId });
      let cursor = position.after ?? head.seq;
      // Only the position we were given may belong to another feed; from the first answer on it is ours.
      let feedId = position.after === null ? null : position.feedId;
      let asked = false;
      let told = 0;
      let beats = tail.beat().count;
      yield [frameOf({ kind: "head", ...head })];
      while (!signal.aborted) {
        wake.arm();
        const broken = tail.broken();
        if (broken !== null) throw broken.error;
        if (!asked || !tail.reaches(cursor)) {
          const page = await store.readFeed({ workspaceId, after: cursor, feedId, limit: PAGE });
          asked = true;
          feedId = null;
          if (!page.resumable) {
            cursor = page.seq;
            yield [frameOf({ kind: "reset", seq: cursor })];
            continue;
          }
          if (page.items.length > 0) {
            yield page.items.map((event) => {
              const frame = frameOf(toItem(event, cursor, page));
              cursor = event.seq;
              return frame;
            });
          }
          if (page.items.length === PAGE) continue;
        } else {
          const news = tail.after(cursor);
          cursor = lastSeq(news) ?? cursor;
          if (news.length > 0) yield news;
        }
        const beat = tail.beat();
        const beaten = beat.count !== beats && beat.head !== null ? [notBehind(beat.head, cursor)] : [];
        // Latest values are told again with each head: one that was lost on the way would stay wrong for a whole run.
        const values = tail.values.since(beaten.length > 0 ? 0 : told);
        beats = beat.count;
        told = tail.values.changes();
        if (beaten.length + values.length > 0) yield [...beaten, ...values];
        await wake.wait(LOOK_ANYWAY_MS);
      }
    } finally {
      wake.close();
      leave();
    }
  }

  return {
    frames,
    live: async function* (caller, position, signal) {
      for await (const group of frames(caller, position, signal)) for (const { item } of group) yield item;
    },
  };
}

/** Whoever reads slowly comes to a head of seconds ago, and has been told more since; a page would take the studio for an older one. */
function notBehind(head: Frame, cursor: number): Frame {
  const { item } = head;
  return item.kind === "head" && item.seq < cursor ? frameOf({ ...item, seq: cursor }) : head;
}

function lastSeq(news: readonly Frame[]): number | undefined {
  const last = news.at(-1)?.item;
  return last !== undefined && "seq" in last ? last.seq : undefined;
}
