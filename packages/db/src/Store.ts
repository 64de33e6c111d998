import type {
  Asset,
  AssetId,
  AssetParams,
  AssetType,
  Credits,
  DurationMs,
  EpochMs,
  ErrorCode,
  EventRecord,
  JobId,
  RecordedEventType,
  Phase,
  ProcessingPhase,
  Progress,
  ProjectId,
  RefusalReason,
  Span,
  Status,
  SubmissionId,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";

/**
 * What is kept. Every method is one whole transaction: rows, ledger and event together or not at all. Async and free of
 * dialect, so that SQLite and PostgreSQL are the same to a caller; no method calls a provider, a disk or a network.
 *
 * Refusals are returned, bugs are thrown. Ids and randomness come from the caller, so that a repeat after an unknown
 * commit finds its own work; time is the database's clock.
 */
export interface Store {
  // — what people ask ———————————————————————————————————————————————————————————————————————————————————————————————
  /** All the assets of one request, or none (A1, C1, C4). */
  createAssets(request: CreateAssets): Promise<StoreOutcome<{ readonly assets: readonly Asset[] }>>;
  /** An asset born completed, without job or hold. */
  addUpload(upload: AddUpload): Promise<Asset>;
  /** `retry`, `regenerate` and `recover`: a new job on an asset that has none under way (J11, A3, A6, P6). */
  startJob(request: StartJob): Promise<StoreOutcome<{ readonly asset: Asset }>>;
  /** J7. Answers the asset after the wish. */
  cancel(request: OnAsset): Promise<StoreOutcome<{ readonly asset: Asset }>>;
  /** A8. Marks it deleted, wishes its job cancelled, tells the feed. */
  deleteAsset(request: OnAsset): Promise<StoreOutcome<{ readonly assetId: AssetId }>>;
  /** Makes the workspace with its first project and grant, once; a workspace that is there stays as it is. */
  ensureWorkspace(request: EnsureWorkspace): Promise<void>;
  createProject(request: {
    readonly workspaceId: WorkspaceId;
    readonly id: ProjectId;
    readonly name: string;
  }): Promise<Project>;

  // — what a worker does ————————————————————————————————————————————————————————————————————————————————————————————
  /**
   * What providers and models may do at once, replacing what was set before (P7). What is not named has no limit; what is held
   * stays held, also beyond a limit that became smaller.
   */
  setLimits(limits: readonly Limit[]): Promise<void>;
  /**
   * Takes up to `limit` claimable jobs, each with its attempt raised, its lease set (J2) and the slots it works in (P7). A job
   * for which no slot is free keeps nobody waiting behind it.
   */
  claim(request: Claim): Promise<readonly ClaimedJob[]>;
  /** How long until the next backoff ends, of those that have not; null when nothing waits for its next try (J5). */
  nextTry(request: { readonly models: readonly string[] }): Promise<DurationMs | null>;
  /** Renews the leases that are still ours; tells which are not, and which carry a cancel wish. */
  heartbeat(request: {
    readonly leaseMs: DurationMs;
    readonly attempts: readonly AttemptRef[];
  }): Promise<readonly Heartbeat[]>;
  /** J3. Not logged as an event; wakes the feed. */
  progress(
    request: AttemptRef & { readonly phase: ProcessingPhase; readonly fraction: number | null },
  ): Promise<AttemptOutcome>;
  /** J4, A5, C2. Ends the open submission too: its output is in our storage (P1). */
  complete(request: AttemptRef & { readonly media: StoredMedia }): Promise<AttemptOutcome>;
  /** J5. `backoffMs` with its jitter drawn by the caller. */
  fail(request: AttemptRef & AttemptFailure & EndsSubmission): Promise<AttemptOutcome>;
  /** Pending again, no budget spent: a drain, or a call that was not made in time (`ends`). */
  handBack(request: AttemptRef & EndsSubmission): Promise<AttemptOutcome>;
  /** The worker has stopped after a cancel wish and nothing is alive at the provider. */
  settle(request: AttemptRef & EndsSubmission): Promise<AttemptOutcome>;
  /** J6, J10, the re-check of waiting jobs, and jobs whose model is no longer offered. */
  sweep(request: Sweep): Promise<SweepReport>;
  /** At start, by the one process that owns the database: every processing job of a dead predecessor is lost now (J6). */
  takeBackPredecessors(): Promise<SweepReport>;

  // — submissions (P1, P2) ——————————————————————————————————————————————————————————————————————————————————————————
  /**
   * Commits the intent before the call; refused when the attempt is no longer ours or another submission is alive. The one
   * that is alive may be intended again, before its call is repeated (P2).
   */
  intendSubmission(request: AttemptRef & IntendSubmission): Promise<AttemptOutcome>;
  /** Evidence, not state: recorded whoever learns it, even an attempt that lost its lease. */
  openSubmission(request: { readonly submissionId: SubmissionId; readonly providerRef: string }): Promise<void>;
  /** Evidence too: what is known of a submission by whoever no longer has its job. What is open has arrived. */
  endSubmission(request: { readonly submissionId: SubmissionId; readonly outcome: SubmissionOutcome }): Promise<void>;

  // — what views ask ————————————————————————————————————————————————————————————————————————————————————————————————
  /** What a request with this key was answered in the last 24 hours, or null; asked before one is judged anew (C4). */
  answeredBefore(request: {
    readonly workspaceId: WorkspaceId;
    readonly idempotency: IdempotencyKey;
  }): Promise<StoreOutcome<{ readonly assets: readonly Asset[] }> | null>;
  getAsset(request: OnAsset): Promise<Asset | null>;
  /** Rows and feed position in one snapshot. Newest first, keyset cursor. */
  listAssets(request: ListAssets): Promise<AssetPage>;
  /** Every recorded transition of an asset, oldest first. */
  assetHistory(request: OnAsset): Promise<readonly AssetTransition[] | null>;
  assetVersions(request: OnAsset): Promise<readonly Asset["currentVersion"][] | null>;
  listJobs(request: {
    readonly workspaceId: WorkspaceId;
    readonly status?: Status;
    readonly limit: number;
  }): Promise<readonly JobSummary[]>;
  listProjects(request: { readonly workspaceId: WorkspaceId }): Promise<readonly Project[]>;
  creditSummary(request: { readonly workspaceId: WorkspaceId }): Promise<CreditSummary>;
  creditEntries(request: {
    readonly workspaceId: WorkspaceId;
    readonly limit: number;
    readonly before?: number;
  }): Promise<readonly CreditEntry[]>;
  /** The current versions of assets about to be used as inputs, or why one cannot be (A7). */
  resolveInputs(request: {
    readonly workspaceId: WorkspaceId;
    readonly assetIds: readonly AssetId[];
  }): Promise<readonly ResolvedInput[]>;

  // — the feed (E1 … E4) ————————————————————————————————————————————————————————————————————————————————————————————
  /** Events with `seq > after` in order, each with its asset as it is now, from one snapshot. */
  readFeed(request: ReadFeed): Promise<FeedPage>;
  /** The workspace's head, without reading events. */
  feedHead(request: { readonly workspaceId: WorkspaceId }): Promise<FeedHead>;
  /** The latest progress of every processing job of the workspace, and the queue. */
  liveProgress(request: { readonly workspaceId: WorkspaceId }): Promise<LiveProgress>;
  /** Calls back after a commit that a feed or a worker may care about. Carries no data; coalesced; returns the way to stop. */
  onWake(listener: (wake: Wake) => void): () => void;

  // — keeping ———————————————————————————————————————————————————————————————————————————————————————————————————————
  /** Every invariant that rows can show (C3, A2, A4, A5, J6, E1, J11): empty when all hold. Of one workspace, or of all. */
  checkInvariants(scope?: { readonly workspaceId: WorkspaceId }): Promise<readonly Finding[]>;
  /** Puts one finding right, in a transaction of its own that open pages hear of; asked twice it mends once (K1). */
  mend(request: MendRequest): Promise<Mended>;
  /** Writes a whole, consistent copy of everything that is kept to a file, while work goes on. */
  backup(file: string): Promise<void>;
  /** The files that versions refer to, by version id, a page at a time. */
  listMedia(request: { readonly after: VersionId | null; readonly limit: number }): Promise<readonly MediaFiles[]>;
  countMedia(): Promise<number>;
  /** Prunes a piece of what is past its period: events as a prefix of seq, ended jobs, idempotency keys, deleted assets. */
  prune(request: PrunePolicy): Promise<PruneReport>;
  /** Every storage key that a row refers to. */
  referencedKeys(): Promise<ReadonlySet<string>>;
  now(): Promise<EpochMs>;
  /** Writes a little and waits for the disk; rejects while nothing can be kept. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type StoreOutcome<T> = ({ readonly ok: true } & T) | StoreRefusal;

export interface StoreRefusal {
  readonly ok: false;
  readonly why:
    | RefusalReason
    | "not_found"
    | "idempotency_conflict"
    | "quote_changed"
    | "input_not_found"
    | "input_failed";
  /** The asset as it is, where there is one. */
  readonly asset?: Asset;
  readonly short?: Credits;
}

export interface EnsureWorkspace {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly project: { readonly id: ProjectId; readonly name: string };
  readonly grant: Credits;
}

export interface OnAsset {
  readonly workspaceId: WorkspaceId;
  readonly assetId: AssetId;
}

export interface IdempotencyKey {
  readonly key: string;
  /** SHA-256 of the canonical request body: the same key with another body is `idempotency_conflict`. */
  readonly bodyHash: string;
}

/** What a job needs to know of its model; decided by the caller, frozen on the row. */
export interface JobPlan {
  readonly model: string;
  readonly provider: string;
  readonly quote: Credits;
  readonly attemptTimeoutMs: DurationMs;
  readonly jobTimeoutMs: DurationMs;
  readonly maxFailures: number;
  readonly maxLosses: number;
  readonly priority: number;
}

export interface CreateAssets {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId | null;
  readonly idempotency: IdempotencyKey | null;
  readonly assets: readonly NewAsset[];
}

export interface NewAsset {
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly jobId: JobId;
  readonly type: AssetType;
  readonly name: string;
  readonly prompt: string;
  readonly params: AssetParams;
  /** Resolved to their current versions inside the transaction, and frozen (A7). */
  readonly inputs: readonly AssetId[];
  readonly plan: JobPlan;
}

export interface AddUpload {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId | null;
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly type: AssetType;
  readonly name: string;
  readonly media: StoredMedia;
}

export interface StartJob extends OnAsset {
  readonly kind: "retry" | "regenerate" | "recover";
  readonly jobId: JobId;
  /** Used by `regenerate`: the id of the new version. */
  readonly versionId: VersionId;
  readonly idempotency: IdempotencyKey | null;
  /** The quote and limits of today's model for the version that would be made; `recover` holds the old quote. */
  readonly plan: (version: {
    readonly model: string;
    readonly type: AssetType;
    readonly params: AssetParams;
  }) => JobPlan | null;
  /** What the person was shown; another price is refused (C1). A recovery holds its old quote and does not ask. */
  readonly expectedQuote: Credits | null;
  /** For `regenerate`: another prompt, and what the parameters become. */
  readonly change?: {
    readonly prompt?: string;
    readonly params?: (old: AssetParams) => AssetParams;
    /** Other references, frozen now; without them those of before, and of one that was not made, what it is by now. */
    readonly inputs?: readonly AssetId[];
  };
}

export interface AttemptRef {
  readonly jobId: JobId;
  readonly attempt: number;
}

/** At most so many submissions of a provider, or of one model, at once. */
export type Limit =
  | { readonly provider: string; readonly slots: number }
  | { readonly model: string; readonly slots: number };

export interface Claim {
  readonly workerId: string;
  readonly limit: number;
  readonly leaseMs: DurationMs;
  /** Only jobs of these models; models of providers that this process does not run are left to others. */
  readonly models: readonly string[];
}

/** Everything an attempt needs, read in the claiming transaction. */
export interface ClaimedJob extends AttemptRef {
  readonly workspaceId: WorkspaceId;
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly type: AssetType;
  readonly model: string;
  readonly provider: string;
  readonly prompt: string;
  readonly params: AssetParams;
  readonly inputs: readonly { readonly versionId: VersionId; readonly media: StoredMedia }[];
  readonly quote: Credits;
  readonly failures: number;
  readonly losses: number;
  readonly maxFailures: number;
  readonly createdAt: EpochMs;
  readonly attemptDeadlineAt: EpochMs;
  readonly jobDeadlineAt: EpochMs;
  readonly leaseUntil: EpochMs;
  readonly cancelRequested: boolean;
  /** The submission that may still be alive, to be re-attached to (P1). */
  readonly submission: OpenSubmission | null;
}

export interface OpenSubmission {
  readonly id: SubmissionId;
  readonly clientRef: string;
  /** Null: the call's outcome is unknown (P2). */
  readonly providerRef: string | null;
  readonly state: "intended" | "open";
  readonly intendedAt: EpochMs;
}

export interface IntendSubmission {
  readonly submissionId: SubmissionId;
  readonly clientRef: string;
  readonly provider: string;
}

export type SubmissionOutcome = "succeeded" | "failed" | "cancelled" | "never_arrived";

export interface AttemptFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** For the operator's log and the asset's detail; never shown as the reason. */
  readonly detail?: string;
  readonly retryable: boolean;
  readonly backoffMs: DurationMs;
  /** The intended submission can be found by its reference, should it have arrived (P2, P6). */
  readonly recoverable?: boolean;
  /** The provider has made it: what is wrong is on our side, and when the job ends nothing occupies the provider (P7). */
  readonly made?: boolean;
}

