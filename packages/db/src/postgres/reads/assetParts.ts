import { asset, job, version } from "../schema.ts";
import { partColumns, partOf } from "../recordColumns.ts";
import type { AssetRecord, JobRecord, VersionRecord } from "../../rows/records.ts";
import type { AssetParts } from "../../rows/toAsset.ts";

/** Assets as answers show them: each row with its current version (`v`) and its newest job (`j`). */
export const SELECT_ASSETS = `SELECT ${partColumns(asset, "a", "asset")}, ${partColumns(version, "v", "version")},
  ${partColumns(job, "j", "job")}
  FROM asset a LEFT JOIN version v ON v.id = a.current_version_id LEFT JOIN job j ON j.id = a.job_id`;

const takeAsset = partOf(asset, "asset");
const takeVersion = partOf(version, "version");
const takeJob = partOf(job, "job");

export type AssetRow = Readonly<Record<string, unknown>>;

export function assetParts(row: AssetRow): AssetParts {
  const found = takeAsset<AssetRecord>(row);
  if (row["version.id"] === null) throw new Error(`Version ${found.currentVersionId} of asset ${found.id} is missing.`);
  return {
    asset: found,
    version: takeVersion<VersionRecord>(row),
    job: row["job.id"] === null ? null : takeJob<JobRecord>(row),
  };
}
