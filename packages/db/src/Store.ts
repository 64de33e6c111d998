import type {
  Asset,
  AssetId,
  DurationMs,
  EpochMs,
  ProcessingPhase,
  ProjectId,
  Status,
  SubmissionId,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type {
  AddUpload,
  CreateAssets,
  EnsureWorkspace,
  IdempotencyKey,
  CancelJob,
  OnAsset,
  SetBudget,
  StartJob,
  StoreOutcome,
} from "./store/people.ts";
import type {
  AttemptFailure,
  AttemptOutcome,
  AttemptRef,
  Claim,
  ClaimedJob,
  Completed,
  Heartbeat,
  Limit,
  LimitsKept,
  NextTry,
  Offered,
  Sweep,
  SweepReport,
} from "./store/attempts.ts";
import type { EndsSubmission, IntendSubmission, SubmissionOutcome } from "./store/submissions.ts";
import type {
  AssetPage,
  AssetTransition,
  BudgetView,
  CreditEntry,
  CreditSummary,
  JobSummary,
  ListAssets,
  Project,
  ResolvedInput,
} from "./store/views.ts";
import type { ProviderSettings, SaveProviderSetting } from "./store/settings.ts";
import type { FeedHead, FeedMarks, FeedPage, LiveProgress, ReadFeed, Wake } from "./store/feed.ts";
import type { Finding, MediaFiles, MendRequest, Mended, PrunePolicy, PruneReport } from "./store/keeping.ts";

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
  /** J7. Answers the asset after the wish; a job that was named and is not the newest any more has ended already. */
  cancel(request: CancelJob): Promise<StoreOutcome<{ readonly asset: Asset }>>;
  /** A8. Marks it deleted, wishes its job cancelled, tells the feed. */
  deleteAsset(request: OnAsset): Promise<StoreOutcome<{ readonly assetId: AssetId }>>;
  /** Makes the workspace with its first project and grant, once; a workspace that is there stays as it is. */
  ensureWorkspace(request: EnsureWorkspace): Promise<void>;
  /** Of work that begins from now on; what is held goes on (C5). Answers the budget as it is then. */
  setBudget(request: SetBudget): Promise<BudgetView>;
  createProject(request: {
    readonly workspaceId: WorkspaceId;
    readonly id: ProjectId;
    readonly name: string;
  }): Promise<Project>;

  // — what a worker does ————————————————————————————————————————————————————————————————————————————————————————————
  /**
   * What providers and models may do at once, replacing what was set before (P7). What is not named has no limit; what is held
   * stays held, also beyond a limit that became smaller. As long as some providers are awaited, limits of these stay as they were
   * set, and of models that are not named: they may be theirs.
   */
  setLimits(limits: readonly Limit[], kept?: LimitsKept): Promise<void>;
  /**
   * Takes up to `limit` claimable jobs, each with its attempt raised, its lease set (J2) and the slots it works in (P7). A job
   * for which no slot is free keeps nobody waiting behind it.
   */
  claim(request: Claim): Promise<readonly ClaimedJob[]>;
  /**
   * How long until the next backoff ends, of those that had not at `since`: when the same worker last asked, and so before its last
   * claim (J5). One that ends between a claim and this question is told of, once; null before the first question.
   */
  nextTry(request: Offered & { readonly since: EpochMs | null }): Promise<NextTry>;
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
  complete(request: AttemptRef & Completed): Promise<AttemptOutcome>;
  /** J5. `backoffMs` with its jitter drawn by the caller. */
  fail(request: AttemptRef & AttemptFailure & EndsSubmission): Promise<AttemptOutcome>;
  /** Pending again, no budget spent: a drain, or a call that was not made in time (`ends`). */
  handBack(request: AttemptRef & EndsSubmission): Promise<AttemptOutcome>;
  /** The worker has stopped after a cancel wish and nothing is alive at the provider. */
  settle(request: AttemptRef & EndsSubmission): Promise<AttemptOutcome>;
  /** J6, J10, the re-check of waiting jobs, and jobs that nobody can work on any more. */
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
  budget(request: { readonly workspaceId: WorkspaceId }): Promise<BudgetView>;
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
  /** How far the feeds of many workspaces are, in one read: what a process asks that watches all of them. */
  feedMarks(request: { readonly workspaceIds: readonly WorkspaceId[] }): Promise<FeedMarks>;
  /** The latest progress of every processing job of the workspace, and the queue. */
  liveProgress(request: { readonly workspaceId: WorkspaceId }): Promise<LiveProgress>;
  /** Calls back after a commit that a feed or a worker may care about. Carries no data; coalesced; returns the way to stop. */
  onWake(listener: (wake: Wake) => void): () => void;

  // — settings ——————————————————————————————————————————————————————————————————————————————————————————————————————
  /** What people have set about providers, and at which revision. */
  providerSettings(): Promise<ProviderSettings>;
  /** The revision alone, which is asked for every few seconds. */
  settingsRevision(): Promise<number>;
  /** Changes one, and wakes whoever works. Of two at one moment each has all of its change. */
  saveProviderSetting(request: SaveProviderSetting): Promise<void>;
  /** The first are offered first. */
  orderProviders(request: { readonly names: readonly string[] }): Promise<void>;

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
  /**
   * Which studio these rows are: the name of its first workspace and the moment in which that was made. The same as long as the
   * rows live, wherever they are moved. Rejects before there is a workspace.
   */
  studioName(): Promise<string>;
  now(): Promise<EpochMs>;
  /** Writes a little and waits for the disk; rejects while nothing can be kept. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
