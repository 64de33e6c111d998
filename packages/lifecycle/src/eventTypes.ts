import type { LifecycleEventType } from "./events.ts";

const IN_ORDER_OF_A_LIFE = {
  create: true,
  upload: true,
  ready: true,
  reject: true,
  claim: true,
  progress: true,
  complete: true,
  fail: true,
  lose: true,
  expire: true,
  hand_back: true,
  cancel: true,
  settle: true,
  retry: true,
  regenerate: true,
  recover: true,
  delete: true,
} as const satisfies Record<LifecycleEventType, true>;

/** Every type of event, in the order of a life; the compiler checks that none is missing. */
export const LIFECYCLE_EVENTS = Object.keys(IN_ORDER_OF_A_LIFE) as readonly LifecycleEventType[];

/**
 * What the log of an asset may carry: an event that a machine took, or a mend, which put right what rows alone had wrong
 * and which no machine decides (K1).
 */
export type RecordedEventType = LifecycleEventType | "mend";
