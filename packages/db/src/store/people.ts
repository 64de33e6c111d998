import type {
  Asset,
  AssetId,
  AssetParams,
  AssetType,
  Credits,
  DurationMs,
  JobId,
  OverBudget,
  ProjectId,
  RefusalReason,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type { StoredMedia } from "./keeping.ts";

export type StoreOutcome<T> = ({ readonly ok: true } & T) | StoreRefusal;

export interface StoreRefusal {
  readonly ok: false;
  readonly why:
    | RefusalReason
    | "not_found"
    | "idempotency_conflict"
    | "quote_changed"
    | "input_not_found"
    | "input_failed"
    | "budget_exceeded";
  /** The asset as it is, where there is one. */
  readonly asset?: Asset;
  /** How many credits are missing, or are beyond a budget. */
  readonly short?: Credits;
  /** With `budget_exceeded`: which one, and when what was spent of it counts no more; null where no wait helps. */
  readonly budget?: OverBudget["budget"];
  readonly freeAt?: OverBudget["freeAt"];
}

/** What is absent stays; null: no budget. */
export interface SetBudget {
  readonly workspaceId: WorkspaceId;
  readonly day?: Credits | null;
  readonly month?: Credits | null;
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

export interface CancelJob extends OnAsset {
  /** The job that was seen; absent: whichever is under way. */
  readonly jobId?: JobId | undefined;
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
    /** How many: they may have a price. */
    readonly inputs: number;
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
