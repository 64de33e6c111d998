import { ATTEMPT_MS, LEASE, MODEL, PROVIDER, RIVAL_MODEL } from "./openScene.ts";
import { sampleMedia } from "../samples.ts";
import type { Scene } from "./openScene.ts";

/**
 * Where there are limits: once everything has ended, and what nobody follows had its time, every slot is free again, and
 * no more than there are. Says what is wrong, or null.
 */
export async function slotsAreFree(scene: Scene): Promise<string | null> {
  const { store, workspaceId, jobs: howMany, pass, sweep, isLimited, createOf, pools } = scene;
  if (!isLimited()) return null;
  const jobs = await store.listJobs({ workspaceId, limit: howMany() });
  if (pools(jobs).some(({ holders }) => holders.length > 0)) {
    pass(ATTEMPT_MS);
    await sweep();
  }
  const models = [MODEL, RIVAL_MODEL];
  for (const model of models) await createOf(model);
  for (const expected of [1, 1, 0]) {
    const claimed = await store.claim({
      workerId: "healthy",
      limit: 10,
      leaseMs: LEASE,
      models,
      providers: [PROVIDER],
    });
    if (claimed.length !== expected)
      return `P7 all had ended, and of two that compete for one slot ${claimed.length} began, not ${expected}`;
    for (const { jobId, attempt } of claimed) await store.complete({ jobId, attempt, media: sampleMedia() });
  }
  return null;
}
