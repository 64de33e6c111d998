import { benchRequest, LEASE, MEDIA, OFFERED, openBenchStore } from "./openBenchStore.ts";

/** Milliseconds from an answered create to the claimed job in a worker's hands, woken as the studio's worker is. */
export async function createToStart(count: number): Promise<readonly number[]> {
  await using bench = await openBenchStore();
  const { store } = bench;
  const startedAt = new Map<string, number>();
  let claiming = false;
  let started: () => void = () => {};
  let failed: (error: unknown) => void = () => {};
  const stop = store.onWake(({ work }) => {
    if (!work || claiming) return;
    claiming = true;
    store.claim({ workerId: "bench", limit: 4, leaseMs: LEASE, ...OFFERED }).then(
      (jobs) => {
        const at = performance.now();
        claiming = false;
        for (const job of jobs) startedAt.set(job.jobId, at);
        started();
        return Promise.all(jobs.map((job) => store.complete({ jobId: job.jobId, attempt: job.attempt, media: MEDIA })));
      },
      (error: unknown) => failed(error),
    );
  });
  const waits: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const request = benchRequest(number);
    const jobId = request.assets[0]?.jobId ?? "";
    const running = new Promise<void>((resolve, reject) => {
      started = resolve;
      failed = reject;
    });
    await store.createAssets(request);
    const createdAt = performance.now();
    if (!startedAt.has(jobId)) await running;
    waits.push(Math.max(0, (startedAt.get(jobId) ?? createdAt) - createdAt));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  stop();
  return waits;
}
