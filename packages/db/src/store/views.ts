import type {
  Asset,
  AssetId,
  AssetType,
  Budgets,
  Credits,
  EpochMs,
  ErrorCode,
  JobId,
  RecordedEventType,
  Phase,
  ProjectId,
  Spending,
  Status,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type { FeedHead } from "./feed.ts";

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

/** A workspace's credits with its budgets, and what it has spent of them (C5). */
export interface WorkspaceCredits extends CreditSummary, Budgets, Spending {}

/** What may be spent in a UTC day and month, null for as much as there is, and what has been (C5). */
export interface BudgetView {
  readonly day: Credits | null;
  readonly month: Credits | null;
  readonly spentToday: Credits;
  readonly spentThisMonth: Credits;
  readonly held: Credits;
  readonly dayEndsAt: EpochMs;
  readonly monthEndsAt: EpochMs;
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
