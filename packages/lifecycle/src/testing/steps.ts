import type { LifecycleEventType } from "../events.ts";

/**
 * Everything a model of one asset can be told, legal where it stands or not. A step is an event with its circumstances
 * chosen (in time, too early; by the live attempt, by an old one) or, for the last ones, evidence about a submission,
 * which is recorded without being an event of the machine (P1).
 */
export const STEPS = {
  create: "create",
  create_waiting: "create",
  create_unaffordable: "create",
  upload: "upload",
  upload_empty: "upload",
  ready: "ready",
  reject: "reject",
  claim: "claim",
  claim_early: "claim",
  progress_submitting: "progress",
  progress_at_provider: "progress",
  progress_fetching: "progress",
  progress_storing: "progress",
  progress_behind: "progress",
  progress_stale: "progress",
  complete: "complete",
  complete_stale: "complete",
  complete_empty: "complete",
  fail_retryable: "fail",
  fail_final: "fail",
  fail_stale: "fail",
  lose: "lose",
  lose_early: "lose",
  expire_attempt: "expire",
  expire_attempt_early: "expire",
  expire_job: "expire",
  expire_job_early: "expire",
  hand_back: "hand_back",
  cancel: "cancel",
  settle: "settle",
  retry: "retry",
  retry_unaffordable: "retry",
  regenerate: "regenerate",
  recover: "recover",
  delete: "delete",
  submission_intended: null,
  submission_open: null,
  submission_ended: null,
} as const satisfies Record<string, LifecycleEventType | null>;

export type Step = keyof typeof STEPS;

export const STEP_NAMES = Object.keys(STEPS) as readonly Step[];

/**
 * An event without an executor passes silently, and a test that runs it proves nothing: call this first. Throws unless
 * `executors` has one for every step of `steps` and no other.
 */
export function assertExecutors(
  executors: Readonly<Record<string, unknown>>,
  steps: readonly Step[] = STEP_NAMES,
): void {
  const given = new Set(Object.keys(executors));
  const missing = steps.filter((step) => !given.has(step));
  const unknown = [...given].filter((name) => !(steps as readonly string[]).includes(name));
  if (missing.length > 0) throw new Error(`No executor for: ${missing.join(", ")}`);
  if (unknown.length > 0) throw new Error(`Executors for no step: ${unknown.join(", ")}`);
}
