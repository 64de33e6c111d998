import type {
  Asset,
  AssetId,
  EpochMs,
  JobId,
  RecordedEventType,
  Phase,
  Progress,
  Span,
  Status,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type { CreditSummary } from "./views.ts";

export interface FeedHead {
  readonly seq: number;
  /** Names this opening of this database: a copy that went another way is another feed (E3). */
  readonly feedId: string;
}

/** How far a workspace's feed is: while both stay the same there is no new event, and no job is further. */
export interface FeedMark {
  readonly workspaceId: WorkspaceId;
  readonly seq: number;
  /** When one of its jobs last got further; null when none of those under way has. */
  readonly progressAt: EpochMs | null;
}

export interface FeedMarks extends Pick<FeedHead, "feedId"> {
  /** Of each workspace that exists. */
  readonly marks: readonly FeedMark[];
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
