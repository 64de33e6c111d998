import type { EventRecord } from "@reelstate/lifecycle";
import type { AttemptRef } from "../../store/attempts.ts";

/** What kind of step it was; the judge knows of each what it may change and what must be told of it. */
export type StepKind =
  | "claim"
  | "heartbeat"
  | "progress"
  | "intend"
  | "open"
  | "complete"
  | "fail"
  | "hand_back"
  | "settle"
  | "cancel"
  | "delete"
  | "start"
  | "sweep"
  | "time"
  | "other_asset"
  | "limits"
  | "idle";

/** What a step was answered. */
export interface Told {
  readonly kind: StepKind;
  /** Whether the store says that it did what it was asked. */
  readonly done: boolean;
  /** In a word or two, for the story. */
  readonly said: string;
  /** In whose name it was written: anybody else's is stale (J9). */
  readonly by?: AttemptRef;
  /** Of a claim: the model of which work was asked for. */
  readonly sought?: string;
  /** A bug: no step may throw. */
  readonly threw?: string;
  /** Of a sweep: what it says happened to the asset. */
  readonly transitions?: readonly EventRecord[];
}
