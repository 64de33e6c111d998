import type {
  AssetId,
  Cost,
  EpochMs,
  JobId,
  LedgerEntry,
  ProjectId,
  RecordedEventType,
  Status,
  SubmissionId,
  VersionId,
  WorkspaceId,
  ErrorCode,
} from "@reelstate/lifecycle";
import type { AssetRecord, JobRecord, VersionRecord } from "../rows/records.ts";
import type { StoredMedia } from "../store/keeping.ts";
import type { OpenSubmission, SubmissionOutcome } from "../store/submissions.ts";
import type { WorkspaceCredits } from "../store/views.ts";

/**
 * What a command works with inside its transaction: rows as they are at this moment, what it has written itself included, and
 * the writes it may do. Synchronous, whatever the database: SQLite asks its file for each row; on PostgreSQL the rows were
 * read and locked before, and the writes are done together afterwards. So what is decided is decided in one place.
 */
export interface Desk {
  /** The database's clock. */
  readonly now: () => EpochMs;

  readonly asset: (id: AssetId) => AssetRecord | undefined;
  readonly version: (id: VersionId) => VersionRecord | undefined;
  readonly job: (id: JobId) => JobRecord | undefined;
  readonly credit: (workspaceId: WorkspaceId) => WorkspaceCredits | undefined;
  /** A workspace's oldest project. */
  readonly firstProject: (workspaceId: WorkspaceId) => ProjectId | null;
  readonly isProject: (workspaceId: WorkspaceId, projectId: ProjectId) => boolean;
  /** The highest number that a version of the asset has. */
  readonly lastNumber: (assetId: AssetId) => number;
  /** The jobs that wait for a version. */
  readonly dependantsOf: (versionId: VersionId) => readonly JobId[];
  /** The statuses of the versions that a job waits for. */
  readonly waitsFor: (jobId: JobId) => readonly Status[];
  readonly keyUsed: (workspaceId: WorkspaceId, key: string) => UsedKey | undefined;
  /** The submission of a job that may be alive. */
  readonly aliveSubmission: (jobId: JobId) => OpenSubmission | undefined;

  readonly insertAsset: (asset: AssetRecord) => void;
  readonly insertVersion: (version: VersionRecord) => void;
  readonly insertJob: (job: JobRecord) => void;
  /** Writes what differs; throws `RowMoved` when the row is not as it was read: id, status, attempt and lease (J9). */
  readonly updateJob: (before: JobRecord, after: JobRecord) => void;
  /** Evidence about a job's submission, what is known by it of why it failed, and detail for the operator: no part of its state. */
  readonly noteOnJob: (before: JobRecord, note: JobNote) => void;
  readonly writeProgress: (before: JobRecord, progress: JobProgress) => void;
  readonly updateVersion: (id: VersionId, status: Status, made: Made) => void;
  /** Throws `RowMoved` when the row is not at the row version that was read. */
  readonly updateAsset: (before: AssetRecord, after: AssetRecord) => void;
  readonly insertJobInput: (versionId: VersionId, jobId: JobId) => void;
  readonly forgetInputs: (jobId: JobId) => void;

  readonly insertSubmission: (submission: NewSubmission) => void;
  /** Whether it was that one, still intended. */
  readonly intendAgain: (again: Pick<NewSubmission, "submissionId" | "jobId" | "at">) => boolean;
  /** Undefined: there is no such submission, or its name was known already. */
  readonly openSubmission: (opened: {
    readonly submissionId: SubmissionId;
    readonly providerRef: string;
    readonly at: EpochMs;
  }) => { readonly jobId: JobId; readonly state: "open" | "ended" } | undefined;
  /** Undefined: there is no such submission, it had ended, or what it says is contradicted by its being open. */
  readonly endSubmission: (ended: {
    readonly submissionId: SubmissionId;
    readonly outcome: SubmissionOutcome;
    readonly at: EpochMs;
  }) => JobId | undefined;
  readonly endSubmissionsOfJob: (ended: {
    readonly jobId: JobId;
    readonly outcome: SubmissionOutcome;
    readonly at: EpochMs;
  }) => void;
  readonly inheritSubmission: (heirs: { readonly from: JobId; readonly to: JobId }) => void;

  /** Frees what the job holds, unless something of it may be alive (P7). */
  readonly releaseSlots: (job: JobRecord) => void;
  readonly freeSlots: (jobId: JobId) => void;
  readonly inheritSlots: (heirs: { readonly from: JobId; readonly to: JobId }) => void;

  readonly rememberKey: (workspaceId: WorkspaceId, key: string, used: UsedKey) => void;
  /** The ledger entry and the event, numbered by their workspace's row, which is written last (E1, C3). */
  readonly record: (event: NewEvent, ledger: LedgerEntry | null) => void;
  /** What the transaction changed, told to listeners after its commit. */
  readonly tell: (what: "feed" | "work") => void;
}

/** What a version has got: media when it completes, and what its provider said it cost (P8). */
export interface Made {
  readonly media?: StoredMedia | undefined;
  readonly cost?: Cost | undefined;
}

export interface UsedKey {
  readonly bodyHash: string;
  readonly assetIds: readonly AssetId[];
  readonly at: EpochMs;
}

export type JobNote = Partial<
  Pick<JobRecord, "submission" | "recoverable" | "errorCode" | "errorMessage" | "errorDetail">
>;

export type JobProgress = Pick<JobRecord, "phase" | "fraction" | "progressAt">;

export interface NewSubmission {
  readonly submissionId: SubmissionId;
  readonly jobId: JobId;
  readonly attempt: number;
  readonly clientRef: string;
  readonly provider: string;
  readonly at: EpochMs;
}

/** An event before it has its number. */
export interface NewEvent {
  readonly workspaceId: WorkspaceId;
  readonly at: EpochMs;
  readonly event: RecordedEventType;
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly jobId: JobId | null;
  readonly attempt: number;
  readonly from: Status | null;
  readonly to: Status;
  readonly jobFrom: Status | null;
  readonly jobTo: Status | null;
  readonly code: ErrorCode | null;
}

/** Another write came between reading and writing; where rows are read under their lock that is a bug. */
export class RowMoved extends Error {
  override readonly name = "RowMoved";
}
