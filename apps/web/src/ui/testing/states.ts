import { applyStep, sampleAsset } from "@reelstate/lifecycle/testing";
import type { Asset } from "@reelstate/lifecycle";
import type { Step } from "@reelstate/lifecycle/testing";

/** Lives that lead to the states a card is drawn in, played on the machine itself. */
export const STATES = {
  queued: ["create"],
  making: ["create", "claim", "progress_at_provider"],
  completed: ["create", "claim", "progress_at_provider", "complete"],
  failed: ["create", "claim", "fail_final"],
  cancelled: ["create", "cancel"],
  regenerating: ["create", "claim", "complete", "regenerate", "claim"],
  regenerationFailed: ["create", "claim", "complete", "regenerate", "claim", "fail_final"],
} as const satisfies Record<string, readonly Step[]>;

/** The asset after a life, as an answer shows it. */
export function stateNamed(steps: readonly Step[]): Asset {
  let rows: Parameters<typeof applyStep>[0] = null;
  for (const step of steps) {
    const applied = applyStep(rows, step);
    if (applied.decision?.ok === false) throw new Error(`The machine refuses ${step}: ${applied.decision.why}`);
    rows = applied.rows;
  }
  if (rows === null) throw new Error("A life needs a step.");
  return sampleAsset(rows);
}
