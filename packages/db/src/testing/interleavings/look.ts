import type { Asset } from "@reelstate/lifecycle";
import type { CreditSummary, JobSummary } from "../../store/views.ts";
import type { Scene } from "./openScene.ts";
import type { Pool } from "./openSlotCount.ts";

/** All that can be seen of a scene from outside. */
export interface Look {
  /** Null when it is deleted. */
  readonly asset: Asset | null;
  /** The asset's jobs, newest first, those of a deleted asset too. */
  readonly jobs: readonly JobSummary[];
  /** Every job of the workspace: what the ledger must add up to. */
  readonly allJobs: readonly JobSummary[];
  readonly credit: CreditSummary;
  readonly seq: number;
  /** What may be done at once, and who must hold slots of it. */
  readonly pools: readonly Pool[];
}

export async function look({ store, workspaceId, assetId, jobs: howMany, pools }: Scene): Promise<Look> {
  const [asset, allJobs, credit, { seq }] = await Promise.all([
    store.getAsset({ workspaceId, assetId }),
    store.listJobs({ workspaceId, limit: howMany() }),
    store.creditSummary({ workspaceId }),
    store.feedHead({ workspaceId }),
  ]);
  return {
    asset,
    jobs: allJobs.filter((job) => job.assetId === assetId),
    allJobs,
    credit,
    seq,
    pools: pools(allJobs),
  };
}
