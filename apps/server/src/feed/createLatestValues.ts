import { frameOf } from "./Frame.ts";
import type { LiveItem, Trouble } from "@reelstate/api";
import type { LiveProgress, Store } from "@reelstate/db";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Timers } from "../Timers.ts";
import type { Frame } from "./Frame.ts";

export interface LatestValuesDeps extends Pick<Timers, "monotonic"> {
  readonly store: Pick<Store, "liveProgress">;
  readonly trouble: () => Trouble | null;
}

/** Progress, places in line, trouble: read at most this often (E4). */
const VALUES_EVERY_MS = 100;
const QUEUE_EVERY_MS = 1_000;
/** A place in line and how long it takes change with the work of others, too. */
const BUSY_EVERY_MS = 1_000;

/** What may be dropped on the way because only the latest counts (E4), each with the count at which it changed last. */
export type LatestValues = ReturnType<typeof createLatestValues>;

export function createLatestValues({ store, monotonic, trouble }: LatestValuesDeps, workspaceId: WorkspaceId) {
  const values = new Map<string, { readonly frame: Frame; readonly change: number }>();
  let changes = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let queueAt = Number.NEGATIVE_INFINITY;
  let stale = true;
  /** Something is being made or waits. */
  let busy = true;

  /** Reads them again unless that was just done, or there is nothing to read; whether anything is new. */
  async function refresh(moved: boolean): Promise<boolean> {
    stale ||= moved || dueIn() <= 0;
    const before = changes;
    learn("trouble", { kind: "trouble", trouble: trouble() });
    if (stale && monotonic() - readAt >= VALUES_EVERY_MS) {
      stale = false;
      readAt = monotonic();
      const { jobs, queue } = await store.liveProgress({ workspaceId });
      busy = jobs.length + queue.waiting > 0;
      learnJobs(jobs);
      learnQueue(queue);
    }
    return changes > before;
  }

  function dueIn(): number {
    return busy ? readAt + BUSY_EVERY_MS - monotonic() : Number.POSITIVE_INFINITY;
  }

  function learn(name: string, item: LiveItem): void {
    const frame = frameOf(item);
    if (values.get(name)?.frame.text() === frame.text()) return;
    changes += 1;
    values.set(name, { frame, change: changes });
  }

  function learnJobs(jobs: LiveProgress["jobs"]): void {
    for (const { assetId, jobId, attempt, phase, progress } of jobs)
      learn(`job ${jobId}`, { kind: "progress", assetId, jobId, attempt, phase, progress });
    const live = new Set(jobs.map(({ jobId }) => `job ${jobId}`));
    for (const name of values.keys()) if (name.startsWith("job ") && !live.has(name)) values.delete(name);
  }

  function learnQueue({ waiting, line }: LiveProgress["queue"]): void {
    const before = values.get("queue")?.change;
    const item: LiveItem = { kind: "queue", waiting, first: line[0]?.assetId ?? null, line };
    if (monotonic() - queueAt < QUEUE_EVERY_MS) {
      stale ||= values.get("queue")?.frame.text() !== JSON.stringify(item);
      return;
    }
    learn("queue", item);
    if (values.get("queue")?.change !== before) queueAt = monotonic();
  }

  return {
    refresh,
    /** How many changes there have been. */
    changes: (): number => changes,
    /** Those that changed after so many changes; all of them after none. */
    since: (told: number): readonly Frame[] =>
      told === changes ? [] : [...values.values()].filter(({ change }) => change > told).map(({ frame }) => frame),
    /** How soon to look again although nothing woke us. */
    again: (): number => (stale ? VALUES_EVERY_MS : dueIn()),
  };
}