/** Zero rows means stop (J9): `ok: false` tells the worker that this attempt is no longer its own. */
export type AttemptOutcome =
  | { readonly ok: true; readonly transition: EventRecord | null; readonly cancelRequested: boolean }
  | { readonly ok: false; readonly why: RefusalReason | "not_found" | "submission_alive" };

export interface Heartbeat extends AttemptRef {
  readonly alive: boolean;
  readonly cancelRequested: boolean;
}

export interface Sweep {
  readonly limit: number;
  /** Draws the wait of a job that goes back to pending. */
  readonly drawBackoff: (tries: number) => DurationMs;
  /** Every model that any process of this studio offers; a waiting job of another can never start. */
  readonly models: readonly string[];
}

/** The provider has reported an end: the submission that is alive ends in the same transaction (P1). */
export interface EndsSubmission {
  readonly ends?: SubmissionOutcome;
}

export interface SweepReport {
  readonly lost: number;
  readonly expired: number;
  readonly released: number;
  readonly rejected: number;
  /** What the log line of each transition needs. */
  readonly transitions: readonly (EventRecord & { readonly assetId: AssetId })[];
}

/** Media whose bytes are verified and visible in storage. Keys are content hashes. */
export interface StoredMedia {
  readonly key: string;
  readonly mime: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly durationMs: DurationMs | null;
  readonly posterKey: string;
  readonly thumbKey: string;
  readonly thumbhash: string;
}

