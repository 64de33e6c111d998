import { createLatestValues } from "./createLatestValues.ts";
import { createWakeUp } from "./createWakeUp.ts";
import { frameOf } from "./Frame.ts";
import type { LiveItem } from "@reelstate/api";
import type { FeedEvent, FeedPage, Store } from "@reelstate/db";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Timers } from "../Timers.ts";
import type { Frame } from "./Frame.ts";
import type { Mark } from "./shareMarks.ts";
import type { LatestValues, LatestValuesDeps } from "./createLatestValues.ts";

export interface TailDeps extends LatestValuesDeps, Pick<Timers, "after"> {
  readonly store: Pick<Store, "readFeed" | "liveProgress" | "onWake">;
  /** How far the feed is, cheaper than reading it: see `shareMarks`. */
  readonly markOf: (workspaceId: WorkspaceId) => Promise<Mark>;
}

/**
 * The end of one workspace's feed, read once for all of this process's subscribers: what is new costs one read, however many
 * browsers look on, and what is new elsewhere costs none. Whoever stands further back than it remembers reads the rows for itself.
 */
export interface Tail {
  /** Whether what follows `seq` is remembered here. */
  readonly reaches: (seq: number) => boolean;
  /** Every event after `seq`, each with the seq before it. */
  readonly after: (seq: number) => readonly Frame[];
  readonly values: Pick<LatestValues, "changes" | "since">;
  /** The head as it is said every few seconds, and how often that has been. */
  readonly beat: () => { readonly count: number; readonly head: Frame | null };
  /** Rings whenever there is something to look at, be it that the tail broke. */
  readonly listen: (ring: () => void) => () => void;
  /** What kept it from reading on; it does not begin again. */
  readonly broken: () => { readonly error: unknown } | null;
  readonly close: () => void;
}

export const PAGE = 200;
const HEAD_EVERY_MS = 5_000;
/** Finds what happened when every wake is lost. */
const BACKSTOP_MS = 1_000;
/** A browser that is a page or two behind still shares what the others hear. */
const REMEMBERED = 500;

export function openTail(deps: TailDeps, workspaceId: WorkspaceId): Tail {
  const { store, monotonic } = deps;
  const stop = new AbortController();
  const rings = new Set<() => void>();
  const values = createLatestValues(deps, workspaceId);
  const wake = createWakeUp(deps, (woken) => store.onWake(({ feed }) => feed && woken()), stop.signal);
  let remembered: readonly { readonly seq: number; readonly frame: Frame }[] = [];
  /** Everything after `floor` up to `position` is remembered. */
  let floor = Number.POSITIVE_INFINITY;
  let position: number | null = null;
  /** When a job was last seen to get further. */
  let further: number | null = null;
  let beat: { readonly count: number; readonly head: Frame | null } = { count: 0, head: null };
  let headAt = monotonic();
  let broken: { readonly error: unknown } | null = null;

  async function follow(): Promise<void> {
    try {
      while (!stop.signal.aborted) {
        wake.arm();
        const mark = await deps.markOf(workspaceId);
        position ??= floor = mark.seq;
        const news = mark.seq !== position && (await readOn(position));
        const told = (await values.refresh(news || mark.progressAt !== further)) || news;
        further = mark.progressAt;
        const beaten = sayHead(mark.feedId, position);
        if (told || beaten) for (const ring of rings) ring();
        await wake.wait(Math.min(values.again(), BACKSTOP_MS, headAt + HEAD_EVERY_MS - monotonic()));
      }
    } catch (error) {
      broken = { error };
      for (const ring of rings) ring();
    }
  }

  async function readOn(from: number): Promise<boolean> {
    let after = from;
    for (let news = false; ; news = true) {
      const page: FeedPage = await store.readFeed({ workspaceId, after, feedId: null, limit: PAGE });
      if (!page.resumable) {
        remembered = [];
        position = floor = after = page.seq;
        continue;
      }
      if (page.items.length === 0) return news;
      const frames = page.items.map((event) => {
        const frame = frameOf(toItem(event, after, page));
        after = event.seq;
        return { seq: event.seq, frame };
      });
      position = after;
      const all = [...remembered, ...frames];
      floor = all.at(-REMEMBERED - 1)?.seq ?? floor;
      remembered = all.slice(-REMEMBERED);
      if (page.items.length < PAGE) return true;
    }
  }

  /** Where it has read to, which may be further than the mark was: nobody is told of a head behind what was told before. */
  function sayHead(feedId: string, seq: number): boolean {
    if (monotonic() - headAt < HEAD_EVERY_MS) return false;
    beat = { count: beat.count + 1, head: frameOf({ kind: "head", seq, feedId }) };
    headAt = monotonic();
    return true;
  }

  void follow();
  return {
    reaches: (seq) => position !== null && seq >= floor && seq <= position,
    after: (seq) => remembered.slice(remembered.findLastIndex((one) => one.seq <= seq) + 1).map(({ frame }) => frame),
    values,
    beat: () => beat,
    listen: (ring) => {
      rings.add(ring);
      return () => void rings.delete(ring);
    },
    broken: () => broken,
    close: () => {
      stop.abort();
      wake.close();
    },
  };
}

/** An event as it is told; `prev` is the seq told before it. */
export function toItem(event: FeedEvent, prev: number, page: FeedPage): LiveItem {
  return event.kind === "removed" ? { ...event, prev } : { ...event, prev, credits: page.credits };
}
