import { beginFeedAnew } from "./beginFeedAnew.ts";
import { versionFollows } from "./followStatus.ts";
import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import { assetOf, jobOf, liveJobsOf, versionOf } from "./recorded.ts";
import { writeEntry } from "./writeEntry.ts";
import type { EpochMs } from "@reelstate/lifecycle";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const j11: readonly Invariant[] = [
  {
    name: "two_live_jobs",
    rule: "J11",
    explanation: "An asset has more than one live job.",
    sql: `${subjectIs("asset_id", "workspace_id", "asset_id")} FROM job
      WHERE status IN ('pending', 'processing') GROUP BY asset_id, workspace_id HAVING count(*) > 1`,
    mend: keepKnown,
  },
];

/** The job that the asset knows goes on; another is cancelled, unless a provider may be working on it. */
function* keepKnown({ workspaceId, assetId }: Broken, at: EpochMs): Mending<boolean> {
  const asset = yield* assetOf(assetId);
  if (asset === undefined) return false;
  const live = yield* liveJobsOf(asset.id);
  const strays = live.filter((id) => id !== asset.jobId);
  if (strays.length === live.length) return false;
  const kept = yield* jobOf(asset.jobId);
  for (const id of strays) {
    const stray = yield* jobOf(id);
    if (stray === undefined || stray.submission === "open" || stray.submission === "intended") return false;
    yield* rows(
      `UPDATE job SET status = 'cancelled', phase = NULL, hold_state = 'released', lease_until = NULL, next_try_at = NULL,
         ended_at = $1 WHERE id = $2`,
      at,
      stray.id,
    );
    if (stray.quote > 0) {
      const held = -stray.quote;
      yield* writeEntry({ workspaceId, at, kind: "release", balance: 0, held, jobId: stray.id, assetId });
      yield* rows("UPDATE workspace SET seq = seq + 1, held = held - $1 WHERE id = $2", stray.quote, workspaceId);
    }
    const version = yield* versionOf(stray.versionId);
    if (version !== undefined && version.id !== kept?.versionId && version.id !== asset.currentVersionId)
      yield* versionFollows(version, "cancelled");
  }
  yield* beginFeedAnew(workspaceId);
  return true;
}