export interface ListAssets {
  readonly workspaceId: WorkspaceId;
  readonly projectId?: ProjectId;
  readonly status?: Status;
  readonly type?: AssetType;
  /** Words looked for in names and prompts. */
  readonly search?: string;
  readonly cursor?: string;
  readonly limit: number;
}

export interface AssetPage extends FeedHead {
  readonly items: readonly Asset[];
  readonly nextCursor: string | null;
}

export interface AssetTransition {
  readonly seq: number;
  readonly at: EpochMs;
  readonly event: RecordedEventType;
  readonly from: Status | null;
  readonly to: Status;
  readonly jobId: JobId | null;
  readonly versionId: VersionId;
  readonly attempt: number;
  readonly jobFrom: Status | null;
  readonly jobTo: Status | null;
  readonly code: ErrorCode | null;
}

export interface JobSummary {
  readonly id: JobId;
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly assetName: string;
  readonly model: string;
  readonly status: Status;
  readonly phase: Phase | null;
  readonly attempt: number;
  readonly failures: number;
  readonly errorCode: ErrorCode | null;
  readonly quote: Credits;
  readonly createdAt: EpochMs;
  readonly endedAt: EpochMs | null;
}

export interface Project {
  readonly id: ProjectId;
  readonly name: string;
  readonly createdAt: EpochMs;
}

