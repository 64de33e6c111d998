export { advance } from "./advance.ts";
export { COST_BASES } from "./asset.ts";
export { ASSET_ACTIONS, permittedActions } from "./assetActions.ts";
export { assetMachine } from "./assetMachine.ts";
export { backoff } from "./backoff.ts";
export { ERROR_CODES } from "./errorCodes.ts";
export { ERROR_TABLE, errorEntry } from "./errorTable.ts";
export { LIFECYCLE_EVENTS } from "./eventTypes.ts";
export { holdMachine } from "./holdMachine.ts";
export { JOB_EVENTS } from "./jobEvents.ts";
export { jobMachine } from "./jobMachine.ts";
export { LANGUAGES } from "./language.ts";
export { legalTransitions } from "./legalTransitions.ts";
export { mediaIsValid } from "./mediaIsValid.ts";
export { isNewer, mergeAsset, sameLatest } from "./mergeAsset.ts";
export { mergeProgress } from "./mergeProgress.ts";
export { neverArrived } from "./neverArrived.ts";
export { overBudget } from "./overBudget.ts";
export { REFUSALS } from "./decision.ts";
export { rowsOf } from "./rowsOf.ts";
export { STEPS_BACK_MS, spendingAfter, spendingAt, utcDay, utcMonth } from "./spendingAt.ts";
export { sqlGuards } from "./sqlGuards.ts";
export { ASSET_TYPES, PENDING_PHASES, PROCESSING_PHASES, STATUSES } from "./status.ts";
export { credits, durationMs, epochMs } from "./units.ts";
export { versionMachine } from "./versionMachine.ts";
export { viewOf } from "./viewOf.ts";

export type {
  Asset,
  AssetParams,
  AssetVersion,
  Cost,
  LastJob,
  LiveJob,
  Media,
  Progress,
  Span,
  WaitedFor,
} from "./asset.ts";
export type { AssetAction } from "./assetActions.ts";
export type { AssetCommand, AssetContext, AssetEvent, FollowEvent } from "./assetGuards.ts";
export type {
  ActionView,
  AssetView,
  BadgeView,
  FailureView,
  IconName,
  NoticeView,
  OverlayView,
  PrimaryActionView,
  ProgressView,
  Tone,
} from "./assetView.ts";
export type { BackoffOptions } from "./backoff.ts";
export type { Accepted, Decision, EventRecord, LedgerEntry, RefusalReason, Refused } from "./decision.ts";
export type { ErrorCode } from "./errorCodes.ts";
export type { ErrorEntry, Remedy } from "./errorTable.ts";
export type {
  CreateEvent,
  FailEvent,
  LifecycleEvent,
  LifecycleEventType,
  MediaFacts,
  NewJob,
  ProgressEvent,
  StartEvent,
  UploadEvent,
} from "./events.ts";
export type { RecordedEventType } from "./eventTypes.ts";
export type { JobEvent, JobEventType } from "./jobEvents.ts";
export type { JobContext } from "./jobGuards.ts";
export type { Language } from "./language.ts";
export type { Edge, LegalTransitions } from "./legalTransitions.ts";
export type { ProgressReport } from "./mergeProgress.ts";
export type { Budgets, OverBudget } from "./overBudget.ts";
export type { AssetRow, AssetRows, HoldRow, JobRow, VersionRow } from "./rows.ts";
export type { Spending } from "./spendingAt.ts";
export type { SqlDialect } from "./sqlGuards.ts";
export type { AssetType, PendingPhase, Phase, ProcessingPhase, Status } from "./status.ts";
export type {
  AssetId,
  Credits,
  DurationMs,
  EpochMs,
  JobId,
  ProjectId,
  SubmissionId,
  VersionId,
  WorkspaceId,
} from "./units.ts";
