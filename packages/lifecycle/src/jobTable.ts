import { compileTable } from "./compileTable.ts";
import { JOB_EFFECTS } from "./jobEffects.ts";
import { JOB_GUARD_REFUSALS, JOB_GUARDS } from "./jobGuards.ts";
import { jobMachine } from "./jobMachine.ts";
import type { DecisionTable } from "./compileTable.ts";
import type { JobEvent } from "./jobEvents.ts";
import type { JobContext } from "./jobGuards.ts";

const ENDED: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

let compiled: DecisionTable<JobContext, JobEvent> | null = null;

/** `jobMachine`, compiled. */
export function jobTable(): DecisionTable<JobContext, JobEvent> {
  return (compiled ??= compileTable({
    machine: jobMachine,
    guards: JOB_GUARDS,
    actions: [...Object.keys(JOB_EFFECTS), "captureHold", "releaseHold"],
    reasons: JOB_GUARD_REFUSALS,
    untaken: (place) => (ENDED.has(place) ? "already_ended" : "illegal"),
  }));
}
