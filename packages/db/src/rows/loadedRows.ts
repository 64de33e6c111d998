import type { AssetRows } from "@reelstate/lifecycle";
import type { AssetRecord, JobRecord, VersionRecord } from "./records.ts";

/** The rows that `advance` decides on, and the whole records they were taken from. */
export interface LoadedRows {
  readonly rows: AssetRows;
  readonly asset: AssetRecord;
  /** The version that the job makes; the current one when there is no job. */
  readonly version: VersionRecord;
  readonly job: JobRecord | null;
}

export function loadedRows(asset: AssetRecord, version: VersionRecord, job: JobRecord | null): LoadedRows {
  return {
    rows: {
      asset,
      version: { id: version.id, number: version.number, status: version.status, hasMedia: version.mediaKey !== null },
      job,
      hold: job === null ? null : { state: job.holdState, amount: job.quote },
    },
    asset,
    version,
    job,
  };
}
