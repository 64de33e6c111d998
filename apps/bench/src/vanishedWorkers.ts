import { setTimeout as delay } from "node:timers/promises";
import { backoff } from "@reelstate/lifecycle";
import { benchRequest, LEASE, OFFERED, openBenchStore } from "./openBenchStore.ts";

export const SWEEP_MS = 5_000;
const CLAIM_EVERY_MS = 20;

/**
 * Milliseconds from a worker's last sign of life to the next claim of its job, where nobody knows that it is gone: its
 * lease has to end, and a sweep to come by. Workers vanish at moments spread over one round of sweeps, all in one store.
 */
export async function vanishedWorkers(count: number): Promise<readonly number[]> {
  await using bench = await openBenchStore();
  const { store } = bench;
  const vanishedAt = new Map<string, number>();
  const sweeps = setInterval(() => {
    const drawBackoff = (tries: number) => backoff({ tries, random: Math.random() });
    void store.sweep({ limit: count, drawBackoff, ...OFFERED });
  }, SWEEP_MS);
  try {
    for (let number = 0; number < count; number += 1) {
      await store.createAssets(benchRequest(number));
      const [job] = await store.claim({
        workerId: "vanishes",
        limit: 1,
        leaseMs: LEASE,
        ...OFFERED,
      });
      if (job === undefined) throw new Error("Nothing was claimed.");
      vanishedAt.set(job.jobId, performance.now());
      await delay(SWEEP_MS / count);
    }
    const spans: number[] = [];
    while (spans.length < count) {
      await delay(CLAIM_EVERY_MS);
      const jobs = await store.claim({
        workerId: "next",
        limit: count,
        leaseMs: LEASE,
        ...OFFERED,
      });
      for (const { jobId } of jobs) spans.push(performance.now() - (vanishedAt.get(jobId) ?? Number.NaN));
    }
    return spans;
  } finally {
    clearInterval(sweeps);
  }
}
