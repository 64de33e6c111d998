import { durationMs } from "@reelstate/lifecycle";
import type { Studio } from "./openStudio.ts";

/** Everything that a studio asks its store while it lives, at least once. */
export async function aWholeLife(studio: Studio): Promise<void> {
  const { store, workspaceId, projectId } = studio;
  await store.setLimits([{ provider: "sim", slots: 9 }]);
  const made = await studio.made();
  await studio.create({ inputs: [made.assetId] });
  const lost = await studio.claimOne();
  await studio.openAtProvider(lost);
  await studio.fail(lost, { retryable: false });
  await studio.startJob("recover", lost.assetId);
  await studio.claim(5);
  await studio.loseAll();
  await studio.startJob("regenerate", made.assetId);
  await studio.cancel(made.assetId);
  for (const filter of [{}, { status: "failed" }, { type: "image" }, { projectId }, { search: "fog" }] as const)
    await store.listAssets({ workspaceId, limit: 5, ...filter });
  await store.assetHistory({ workspaceId, assetId: made.assetId });
  await store.assetVersions({ workspaceId, assetId: made.assetId });
  for (const filter of [{}, { status: "failed" }, { status: "processing" }] as const)
    await store.listJobs({ workspaceId, limit: 5, ...filter });
  await store.creditEntries({ workspaceId, limit: 5 });
  await store.creditEntries({ workspaceId, limit: 5, before: 3 });
  await store.readFeed({ workspaceId, after: 0, feedId: null, limit: 10 });
  await store.liveProgress({ workspaceId });
  await store.feedMarks({ workspaceIds: [workspaceId] });
  await studio.remove(lost.assetId);
  const now = durationMs(0);
  await store.prune({
    eventsOlderThanMs: now,
    jobsOlderThanMs: now,
    keysOlderThanMs: now,
    binOlderThanMs: now,
    limit: 9,
  });
  await store.takeBackPredecessors();
}