export interface CreditSummary {
  readonly balance: Credits;
  readonly held: Credits;
}

export interface CreditEntry {
  readonly id: number;
  readonly at: EpochMs;
  readonly kind: "grant" | "hold" | "capture" | "release";
  readonly balance: Credits;
  readonly held: Credits;
  readonly jobId: JobId | null;
  readonly assetId: AssetId | null;
  readonly assetName: string | null;
}

export interface ResolvedInput {
  readonly assetId: AssetId;
  readonly found: boolean;
  readonly type: AssetType | null;
  readonly status: Status | null;
}

export interface FeedHead {
  readonly seq: number;
  /** Names this opening of this database: a copy that went another way is another feed (E3). */
  readonly feedId: string;
}

export interface ReadFeed {
  readonly workspaceId: WorkspaceId;
  readonly after: number;
  /** The feed that `after` was counted in, where the reader knows it. */
  readonly feedId: string | null;
  readonly limit: number;
}

export interface FeedPage extends FeedHead {
  /** False when events after `after` were pruned, or `after` lies ahead of the head: the view must reload (E3). */
  readonly resumable: boolean;
  readonly items: readonly FeedEvent[];
  readonly credits: CreditSummary;
}

export type FeedEvent =
  | {
      readonly kind: "transition";
      readonly seq: number;
      readonly at: EpochMs;
      readonly event: RecordedEventType;
      readonly from: Status | null;
      readonly to: Status;
      readonly asset: Asset;
    }
  | { readonly kind: "removed"; readonly seq: number; readonly assetId: AssetId };

