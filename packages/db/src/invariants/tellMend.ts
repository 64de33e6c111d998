import { row, rows } from "./Mending.ts";
import { assetOf, jobOf } from "./recorded.ts";
import type { AssetId, EpochMs, Status } from "@reelstate/lifecycle";
import type { Mending } from "./Mending.ts";

/** Raises the asset's row version and writes the event by which open pages hear of a mend (K1, A9). */
export function* tellMend(assetId: AssetId, at: EpochMs, from?: Status): Mending<void> {
  yield* rows("UPDATE asset SET row_version = row_version + 1, updated_at = $1 WHERE id = $2", at, assetId);
  const asset = yield* assetOf(assetId);
  if (asset === undefined) throw new Error(`There is no asset ${assetId}.`);
  const job = yield* jobOf(asset.jobId);
  const next = yield* row<{ readonly seq: number }>(
    "UPDATE workspace SET seq = seq + 1 WHERE id = $1 RETURNING seq",
    asset.workspaceId,
  );
  yield* rows(
    `INSERT INTO event (workspace_id, seq, at, event, asset_id, version_id, job_id, attempt, from_status, to_status, job_from,
       job_to, code) VALUES ($1, $2, $3, 'mend', $4, $5, $6, $7, $8, $9, $10, $10, $11)`,
    asset.workspaceId,
    next?.seq,
    at,
    assetId,
    job?.versionId ?? asset.currentVersionId,
    job?.id ?? null,
    job?.attempt ?? 0,
    from ?? asset.status,
    asset.status,
    job?.status ?? null,
    asset.errorCode,
  );
}
