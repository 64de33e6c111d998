import type { AssetAction } from "./assetActions.ts";
import type { Progress } from "./asset.ts";
import type { ErrorCode } from "./errorCodes.ts";
import type { Phase, Status } from "./status.ts";
import type { EpochMs, JobId } from "./units.ts";

/** Colour by meaning: slate, amber, none, red, grey. Never without the icon and the words. */
export type Tone = "waiting" | "making" | "done" | "failed" | "cancelled";

/** Names of lucide icons, so that every view can draw the same. */
export type IconName =
  | "clock"
  | "list-ordered"
  | "timer-reset"
  | "sparkles"
  | "circle-stop"
  | "check"
  | "triangle-alert"
  | "ban"
  | "info";

/** Everything a card says and offers, in the reader's language (U6). */
export interface AssetView {
  readonly status: Status;
  readonly tone: Tone;
  readonly icon: IconName;
  /** The state in a word or two. */
  readonly label: string;
  /** Null unless work is under way (U2, U3). */
  readonly overlay: OverlayView | null;
  /** Only when the asset failed (U1). */
  readonly failure: FailureView | null;
  /** Only when the asset is cancelled. */
  readonly cancelled: NoticeView | null;
  /** A quiet word on a completed asset: how the last try went, when it is not what is shown (A6). */
  readonly badge: BadgeView | null;
  /** Exactly what `advance` takes now, in a fixed order. */
  readonly actions: readonly ActionView[];
  /** The one button that helps, or none. */
  readonly primaryAction: PrimaryActionView | null;
}

export interface ActionView {
  readonly type: AssetAction;
  readonly label: string;
}

export interface PrimaryActionView {
  /**
   * `add_credits` and `check_settings` lead elsewhere in the app, `choose_model` to the composer, with all of the asset but
   * its model; the others are events.
   */
  readonly type: AssetAction | "add_credits" | "check_settings" | "choose_model";
  readonly label: string;
  /** With `regenerate`: open the prompt for editing first. */
  readonly edit: boolean;
}

export interface OverlayView {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly phase: Phase;
  /** What is happening: the phase, or that it is being stopped. */
  readonly title: string;
  /** A cancel wish stands and its outcome is not known yet (J7). */
  readonly stopping: boolean;
  /** "Try 2 of 3", once one has failed. */
  readonly attempt: string | null;
  /** "Number 3 in line · starts in about 20–40 s". */
  readonly queue: string | null;
  /** When the next try may start, and what to call it. */
  readonly nextTry: { readonly at: EpochMs; readonly label: string } | null;
  /** Null while waiting. */
  readonly progress: ProgressView | null;
  /** The old picture stays underneath while a new version is made (A6). */
  readonly overMedia: boolean;
  readonly jobId: JobId;
}

/** Progress with an honest name (U3). `label` is also what a screen reader hears as the value. */
export interface ProgressView extends Progress {
  readonly label: string;
  /** Whole percent, 0 to 100, when measured. */
  readonly percent: number | null;
  /** Count elapsed time from here. */
  readonly startedAt: EpochMs | null;
}

export interface NoticeView {
  readonly title: string;
  readonly hint: string;
  /** Whether credits were taken. */
  readonly charged: string;
}

export interface FailureView extends NoticeView {
  readonly code: ErrorCode | null;
  /** The recorded message, for those who want to know more. */
  readonly detail: string | null;
}

export interface BadgeView {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly label: string;
  /** One sentence more: the reason, or what is shown instead. */
  readonly hint: string;
  readonly action: PrimaryActionView | null;
}
