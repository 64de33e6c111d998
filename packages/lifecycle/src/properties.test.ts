import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance } from "./advance.ts";
import { explore } from "./testing/explore.ts";
import { applyStep } from "./testing/applyStep.ts";
import { anySteps, mixedSteps, takenSteps } from "./testing/arbitraries.ts";
import { brokenRules } from "./testing/brokenRules.ts";
import { brokenStepRules } from "./testing/brokenStepRules.ts";
import { stateKey } from "./testing/stateKey.ts";
import { stepEvent } from "./testing/stepEvent.ts";
import { STEP_NAMES } from "./testing/steps.ts";
import type { Decision, LedgerEntry } from "./decision.ts";
import type { LifecycleEvent } from "./events.ts";
import type { AssetRows } from "./rows.ts";
import type { Step } from "./testing/steps.ts";

interface Played {
  readonly before: AssetRows | null;
  readonly event: LifecycleEvent;
  readonly decision: Decision;
}

function play(steps: readonly Step[]): { readonly rows: AssetRows | null; readonly played: readonly Played[] } {
  let rows: AssetRows | null = null;
  const played: Played[] = [];
  for (const step of steps) {
    const event = stepEvent(rows, step);
    const applied = applyStep(frozen(rows), step);
    if (event !== null && applied.decision !== null) played.push({ before: rows, event, decision: applied.decision });
    rows = applied.rows;
  }
  return { rows, played };
}

/** `advance` changes nothing it is given: it would throw here. */
function frozen(rows: AssetRows | null): AssetRows | null {
  for (const row of Object.values(rows ?? {})) Object.freeze(row);
  return Object.freeze(rows);
}

function entries(played: readonly Played[]): readonly LedgerEntry[] {
  return played.flatMap(({ decision }) => (decision.ok && decision.ledger !== null ? [decision.ledger] : []));
}

describe("whatever happens to an asset, in any order", () => {
  it("[J1] [J3] [J5] [J6] [J8] [A2] [A4] [A5] [C2] every row keeps every rule after every step", () => {
    fc.assert(
      fc.property(fc.oneof(mixedSteps(), anySteps()), (steps) => {
        for (const { before, event, decision } of play(steps).played) {
          if (!decision.ok) continue;
          expect(brokenRules(decision.next)).toEqual([]);
          expect(brokenStepRules(before, event, decision)).toEqual([]);
        }
      }),
      { numRuns: 600 },
    );
  });

  it("[C3] entries sum to what is held and what was charged, and a hold ends at most once", () => {
    fc.assert(
      fc.property(mixedSteps({ maxLength: 60 }), (steps) => {
        const { rows, played } = play(steps);
        let [balance, held] = [100, 0];
        for (const entry of entries(played)) {
          [balance, held] = [balance + entry.balance, held + entry.held];
          expect(held).toBeGreaterThanOrEqual(0);
          expect(held).toBeLessThanOrEqual(balance);
        }
        const completions = played.filter(
          ({ decision }) => decision.ok && decision.record?.jobTo === "completed" && decision.ledger !== null,
        );
        expect(balance).toBe(100 - 6 * completions.length);
        expect(held).toBe(rows?.hold?.state === "held" ? 6 : 0);
        const ends = entries(played)
          .filter(({ kind }) => kind !== "hold")
          .map(({ jobId }) => jobId);
        expect(new Set(ends).size).toBe(ends.length);
      }),
      { numRuns: 400 },
    );
  });

  it("[J9] an event of an attempt other than the live one is never taken", () => {
    fc.assert(
      fc.property(
        takenSteps(),
        fc.integer({ min: -2, max: 60 }),
        fc.constantFrom(...STEP_NAMES),
        (steps, attempt, step) => {
          const { rows } = play(steps);
          const event = stepEvent(rows, step);
          if (
            rows?.job === null ||
            rows === null ||
            event === null ||
            !("attempt" in event) ||
            attempt === rows.job.attempt
          )
            return;
          expect(advance(rows, { ...event, attempt }).ok).toBe(false);
        },
      ),
      { numRuns: 600 },
    );
  });

  it("[J6] a job whose worker always vanishes ends, and so does one that always fails", () => {
    fc.assert(
      fc.property(takenSteps(), fc.constantFrom("lose", "fail_retryable", "expire_attempt"), (steps, misfortune) => {
        let { rows } = play(steps);
        for (const step of ["ready", "claim", misfortune, "claim", misfortune, "claim", misfortune] as const)
          rows = applyStep(rows, step).rows;
        expect(rows?.job?.endedAt).not.toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  it("[model] explore finds every state that any sequence reaches, and tells them apart rightly", () => {
    const states = explore();
    fc.assert(
      fc.property(mixedSteps(), (steps) => {
        const { rows } = play(steps);
        const known = states.get(stateKey(rows));
        expect(known, stateKey(rows)).toBeDefined();
        for (const step of STEP_NAMES) {
          const { decision, rows: next } = applyStep(rows, step);
          const there = known?.outcomes[step];
          expect({ step, to: stateKey(next), why: decision?.ok === false ? decision.why : null }).toEqual({
            step,
            to: there?.to,
            why: there?.decision?.ok === false ? there.decision.why : null,
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  it("[E1] the records of an asset form one chain of statuses, and the row version counts them", () => {
    fc.assert(
      fc.property(mixedSteps(), (steps) => {
        const { rows, played } = play(steps);
        const records = played.flatMap(({ decision }) =>
          decision.ok && decision.record !== null ? [decision.record] : [],
        );
        records.forEach((record, index) => expect(record.from).toBe(index === 0 ? null : records[index - 1]?.to));
        expect(rows?.asset.rowVersion ?? 0).toBe(records.length);
      }),
      { numRuns: 400 },
    );
  });
});
