import type { LifecycleEvent } from "./events.ts";

/** The events that a job itself takes; the others create one, or are an asset's. */
export const JOB_EVENTS = [
  "claim",
  "progress",
  "complete",
  "fail",
  "hand_back",
  "settle",
  "lose",
  "expire",
  "cancel",
  "ready",
  "reject",
] as const;
export type JobEventType = (typeof JOB_EVENTS)[number];
export type JobEvent = Extract<LifecycleEvent, { readonly type: JobEventType }>;
