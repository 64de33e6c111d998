import type {
  Asset,
  AssetId,
  AssetType,
  Credits,
  EpochMs,
  ErrorCode,
  JobId,
  RecordedEventType,
  Phase,
  Progress,
  ProjectId,
  Span,
  Status,
  VersionId,
} from "@reelstate/lifecycle";
import type { z } from "zod";
import type {
  checkProviderInput,
  createInput,
  listInput,
  saveProviderInput,
  setBudgetInput,
  startInput,
} from "./input.ts";

/** What `assets.create` and `assets.quote` take, parsed. */
export type CreateInput = z.output<typeof createInput>;
export type ListInput = z.output<typeof listInput>;
export type StartInput = z.output<typeof startInput>;
export type SaveProviderInput = z.output<typeof saveProviderInput>;
export type SetBudgetInput = z.output<typeof setBudgetInput>;
export type CheckProviderInput = z.output<typeof checkProviderInput>;

/** Credits for all the assets of a request, and for each. */
export interface Quote {
  readonly total: Credits;
  readonly each: Credits;
}

export interface AssetPageAnswer {
  readonly items: readonly Asset[];
  /** Pass it on as `cursor`; null: there is no more. */
  readonly nextCursor: string | null;
  /** The feed's position in the same snapshot as the items (E5). */
  readonly seq: number;
  readonly feedId: string;
}

export interface Project {
  readonly id: ProjectId;
  readonly name: string;
  readonly createdAt: EpochMs;
}

/** What a model offers, as the composer shows it. */
export interface ModelCard {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  /** What people call its provider. */
  readonly providerLabel: string;
  readonly type: AssetType;
  readonly description: { readonly en: string; readonly zh: string };
  /** The first of each list is the default. */
  readonly aspectRatios: readonly string[];
  readonly resolutions: readonly string[];
  /** Milliseconds; null for images. */
  readonly durationsMs: { readonly min: number; readonly max: number; readonly default: number } | null;
  /** How many reference pictures it takes at most. */
  readonly maxInputs: number;
  readonly progress: "measured" | "none";
  readonly cancel: boolean;
  /** The price of one asset with every default. */
  readonly from: Credits;
}

/** A provider as it is set up here. Its key is never told, to anybody. */
export interface ProviderCard {
  readonly name: string;
  readonly label: string;
  /** `off`: nothing new is begun with it; what is under way goes on. `broken`: `flaw` says what is wrong. */
  readonly state: "ready" | "off" | "needs_key" | "needs_home" | "key_unreadable" | "broken";
  /** For people, in English. */
  readonly flaw: string | null;
  readonly keyNeeded: "required" | "optional" | "none";
  /** `hint`: its last characters, four at most; empty where it is too short for that, or cannot be read. */
  readonly key: { readonly from: "environment" | "settings"; readonly hint: string } | null;
  /** The environment's variable with the key, by name. */
  readonly keyVariable: string | null;
  /** Where it lives: what it is sent to. */
  readonly home: { readonly value: string; readonly from: "default" | "environment" | "settings" } | null;
  readonly homeVariable: string;
  readonly enabled: boolean;
  /** How many requests at once, of ours; null: as many as it takes. */
  readonly limit: number | null;
  /** A key can be tried without paying for anything. */
  readonly checkable: boolean;
  /** In the order in which they are offered; empty unless it can be opened. */
  readonly models: readonly ProviderModel[];
}

export interface ProviderModel {
  readonly id: string;
  readonly name: string;
  readonly type: AssetType;
  /** The price of one asset with every default. */
  readonly from: Credits;
  readonly off: boolean;
}

/** What came of trying a key: one real call that costs nothing. */
export type ProviderCheck =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly detail: string | null };

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

export interface CreditsAnswer {
  readonly balance: Credits;
  readonly held: Credits;
}

/** What may be spent in a UTC day and month, null for as much as there is, and what has been (C5). */
export interface BudgetAnswer {
  readonly day: Credits | null;
  readonly month: Credits | null;
  readonly spentToday: Credits;
  readonly spentThisMonth: Credits;
  /** For work under way; it counts in both. */
  readonly held: Credits;
  readonly dayEndsAt: EpochMs;
  readonly monthEndsAt: EpochMs;
}

/** One line of the ledger: two deltas, and the job behind it (C3). */
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

/** One recorded transition of an asset, for its timeline. */
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

export interface AssetHistory {
  /** Oldest first. */
  readonly transitions: readonly AssetTransition[];
  /** Newest first. */
  readonly versions: readonly Asset["currentVersion"][];
}

/**
 * What the live stream says (E2 … E4). Items with `prev` are tracked by their `seq`; `prev` is the seq sent before on
 * this stream, so a view that misses one sees the gap.
 */
export type LiveItem = LiveTransition | LiveRemoved | LiveReset | LiveHead | LiveProgressItem | LiveQueue | LiveTrouble;

export interface LiveTransition {
  readonly kind: "transition";
  readonly seq: number;
  readonly prev: number;
  readonly at: EpochMs;
  readonly event: RecordedEventType;
  readonly from: Status | null;
  readonly to: Status;
  /** The asset as it is now, which may be newer than this event. */
  readonly asset: Asset;
  readonly credits: CreditsAnswer;
}

export interface LiveRemoved {
  readonly kind: "removed";
  readonly seq: number;
  readonly prev: number;
  readonly assetId: AssetId;
}

/** The position asked for cannot be resumed: go on from `seq`, and load again what is shown (E3). */
export interface LiveReset {
  readonly kind: "reset";
  readonly seq: number;
}

/** First, and every 5 s: a view that is behind `seq` has lost an event and fetches (E2). */
export interface LiveHead {
  readonly kind: "head";
  readonly seq: number;
  readonly feedId: string;
}

export interface LiveProgressItem {
  readonly kind: "progress";
  readonly assetId: AssetId;
  readonly jobId: JobId;
  readonly attempt: number;
  readonly phase: Phase;
  readonly progress: Progress;
}

/** What keeps the whole studio from its work; null: nothing does. */
export type Trouble = "disk_full" | "storage_away";

export interface LiveTrouble {
  readonly kind: "trouble";
  readonly trouble: Trouble | null;
}

/** A place in the line for its model, 1 is next, and how long until it is likely to start. */
export interface InLine {
  readonly assetId: AssetId;
  readonly place: number;
  readonly startsIn: Span | null;
}

/** At most once a second. */
export interface LiveQueue {
  readonly kind: "queue";
  /** Jobs that have not started. */
  readonly waiting: number;
  readonly first: AssetId | null;
  /** For each model the assets next in line for it, in order, at most 50: places in line change without an event. */
  readonly line: readonly InLine[];
}
