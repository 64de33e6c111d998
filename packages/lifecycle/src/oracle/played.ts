import { advance } from "../advance.ts";
import { applyStep } from "../testing/applyStep.ts";
import type { Accepted, RefusalReason } from "../decision.ts";
import type { LifecycleEvent } from "../events.ts";
import type { AssetRows, JobRow } from "../rows.ts";
import type { Step } from "../testing/steps.ts";

/** The rows after these steps; a step that is refused is a mistake in the test. */
export function after(...steps: readonly Step[]): AssetRows {
  let rows: AssetRows | null = null;
  for (const step of steps) {
    const applied = applyStep(rows, step);
    if (applied.decision?.ok === false)
      throw new Error(`${step} of ${steps.join(" ")} was refused: ${applied.decision.why}`);
    rows = applied.rows;
  }
  if (rows === null) throw new Error("No step made the asset.");
  return rows;
}

/** The rows after an event that must be taken. */
export function afterwards(rows: AssetRows, event: LifecycleEvent): AssetRows {
  const decision = advance(rows, event);
  if (!decision.ok) throw new Error(`${event.type} was refused: ${decision.why}`);
  return decision.next;
}

/** What a step writes. */
export function taken(rows: AssetRows | null, step: Step): Accepted {
  const { decision } = applyStep(rows, step);
  if (decision === null || !decision.ok) throw new Error(`${step} was not taken: ${decision?.why ?? "evidence"}`);
  return decision;
}

/** Why a step is refused; null when it is taken. */
export function refusal(rows: AssetRows | null, step: Step): RefusalReason | null {
  const { decision } = applyStep(rows, step);
  return decision === null || decision.ok ? null : decision.why;
}

export function jobOf(rows: AssetRows): JobRow {
  if (rows.job === null) throw new Error("This asset has no job.");
  return rows.job;
}
