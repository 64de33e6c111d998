import { createWakeUp } from "./createWakeUp.ts";
import type { Caller, FeedPosition, LiveItem, StudioPorts, Trouble } from "@reelstate/api";
import type { FeedEvent, FeedPage, LiveProgress, Store } from "@reelstate/db";
import type { Timers } from "../Timers.ts";

interface Deps extends Pick<Timers, "monotonic" | "after"> {
  readonly store: Pick<Store, "readFeed" | "feedHead" | "liveProgress" | "onWake">;
  /** What keeps the whole studio from its work. */
  readonly trouble?: () => Trouble | null;
}

const HEAD_EVERY_MS = 5_000;
/** Finds what happened when every wake is lost. */
const BACKSTOP_MS = 1_000;
/** Progress and places in line are latest values: read at most this often (E4). */
const VALUES_EVERY_MS = 100;
const QUEUE_EVERY_MS = 1_000;
const PAGE = 200;

/** Rows past a cursor, made into a live stream (E2, E3). Memory for a subscriber is one page, however slow it reads. */
export function openFeed(deps: Deps): StudioPorts["feed"] {
  return { live: (caller, position, signal) => live(deps, caller, position, signal) };
}

/** Listen, catch up, then follow, in that order: the wake is armed before the first read. */
async function* live(
  deps: Deps,
  { workspaceId }: Caller,
  position: FeedPosition,
  signal: AbortSignal,
): AsyncGenerator<LiveItem> {
  const { store, monotonic } = deps;
  const wake = createWakeUp(deps, (woken) => store.onWake(({ feed }) => feed && woken()), signal);
  try {
    let head = await store.feedHead({ workspaceId });
    let cursor = position.after ?? head.seq;
    // Only the position we were given may belong to another feed; from the first answer on it is ours.
    let feedId = position.after === null ? null : position.feedId;
    yield { kind: "head", ...head };
    let headAt = monotonic();
    const values = openValues(deps, workspaceId);
    while (!signal.aborted) {
      wake.arm();
      const page = await store.readFeed({
        workspaceId,
        after: cursor,
        feedId,
        limit: PAGE,
      });
      feedId = null;
      if (!page.resumable) {
        cursor = page.seq;
        yield { kind: "reset", seq: cursor };
        continue;
      }
      for (const event of page.items) {
        yield toItem(event, cursor, page);
        cursor = event.seq;
      }
      if (page.items.length === PAGE) continue;
      for (const item of await values.changes()) yield item;
      if (monotonic() - headAt >= HEAD_EVERY_MS) {
        head = await store.feedHead({ workspaceId });
        yield { kind: "head", ...head };
        headAt = monotonic();
        // Latest values are told again with each head: one that was lost on the way would stay wrong for a whole run.
        values.forget();
      }
      await wake.wait(Math.min(values.again(), BACKSTOP_MS, headAt + HEAD_EVERY_MS - monotonic()));
    }
  } finally {
    wake.close();
  }
}

function toItem(event: FeedEvent, prev: number, page: FeedPage): LiveItem {
  return event.kind === "removed" ? { ...event, prev } : { ...event, prev, credits: page.credits };
}

/** What changed among the latest values since they were last told. */
function openValues({ store, monotonic, trouble = () => null }: Deps, workspaceId: Caller["workspaceId"]) {
  const told = new Map<string, string>();
  let toldQueue = "";
  let toldTrouble: Trouble | null | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let queueAt = Number.NEGATIVE_INFINITY;
  let stale = true;

  async function changes(): Promise<readonly LiveItem[]> {
    stale = true;
    if (monotonic() - readAt < VALUES_EVERY_MS) return [];
    stale = false;
    readAt = monotonic();
    const { jobs, queue } = await store.liveProgress({ workspaceId });
    return [...changedJobs(jobs), ...changedQueue(queue), ...changedTrouble(trouble())];
  }

  function changedJobs(jobs: LiveProgress["jobs"]): readonly LiveItem[] {
    const news = jobs.flatMap(({ assetId, jobId, attempt, phase, progress }): LiveItem[] => {
      const now = JSON.stringify([attempt, phase, progress]);
      if (told.get(jobId) === now) return [];
      told.set(jobId, now);
      return [{ kind: "progress", assetId, jobId, attempt, phase, progress }];
    });
    const live = new Set<string>(jobs.map(({ jobId }) => jobId));
    for (const jobId of told.keys()) if (!live.has(jobId)) told.delete(jobId);
    return news;
  }

  function changedQueue({ waiting, line }: LiveProgress["queue"]): readonly LiveItem[] {
    const now = JSON.stringify([waiting, line]);
    if (now === toldQueue) return [];
    if (monotonic() - queueAt < QUEUE_EVERY_MS) {
      stale = true;
      return [];
    }
    toldQueue = now;
    queueAt = monotonic();
    return [{ kind: "queue", waiting, first: line[0]?.assetId ?? null, line }];
  }

  function changedTrouble(now: Trouble | null): readonly LiveItem[] {
    if (now === toldTrouble) return [];
    toldTrouble = now;
    return [{ kind: "trouble", trouble: now }];
  }

  function forget(): void {
    told.clear();
    toldQueue = "";
    toldTrouble = undefined;
    stale = true;
  }

  return {
    changes,
    forget,
    /** How soon to look again although nothing woke us, because something was held back. */
    again: (): number => (stale ? VALUES_EVERY_MS : Number.POSITIVE_INFINITY),
  };
}
