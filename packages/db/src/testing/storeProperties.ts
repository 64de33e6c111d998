import fc from "fast-check";
import { expect, it } from "vitest";
import { openStudio } from "./openStudio.ts";
import { anyLife, randomLife } from "./randomLife.ts";
import type { JobSummary } from "../store/views.ts";
import type { Store } from "../Store.ts";
import type { OpenedStore, Studio } from "./openStudio.ts";
import type { Happening } from "./randomLife.ts";

const GRANTED = 1_000;
const ENDED: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

/** A store whose process can be replaced by another one on the same database. */
export interface Reopened extends OpenedStore {
  readonly openAgain: () => Store | Promise<Store>;
}

interface Lives {
  /** How many lives are played; each is another. */
  readonly runs: number;
  /** What so many lives do not all miss: of ten, every second time one or another of the rarer events is in none. */
  readonly contain: readonly string[];
  readonly timeoutMs: number;
}

/** What holds of a Store whatever happens to it in whatever order, crashes included. */
export function storeProperties(open: () => Promise<Reopened>, { runs, contain, timeoutMs }: Lives): void {
  it(
    "[C3] [A2] [J8] [E1] whatever happens in whatever order, every invariant holds after every step and the ledger is exact",
    { timeout: timeoutMs },
    async () => {
      const recorded = new Set<string>();
      const property = fc.asyncProperty(anyLife(80), (happenings) => live(open, happenings, recorded));
      await fc.assert(property, { numRuns: runs });
      // Lives that all end early would prove little. The rarest events are left to chance here; the model plays each of them.
      for (const event of contain) expect(recorded).toContain(event);
    },
  );
}

async function live(
  open: () => Promise<Reopened>,
  happenings: readonly Happening[],
  recorded: Set<string>,
): Promise<void> {
  const opened = await open();
  let current = opened.store;
  // Whoever holds the store keeps holding it when the process behind it has been replaced.
  const store = new Proxy({} as Store, { get: (_none, method) => Reflect.get(current, method) });
  await using studio = await openStudio(async () => ({ ...opened, store }));
  const play = randomLife(studio, async () => {
    await current.close();
    current = await opened.openAgain();
  });
  const expectOnward = watcher(studio, recorded);
  for (const happening of happenings) {
    await play(happening);
    expect(await store.checkInvariants()).toEqual([]);
    await expectOnward(happening.kind === "prune");
  }
}

/** What no list of invariants over rows can see: how the rows of now follow those of before. */
function watcher({ store, workspaceId }: Studio, recorded: Set<string>): (pruned: boolean) => Promise<void> {
  const jobs = new Map<string, JobSummary>();
  const rowVersions = new Map<string, number>();
  let head = { seq: 0, feedId: "" };
  return async (pruned) => {
    for (const job of await store.listJobs({ workspaceId, limit: 1_000 })) {
      const before = jobs.get(job.id);
      if (before !== undefined && ENDED.has(before.status))
        expect(job).toEqual({ ...before, errorCode: codeNow(before, job) });
      expect(job.attempt).toBeGreaterThanOrEqual(before?.attempt ?? 0);
      expect(job.quote).toBe(before?.quote ?? job.quote);
      jobs.set(job.id, job);
    }
    // Pruned jobs have ended: their charge stands.
    const all = [...jobs.values()];
    const sum = (those: readonly JobSummary[]): number => those.reduce((total, { quote }) => total + quote, 0);
    const held = sum(all.filter(({ status }) => !ENDED.has(status)));
    const balance = GRANTED - sum(all.filter(({ status }) => status === "completed"));
    expect(await store.creditSummary({ workspaceId })).toEqual({ balance, held });
    const { items, seq, feedId } = await store.listAssets({ workspaceId, limit: 100 });
    for (const asset of items) {
      expect(asset.rowVersion).toBeGreaterThanOrEqual(rowVersions.get(asset.id) ?? 1);
      rowVersions.set(asset.id, asset.rowVersion);
    }
    expect(seq).toBeGreaterThanOrEqual(head.seq);
    if (head.feedId !== "") {
      // The way from where a view stood leads to now without a gap, across any crash (E3).
      const page = await store.readFeed({ workspaceId, after: head.seq, feedId: head.feedId, limit: 1_000 });
      if (!pruned) expect(page.resumable).toBe(true);
      if (page.resumable) expect(page.items.map((item) => item.seq)).toEqual(range(head.seq + 1, seq));
      for (const item of page.items)
        if (item.kind === "transition") recorded.add(item.event);
        else recorded.add("delete");
    }
    head = { seq, feedId };
  };
}

/** A failure over a request of which nobody knew is told in other words once it is known that there was none (P2, P6). */
function codeNow(before: JobSummary, now: JobSummary): JobSummary["errorCode"] {
  const isDisproved = before.errorCode === "unconfirmed_submit" && now.errorCode === "provider_unavailable";
  return isDisproved ? now.errorCode : before.errorCode;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}
