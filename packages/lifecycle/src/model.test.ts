import { describe, expect, it } from "vitest";
import { LIFECYCLE_EVENTS } from "./eventTypes.ts";
import { expectedOutcome } from "./oracle/expectedOutcome.ts";
import { STATUSES } from "./status.ts";
import { brokenRules } from "./testing/brokenRules.ts";
import { brokenStepRules } from "./testing/brokenStepRules.ts";
import { explore } from "./testing/explore.ts";
import { coarseStateKey } from "./testing/stateKey.ts";
import { stepEvent } from "./testing/stepEvent.ts";
import { STEP_NAMES, STEPS } from "./testing/steps.ts";
import type { Expected } from "./oracle/expectedOutcome.ts";
import type { ReachableState } from "./testing/explore.ts";
import type { Step } from "./testing/steps.ts";

const states = [...explore().values()];

function outcomeOf(state: ReachableState, step: Step): Expected {
  const { decision } = state.outcomes[step];
  if (decision === null) return null;
  if (!decision.ok) return decision.why;
  const { asset, job } = decision.next;
  return { asset: asset.status, job: job === null ? null : (job.phase ?? job.status) };
}

describe("[model] every reachable state × every step", () => {
  it("[model] the model reaches every status and phase, and knows every event", () => {
    const reached = new Set(states.flatMap(({ rows }) => (rows === null ? [] : [rows.asset.status])));
    expect([...reached].toSorted()).toEqual([...STATUSES].toSorted());
    const told = new Set(Object.values(STEPS).filter((type) => type !== null));
    expect([...told].toSorted()).toEqual([...LIFECYCLE_EVENTS].toSorted());
    // A guard that quietly closes a door makes states unreachable; then every other test here passes with less.
    expect(states.length).toBe(2210);
    expect(explore({ identify: coarseStateKey }).size).toBe(152);
  });

  it.each(STEP_NAMES)("[model] %s is accepted or refused as SPEC.md says, in every reachable state", (step) => {
    const wrong = states
      .map((state) => ({
        path: [...state.path, step].join(" "),
        is: outcomeOf(state, step),
        must: expectedOutcome(state.rows, step),
      }))
      .filter(({ is, must }) => JSON.stringify(is) !== JSON.stringify(must));
    expect(wrong).toEqual([]);
  });

  it("[model] a refused step changes nothing", () => {
    const moved = states.flatMap(({ key, outcomes, path }) =>
      STEP_NAMES.filter((step) => outcomes[step].decision?.ok === false && outcomes[step].to !== key).map((step) => [
        ...path,
        step,
      ]),
    );
    expect(moved).toEqual([]);
  });

  it.each(["A2", "A3", "A4", "A5", "A9", "C2", "C3", "J1", "J2", "J3", "J4", "J5", "J6", "J7", "J8"])(
    "[model] [%s] holds for the rows of every reachable state",
    (rule) => {
      const broken = states.flatMap(({ rows, path }) =>
        (rows === null ? [] : brokenRules(rows))
          .filter((said) => said.startsWith(rule))
          .map((said) => ({ said, path })),
      );
      expect(broken).toEqual([]);
    },
  );

  it.each([
    "A1",
    "A3",
    "A6",
    "A8",
    "A9",
    "C2",
    "C3",
    "E1",
    "E4",
    "J1",
    "J2",
    "J3",
    "J5",
    "J7",
    "J8",
    "J9",
    "J10",
    "J11",
  ])("[model] [%s] holds across every accepted step", (rule) => {
    expect(brokenSteps().filter(({ said }) => said.startsWith(`${rule} `))).toEqual([]);
  });
});

let found: readonly { readonly said: string; readonly path: readonly Step[] }[] | null = null;

function brokenSteps(): readonly { readonly said: string; readonly path: readonly Step[] }[] {
  return (found ??= states.flatMap(({ rows, path, outcomes }) =>
    STEP_NAMES.flatMap((step) => {
      const { decision } = outcomes[step];
      const event = stepEvent(rows, step);
      if (event === null || decision === null || !decision.ok) return [];
      return brokenStepRules(rows, event, decision).map((said) => ({ said, path: [...path, step] }));
    }),
  ));
}
