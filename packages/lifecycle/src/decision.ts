import type { LifecycleEventType } from "./events.ts";
import type { AssetRows } from "./rows.ts";
import type { Status } from "./status.ts";
import type { Credits, JobId, VersionId } from "./units.ts";

/** What `advance` answers: what to write in one transaction, or why nothing may be written. */
export type Decision = Accepted | Refused;

export interface Accepted {
  readonly ok: true;
  readonly next: AssetRows;
  /** At most one ledger entry: taking the hold, or ending it (C2). */
  readonly ledger: LedgerEntry | null;
  /** The event to record (E1); null for `progress`, which is a latest value and not logged (E4). */
  readonly record: EventRecord | null;
}

/** Deltas on the workspace's two columns (C3). `grant` comes from outside the machine. */
export interface LedgerEntry {
  readonly kind: "hold" | "capture" | "release";
  readonly jobId: JobId;
  readonly balance: Credits;
  readonly held: Credits;
}

export interface EventRecord {
  readonly event: LifecycleEventType;
  /** The asset's status before and after; null before it existed. */
  readonly from: Status | null;
  readonly to: Status;
  readonly jobId: JobId | null;
  readonly versionId: VersionId;
  readonly attempt: number;
  /** The job's status before and after: what the timeline and the worker's log line show. */
  readonly jobFrom: Status | null;
  readonly jobTo: Status | null;
}

export const REFUSALS = [
  /** The machine does not take this event in this state. */
  "illegal",
  /** The job has ended; terminal is terminal (J8). */
  "already_ended",
  /** Another attempt is live (J9). */
  "stale_attempt",
  /** The asset has a live job (J11). */
  "busy",
  /** Progress behind what is recorded (J3). */
  "backwards",
  /** The lease or deadline named has not passed. */
  "not_due",
  /** A cancel wish stands, or a submission is still open: settle first (J7). */
  "unsettled",
  /** Media that a completed version must not have (A5). */
  "media_invalid",
  "insufficient_credits",
  /** No paid submission to take up (P6). */
  "not_recoverable",
  "deleted",
] as const;
export type RefusalReason = (typeof REFUSALS)[number];

export interface Refused {
  readonly ok: false;
  readonly why: RefusalReason;
  /** With `insufficient_credits`: how many are missing. */
  readonly short?: Credits;
}
