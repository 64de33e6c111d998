import { transition } from "xstate";
import { describe, expect, it } from "vitest";
import { assetMachine } from "./assetMachine.ts";
import { ASSET_GUARDS } from "./assetGuards.ts";
import { ASSET_EFFECTS } from "./assetEffects.ts";
import { assetTable } from "./assetTable.ts";
import { holdTable } from "./endHold.ts";
import { holdMachine } from "./holdMachine.ts";
import { JOB_EFFECTS } from "./jobEffects.ts";
import { JOB_EVENTS } from "./jobEvents.ts";
import { JOB_GUARDS } from "./jobGuards.ts";
import { jobMachine } from "./jobMachine.ts";
import { jobTable } from "./jobTable.ts";
import { compileTable } from "./compileTable.ts";
import { versionMachine } from "./versionMachine.ts";
import type { AnyStateMachine, StateValue } from "xstate";
import type { Leaf, Tree } from "./compileTable.ts";

interface Compiled {
  readonly places: readonly string[];
  readonly treeOf: (place: string, eventType: string) => Tree<never, never>;
}

const FOLLOW = ["job_pending", "job_processing", "job_completed", "job_failed", "job_cancelled"];

const versionTable = compileTable({
  machine: versionMachine,
  guards: {},
  actions: [],
  reasons: {},
  untaken: () => "illegal",
});

const CASES = [
  {
    name: "job",
    machine: jobMachine,
    table: jobTable(),
    guards: JOB_GUARDS,
    effects: JOB_EFFECTS,
    events: [...JOB_EVENTS, "nonsense"],
    ways: 1_100,
  },
  {
    name: "asset",
    machine: assetMachine,
    table: assetTable(),
    guards: ASSET_GUARDS,
    effects: ASSET_EFFECTS,
    events: [...FOLLOW, "retry", "regenerate", "recover", "cancel", "delete", "nonsense"],
    ways: 300,
  },
  {
    name: "hold",
    machine: holdMachine,
    table: holdTable(),
    guards: {},
    effects: {},
    events: ["capture", "release", "nonsense"],
    ways: 9,
  },
  {
    name: "version",
    machine: versionMachine,
    table: versionTable,
    guards: {},
    effects: {},
    events: [...FOLLOW, "again", "nonsense"],
    ways: 35,
  },
] as const;

describe("[model] the compiled tables are the machines", () => {
  it.each(CASES)(
    "[model] $name: the same answer for every state, event and answer of the guards",
    ({ machine, table, guards, effects, events, ways }) => {
      const asked = rehearse(machine, Object.keys(guards), Object.keys(effects));
      let compared = 0;
      const different: unknown[] = [];
      for (const place of table.places) {
        for (const event of events) {
          for (const answers of assignments(asked.questions(place, event))) {
            const fromMachine = asked.run(place, event, answers);
            const fromTable = walk((table as Compiled).treeOf(place, event), answers);
            compared += 1;
            if (JSON.stringify(fromMachine) !== JSON.stringify(fromTable))
              different.push({ place, event, answers, fromMachine, fromTable });
          }
        }
      }
      expect(different).toEqual([]);
      expect(compared).toBeGreaterThanOrEqual(ways);
    },
  );

  it("[model] every state of the machines is a place of its table", () => {
    const inner = Object.values(jobMachine.states).flatMap((state) =>
      Object.keys(state.states).length > 0 ? Object.keys(state.states) : [state.key],
    );
    expect(jobTable().places).toEqual(inner);
    expect(assetTable().places).toEqual(Object.keys(assetMachine.states));
    expect(() => jobTable().treeOf("nowhere", "claim")).toThrow("no state");
  });
});

type Answers = Readonly<Record<string, boolean>>;
type Answer =
  | { readonly taken: false }
  | { readonly taken: true; readonly place: string; readonly status: string; readonly effects: readonly string[] };

/** The interpreter, with guards that answer as told. */
function rehearse(machine: AnyStateMachine, guards: readonly string[], effects: readonly string[]) {
  let answers: Answers = {};
  let fallback = false;
  const heard = new Set<string>();
  const told = machine.provide({
    guards: Object.fromEntries(guards.map((name) => [name, () => (heard.add(name), answers[name] ?? fallback)])),
    actions: Object.fromEntries([...effects, "captureHold", "releaseHold"].map((name) => [name, () => {}])),
  });

  function run(place: string, type: string, given: Answers): Answer {
    answers = given;
    const before = told.resolveState({ value: valueOf(machine, place), context: {} });
    if (!before.can({ type })) return { taken: false };
    const [after, actions] = transition(told, before, { type });
    const status = typeof after.value === "string" ? after.value : (Object.keys(after.value)[0] as string);
    const inner: unknown = typeof after.value === "string" ? after.value : after.value[status];
    return { taken: true, place: String(inner), status, effects: actions.map((action) => action.type) };
  }

  /** Every guard that the interpreter asks in this state on some way, found by running until no new one is heard. */
  function questions(place: string, type: string): readonly string[] {
    heard.clear();
    for (let known = -1; known !== heard.size;) {
      known = heard.size;
      for (const given of assignments([...heard])) {
        for (const otherwise of [true, false]) {
          fallback = otherwise;
          run(place, type, given);
        }
      }
    }
    return [...heard];
  }

  return { run, questions };
}

function* assignments(names: readonly string[]): Generator<Answers> {
  for (let bits = 0; bits < 2 ** names.length; bits += 1) {
    yield Object.fromEntries(names.map((name, index) => [name, (bits & (1 << index)) !== 0]));
  }
}

function walk(tree: Tree<never, never>, answers: Answers): Answer {
  let here = tree;
  while (here.ask !== null) here = answers[here.guard] === true ? here.yes : here.no;
  return withoutReason(here);
}

function withoutReason(leaf: Leaf): Answer {
  return leaf.taken ? { taken: true, place: leaf.place, status: leaf.status, effects: leaf.effects } : { taken: false };
}

function valueOf(machine: AnyStateMachine, place: string): StateValue {
  const outer = Object.values(machine.states).find((state) => place in state.states);
  return outer === undefined ? place : { [outer.key]: place };
}
