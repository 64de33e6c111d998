import fc from "fast-check";
import { applyStep } from "./applyStep.ts";
import { STEP_NAMES } from "./steps.ts";
import type { AssetRows } from "../rows.ts";
import type { Step } from "./steps.ts";

export interface SequenceOptions {
  readonly steps?: readonly Step[];
  readonly maxLength?: number;
}

/** Any step. */
export function anyStep(steps: readonly Step[] = STEP_NAMES): fc.Arbitrary<Step> {
  return fc.constantFrom(...steps);
}

/** Any steps in any order: most are refused. What they do to the model, `applyStep` tells. */
export function anySteps({ steps = STEP_NAMES, maxLength = 30 }: SequenceOptions = {}): fc.Arbitrary<readonly Step[]> {
  return fc.array(anyStep(steps), { maxLength });
}

/**
 * Steps of which each changes something, so that sequences get far; at every place one of those possible is drawn.
 * Shrinks to shorter sequences, and to steps earlier in `steps`.
 */
export function takenSteps({ steps = STEP_NAMES, maxLength = 40 }: SequenceOptions = {}): fc.Arbitrary<
  readonly Step[]
> {
  return fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength }).map((draws) => {
    const taken: Step[] = [];
    let rows: AssetRows | null = null;
    for (const draw of draws) {
      const possible = steps.filter((step) => applyStep(rows, step).rows !== rows);
      const step = possible[draw % Math.max(1, possible.length)];
      if (step === undefined) break;
      rows = applyStep(rows, step).rows;
      taken.push(step);
    }
    return taken;
  });
}

/** Like `takenSteps`, with a refused or foreign step thrown in here and there. */
export function mixedSteps(options: SequenceOptions = {}): fc.Arbitrary<readonly Step[]> {
  const noise = fc.array(fc.tuple(fc.nat({ max: 40 }), anyStep(options.steps)), { maxLength: 8 });
  return fc.tuple(takenSteps(options), noise).map(([taken, extra]) => {
    const mixed = [...taken];
    for (const [place, step] of extra) mixed.splice(Math.min(place, mixed.length), 0, step);
    return mixed;
  });
}
