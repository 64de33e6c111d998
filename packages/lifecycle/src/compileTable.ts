import { transition } from "xstate";
import type { AnyMachineSnapshot, AnyStateMachine, EventObject, StateValue } from "xstate";
import type { RefusalReason } from "./decision.ts";

/**
 * A machine as decision trees: one for each (state, event), whose inner nodes are its guards in the order in which the
 * machine asks them and whose leaves are its answers. Walking a tree costs a few function calls where the interpreter
 * needs microseconds, and it cannot disagree with the machine, because the machine itself is run to build it: with its
 * guards replaced by given answers, once for every way through them.
 *
 * Trees grow when first asked for, so importing this package runs nothing.
 */
export interface DecisionTable<Context, Event extends EventObject> {
  readonly ask: (place: string, context: Context, event: Event) => Leaf;
  /** The tree itself, for tests, generators and drawings. */
  readonly treeOf: (place: string, eventType: string) => Tree<Context, Event>;
  readonly places: readonly string[];
}

export type Tree<Context, Event> = Leaf | Question<Context, Event>;

export interface Question<Context, Event> {
  readonly ask: (context: Context, event: Event) => boolean;
  readonly guard: string;
  readonly yes: Tree<Context, Event>;
  readonly no: Tree<Context, Event>;
}

export type Leaf = Taken | Untaken;

export interface Taken {
  readonly ask: null;
  readonly taken: true;
  /** The innermost state afterwards, and the outermost: a phase and its status, or twice the same. */
  readonly place: string;
  readonly status: string;
  readonly effects: readonly string[];
}

export interface Untaken {
  readonly ask: null;
  readonly taken: false;
  readonly why: RefusalReason;
}

export interface TableSource<Context, Event> {
  readonly machine: AnyStateMachine;
  readonly guards: Readonly<Record<string, (context: Context, event: Event) => boolean>>;
  readonly actions: readonly string[];
  /** Why an event is refused, by the first guard answered no that has a reason. */
  readonly reasons: Readonly<Partial<Record<string, RefusalReason>>>;
  /** Why a state refuses an event it has no transition for. */
  readonly untaken: (place: string, eventType: string) => RefusalReason;
}

export function compileTable<Context, Event extends EventObject>(
  source: TableSource<Context, Event>,
): DecisionTable<Context, Event> {
  const states = statesOf(source.machine);
  const rows: Record<string, Record<string, Tree<Context, Event>>> = Object.create(null);
  for (const place of states.keys()) rows[place] = Object.create(null);
  const build = treeBuilder(source, states);

  function treeOf(place: string, eventType: string): Tree<Context, Event> {
    const row = rows[place];
    if (row === undefined) throw new Error(`The machine has no state "${place}".`);
    return (row[eventType] ??= build(place, eventType));
  }

  return {
    places: [...states.keys()],
    treeOf,
    ask: (place, context, event) => {
      let tree = rows[place]?.[event.type] ?? treeOf(place, event.type);
      while (tree.ask !== null) tree = tree.ask(context, event) ? tree.yes : tree.no;
      return tree;
    },
  };
}

/** Innermost states by name, each with the value the machine gives it. Names are unique over all levels. */
function statesOf(machine: AnyStateMachine): ReadonlyMap<string, StateValue> {
  const found = new Map<string, StateValue>();
  for (const outer of Object.values(machine.states)) {
    const inner = Object.keys(outer.states);
    if (inner.length === 0) found.set(outer.key, outer.key);
    else for (const key of inner) found.set(key, { [outer.key]: key });
  }
  return found;
}

function treeBuilder<Context, Event extends EventObject>(
  source: TableSource<Context, Event>,
  states: ReadonlyMap<string, StateValue>,
): (place: string, eventType: string) => Tree<Context, Event> {
  const answers = new Map<string, boolean>();
  let unanswered = null as string | null;
  const guards = Object.keys(source.guards).map((name) => [
    name,
    () => {
      const answer = answers.get(name);
      if (answer === undefined) unanswered ??= name;
      return answer ?? false;
    },
  ]);
  let rehearsal: AnyStateMachine | null = null;

  function grow(value: StateValue, place: string, eventType: string): Tree<Context, Event> {
    rehearsal ??= source.machine.provide({
      guards: Object.fromEntries(guards),
      actions: Object.fromEntries(source.actions.map((name) => [name, () => {}])),
    });
    const before: AnyMachineSnapshot = rehearsal.resolveState({ value, context: {} });
    const event = { type: eventType };
    unanswered = null;
    const taken = before.can(event);
    const guard = unanswered as string | null;
    if (guard === null) {
      return taken
        ? takenLeaf(rehearsal, before, event)
        : { ask: null, taken: false, why: source.untaken(place, eventType) };
    }
    answers.set(guard, true);
    const yes = grow(value, place, eventType);
    answers.set(guard, false);
    const no = grow(value, place, eventType);
    answers.delete(guard);
    const ask = source.guards[guard];
    if (ask === undefined) throw new Error(`The machine asks an unknown guard "${guard}".`);
    return { ask, guard, yes, no: because(no, source.reasons[guard]) };
  }

  return (place, eventType) => {
    const value = states.get(place);
    if (value === undefined) throw new Error(`The machine has no state "${place}".`);
    return grow(value, place, eventType);
  };
}

function takenLeaf(machine: AnyStateMachine, before: AnyMachineSnapshot, event: EventObject): Taken {
  const [after, actions] = transition(machine, before, event);
  const status = typeof after.value === "string" ? after.value : Object.keys(after.value)[0];
  if (status === undefined) throw new Error("A state value names at least one state.");
  const inner: unknown = typeof after.value === "string" ? after.value : after.value[status];
  return { ask: null, taken: true, status, place: String(inner), effects: actions.map((action) => action.type) };
}

/** The first question answered no gives its reason to every refusal below it. */
function because<Context, Event>(tree: Tree<Context, Event>, why: RefusalReason | undefined): Tree<Context, Event> {
  if (why === undefined) return tree;
  if (tree.ask !== null) return { ...tree, yes: because(tree.yes, why), no: because(tree.no, why) };
  return tree.taken ? tree : { ...tree, why };
}
