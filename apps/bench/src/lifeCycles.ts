import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { better, defineQueue, defineWorker } from "plainjob";
import { benchRequest, LEASE, MEDIA, OFFERED, openBenchStore, WORKSPACE } from "./openBenchStore.ts";
import { openRawLifeCycles } from "./rawLifeCycles.ts";
import type { Store } from "@reelstate/db";

const SILENT = { error() {}, warn() {}, info() {}, debug() {} };

/** A worker with as many hands as there are callers. */
const CLAIMED_AT_ONCE = 256;

/**
 * Whole life cycles a second through the store, as the studio runs them: callers create, one worker is woken, claims
 * what is ready and completes each; every answer is durable when it comes.
 */
export async function ourLifeCycles(count: number, atOnce: number): Promise<number> {
  await using bench = await openBenchStore();
  const { store } = bench;
  return await perSecond(count, async () => {
    await Promise.all([createAll(store, count, atOnce), workAll(store, count)]);
    const { held } = await store.creditSummary({ workspaceId: WORKSPACE });
    if (held !== 0) throw new Error(`${held} credits are still held`);
  });
}

async function createAll(store: Store, count: number, atOnce: number): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      const created = await store.createAssets(benchRequest(next));
      if (!created.ok) throw new Error(created.why);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}

async function workAll(store: Store, count: number): Promise<void> {
  let woken: () => void = () => {};
  const stop = store.onWake(({ work }) => work && woken());
  for (let done = 0; done < count;) {
    const wake = new Promise<void>((resolve) => {
      woken = resolve;
    });
    const jobs = await store.claim({
      workerId: "bench",
      limit: CLAIMED_AT_ONCE,
      leaseMs: LEASE,
      ...OFFERED,
    });
    const outcomes = await Promise.all(
      jobs.map(({ jobId, attempt }) => store.complete({ jobId, attempt, media: MEDIA })),
    );
    if (outcomes.some(({ ok }) => !ok)) throw new Error("a completion was refused");
    done += jobs.length;
    if (jobs.length === 0) await wake;
  }
  stop();
}

/** The same rows written by hand, without reading, deciding or answering: what the database itself can do. */
export async function rawLifeCycles(count: number, group: number): Promise<number> {
  await using bench = await openBenchStore();
  const raw = openRawLifeCycles(bench.file);
  try {
    return await perSecond(count, async () => {
      for (let done = 0; done < count; done += group) raw.run(done, Math.min(group, count - done));
    });
  } finally {
    raw.close();
  }
}

/** plainjob: add, claim, done, in one table; WAL at synchronous=NORMAL, as it sets it. */
export async function plainjobLifeCycles(count: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "plainjob-bench-"));
  const connection = better(new Sqlite(join(folder, "bench.sqlite")));
  const queue = defineQueue({ connection, logger: SILENT });
  try {
    return await perSecond(count, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let done = 0;
      const worker = defineWorker(
        "make",
        async () => {
          done += 1;
          if (done === count) resolve();
        },
        { queue, logger: SILENT },
      );
      for (let number = 0; number < count; number += 1)
        queue.add("make", { prompt: "A lighthouse at dusk", seed: number });
      const started = worker.start();
      await promise;
      await worker.stop();
      await started;
    });
  } finally {
    queue.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (count * 1000) / (performance.now() - startedAt);
}
