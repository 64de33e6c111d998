export { inspectSqlite } from "./sqlite/inspectSqlite.ts";
export { openSqliteReader } from "./sqlite/openSqliteReader.ts";
export { DatabaseTooNew } from "./sqlite/migrate.ts";
export { StoreUnavailable } from "./StoreUnavailable.ts";
export { openSqliteStore } from "./sqlite/openSqliteStore.ts";

export type { StoreTimers } from "./sqlite/openGroupCommit.ts";
export type { SqliteReader } from "./sqlite/openSqliteReader.ts";
export type { SqliteStoreOptions } from "./sqlite/openSqliteStore.ts";
export type {
  AddUpload,
  AssetPage,
  AssetTransition,
  AttemptFailure,
  AttemptOutcome,
  AttemptRef,
  CheckName,
  Claim,
  ClaimedJob,
  CreateAssets,
  CreditEntry,
  CreditSummary,
  EndsSubmission,
  EnsureWorkspace,
  FeedEvent,
  FeedHead,
  FeedPage,
  Finding,
  Heartbeat,
  IdempotencyKey,
  InLine,
  IntendSubmission,
  JobPlan,
  JobSummary,
  Limit,
  ListAssets,
  LiveProgress,
  MediaFiles,
  Mended,
  MendRequest,
  NewAsset,
  OnAsset,
  OpenSubmission,
  Project,
  PrunePolicy,
  PruneReport,
  ReadFeed,
  ResolvedInput,
  StartJob,
  Store,
  StoredMedia,
  StoreOutcome,
  StoreRefusal,
  SubmissionOutcome,
  Sweep,
  SweepReport,
  Wake,
} from "./Store.ts";
