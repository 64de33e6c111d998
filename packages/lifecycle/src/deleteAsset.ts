import { ASSET_EFFECTS } from "./assetEffects.ts";
import { assetTable } from "./assetTable.ts";
import { jobTable } from "./jobTable.ts";
import { followJob, movedJob } from "./moveJob.ts";
import { REFUSED } from "./refused.ts";
import type { AssetEffect } from "./assetEffects.ts";
import type { Decision } from "./decision.ts";
import type { LifecycleEvent } from "./events.ts";
import type { AssetRows } from "./rows.ts";

type DeleteEvent = Extract<LifecycleEvent, { readonly type: "delete" }>;

/** Marks the asset deleted and wishes its job cancelled, which ends it at once where nothing is alive (A8, J7). */
export function deleteAsset(rows: AssetRows, event: DeleteEvent): Decision {
  const leaf = assetTable().ask(rows.asset.status, rows, event);
  if (!leaf.taken) return REFUSED[leaf.why];
  const buried = ASSET_EFFECTS[leaf.effects[0] as AssetEffect](rows, event as never);
  const { job } = rows;
  const wish = { type: "cancel", at: event.at } as const;
  const wished = job === null ? null : jobTable().ask(job.phase ?? job.status, job, wish);
  if (job !== null && wished !== null && wished.taken) {
    const decision = followJob(rows, job, movedJob(job, wished, wish), wished, "delete");
    return { ...decision, next: { ...decision.next, asset: { ...decision.next.asset, ...buried } } };
  }
  const live = job !== null && (job.status === "pending" || job.status === "processing") ? job : null;
  return {
    ok: true,
    next: { ...rows, asset: { ...rows.asset, ...buried, rowVersion: rows.asset.rowVersion + 1 } },
    ledger: null,
    record: {
      event: "delete",
      from: rows.asset.status,
      to: rows.asset.status,
      jobId: live?.id ?? null,
      versionId: live?.versionId ?? rows.asset.currentVersionId,
      attempt: live?.attempt ?? 0,
      jobFrom: live?.status ?? null,
      jobTo: live?.status ?? null,
    },
  };
}