export interface LiveProgress {
  readonly jobs: readonly {
    readonly assetId: AssetId;
    readonly jobId: JobId;
    readonly attempt: number;
    readonly phase: Phase;
    readonly progress: Progress;
    /** Raised by each progress write, so that a feed can tell what is new without comparing. */
    readonly progressAt: EpochMs;
  }[];
  /** `waiting`: jobs not started; `line`: for each model the assets next in line for it, at most 50. */
  readonly queue: { readonly waiting: number; readonly line: readonly InLine[] };
}

/** A place in the line for its model: 1 is next. */
export interface InLine {
  readonly assetId: AssetId;
  readonly place: number;
  readonly startsIn: Span | null;
}

export interface Wake {
  /** There may be something new to tell. */
  readonly feed: boolean;
  /** There may be a job to claim, or a cancel wish to hear. */
  readonly work: boolean;
}

/** What can be found wrong with rows. */
export type CheckName =
  | "no_live_job"
  | "job_and_version_differ"
  | "unknown_live_job"
  | "asset_and_version_differ"
  | "current_version_missing"
  | "failure_unexplained"
  | "media_not_whole"
  | "waits_for_nothing"
  | "hold_state_wrong"
  | "ledger_lines_wrong"
  | "ledger_sum_wrong"
  | "held_sum_wrong"
  | "events_not_dense"
  | "job_stuck"
  | "two_live_jobs"
  | "two_submissions"
  | "submission_untold"
  | "slot_without_work"
  | "work_without_slot"
  | "schema_changed"
  | "database_damaged";

export interface Finding {
  readonly check: CheckName;
  readonly rule: string;
  /** The id of the asset, version, job or workspace that it is about. */
  readonly subject: string;
  /** Null: it is about the whole database. */
  readonly workspaceId: WorkspaceId | null;
  /** Null: it is about no one asset. */
  readonly assetId: AssetId | null;
  readonly explanation: string;
  /** `mend` may be able to put it right. */
  readonly mendable: boolean;
}

export interface MendRequest {
  readonly check: CheckName;
  readonly subject: string;
}

/** `gone`: it is not broken (any more). `cannot`: it is, and nothing was changed. */
export type Mended = "mended" | "gone" | "cannot";

/** The files of one version, as its row tells of them. */
export interface MediaFiles {
  readonly versionId: VersionId;
  readonly assetId: AssetId;
  readonly workspaceId: WorkspaceId;
  readonly assetName: string;
  readonly key: string;
  readonly bytes: number;
  readonly posterKey: string;
  readonly thumbKey: string;
}

export interface PrunePolicy {
  readonly eventsOlderThanMs: DurationMs;
  readonly jobsOlderThanMs: DurationMs;
  readonly keysOlderThanMs: DurationMs;
  readonly binOlderThanMs: DurationMs;
  /** How many rows of a kind one call removes at most, so that no transaction is long. */
  readonly limit: number;
}

export interface PruneReport {
  readonly events: number;
  readonly jobs: number;
  readonly keys: number;
  readonly assets: number;
}
