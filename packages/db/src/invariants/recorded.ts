import { row, rows } from "./Mending.ts";
import type { AssetId, JobId, VersionId } from "@reelstate/lifecycle";
import type { AssetRecord, JobRecord, VersionRecord } from "../rows/records.ts";
import type { Mending } from "./Mending.ts";

/** What mends look at. */
export type RecordedAsset = Pick<
  AssetRecord,
  "id" | "workspaceId" | "status" | "errorCode" | "currentVersionId" | "jobId"
>;
export type RecordedVersion = Pick<VersionRecord, "id" | "status" | "mediaKey">;
export type RecordedJob = Pick<
  JobRecord,
  "id" | "versionId" | "status" | "attempt" | "quote" | "submission" | "errorCode" | "errorMessage"
>;

export function* assetOf(id: AssetId | null): Mending<RecordedAsset | undefined> {
  if (id === null) return undefined;
  return yield* row<RecordedAsset>(
    `SELECT id, workspace_id AS "workspaceId", status, error_code AS "errorCode", current_version_id AS "currentVersionId",
       job_id AS "jobId" FROM asset WHERE id = $1`,
    id,
  );
}

export function* versionOf(id: VersionId | undefined): Mending<RecordedVersion | undefined> {
  if (id === undefined) return undefined;
  return yield* row<RecordedVersion>(`SELECT id, status, media_key AS "mediaKey" FROM version WHERE id = $1`, id);
}

export function* jobOf(id: JobId | null | undefined): Mending<RecordedJob | undefined> {
  if (id === null || id === undefined) return undefined;
  return yield* row<RecordedJob>(
    `SELECT id, version_id AS "versionId", status, attempt, quote, submission, error_code AS "errorCode",
       error_message AS "errorMessage" FROM job WHERE id = $1`,
    id,
  );
}

/** The ids of an asset's live jobs: one, unless something is broken (J11). */
export function* liveJobsOf(assetId: AssetId): Mending<readonly JobId[]> {
  const found = yield* rows<{ readonly id: JobId }>(
    "SELECT id FROM job WHERE asset_id = $1 AND status IN ('pending', 'processing') ORDER BY id",
    assetId,
  );
  return found.map(({ id }) => id);
}
