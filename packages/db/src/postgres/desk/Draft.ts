import type { AssetId, EpochMs, JobId, LedgerEntry, SubmissionId, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { NewEvent, UsedKey } from "../../commands/Desk.ts";
import type { AssetRecord, JobRecord, VersionRecord } from "../../rows/records.ts";
import type { SubmissionRecord } from "./readRows.ts";

/** A row as it was read and as it shall be. */
export interface Change<T> {
  readonly before: T;
  readonly after: T;
}

/**
 * What is written together, a statement for each kind. A row that moves twice is written in two rounds, because the tables'
 * guards judge each step.
 */
export interface Round {
  readonly jobs: Map<JobId, Change<JobRecord>>;
  readonly assets: Map<AssetId, Change<AssetRecord>>;
  readonly versions: Map<VersionId, Change<VersionRecord>>;
  readonly submissions: Map<SubmissionId, Change<SubmissionRecord>>;
  readonly newAssets: AssetRecord[];
  readonly newVersions: VersionRecord[];
  readonly newJobs: JobRecord[];
  readonly newSubmissions: SubmissionRecord[];
  readonly waits: { readonly versionId: VersionId; readonly jobId: JobId }[];
  readonly waitsNoMore: JobId[];
  readonly freed: JobId[];
  readonly heirs: { readonly from: JobId; readonly to: JobId }[];
}

/** Everything that a transaction's commands have decided to write. */
export interface Draft {
  readonly rounds: readonly Round[];
  readonly events: readonly { readonly event: NewEvent; readonly ledger: LedgerEntry | null }[];
  readonly keys: readonly (UsedKey & { readonly workspaceId: WorkspaceId; readonly key: string })[];
  readonly told: { readonly feed: boolean; readonly work: boolean };
  readonly at: EpochMs;
}

export function emptyRound(): Round {
  return {
    jobs: new Map(),
    assets: new Map(),
    versions: new Map(),
    submissions: new Map(),
    newAssets: [],
    newVersions: [],
    newJobs: [],
    newSubmissions: [],
    waits: [],
    waitsNoMore: [],
    freed: [],
    heirs: [],
  };
}
