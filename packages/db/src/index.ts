export { inspectSqlite } from "./sqlite/inspectSqlite.ts";
export { openSqliteReader } from "./sqlite/openSqliteReader.ts";
export { DatabaseDamaged } from "./DatabaseDamaged.ts";
export { DatabaseTooNew } from "./DatabaseTooNew.ts";
export { StoreUnavailable } from "./StoreUnavailable.ts";
export { openSqliteStore } from "./sqlite/openSqliteStore.ts";

export type { SetAside } from "./aside/openAside.ts";
export type { StoreTimers } from "./sqlite/openGroupCommit.ts";
export type { SqliteReader } from "./sqlite/openSqliteReader.ts";
export type { SqliteStoreOptions } from "./sqlite/openSqliteStore.ts";
export type {
  AddUpload,
  CreateAssets,
  EnsureWorkspace,
  IdempotencyKey,
  JobPlan,
  NewAsset,
  OnAsset,
  SetBudget,
  StartJob,
  StoreOutcome,
  StoreRefusal,
} from "./store/people.ts";
export type {
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
export type {
  AttemptFailure,
  AttemptOutcome,
  AttemptRef,
  Claim,
  ClaimedJob,
  Completed,
  Heartbeat,
  Limit,
  LimitsKept,
  Offered,
  Sweep,
  SweepReport,
} from "./store/attempts.ts";
export type {
  CheckName,
  Finding,
  MediaFiles,
  Mended,
  MendRequest,
  PrunePolicy,
  PruneReport,
  StoredMedia,
} from "./store/keeping.ts";
export type { ProviderSetting, ProviderSettings, SaveProviderSetting } from "./store/settings.ts";
export type { EndsSubmission, IntendSubmission, OpenSubmission, SubmissionOutcome } from "./store/submissions.ts";
export type {
  FeedEvent,
  FeedHead,
  FeedMark,
  FeedMarks,
  FeedPage,
  InLine,
  LiveProgress,
  ReadFeed,
  Wake,
} from "./store/feed.ts";
export type { Store } from "./Store.ts";
