import { assetMachine } from "./assetMachine.ts";
import { holdMachine } from "./holdMachine.ts";
import { jobMachine } from "./jobMachine.ts";
import { machineEdges, statusOf } from "./legalTransitions.ts";
import type { AnyStateMachine, AnyStateNode } from "xstate";

/** The machines as Mermaid diagrams in a Markdown page, read off the machines themselves. */
export function stateDiagram(): string {
  return [
    "# The machines",
    "Generated from the machines by `pnpm run generate`; do not edit. Guards are left out: the table in SPEC.md says when.",
    "## Job",
    "Its outer states are its status, the inner ones its phase. An end is drawn from the status, whichever phase takes it.",
    diagram(jobMachine),
    "## Asset",
    "`job_…` tells what became of the job that makes its current version. What leaves the state as it is, is not drawn. An upload is born completed.",
    diagram(assetMachine),
    "## Hold",
    diagram(holdMachine),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function diagram(machine: AnyStateMachine): string {
  const states = Object.values(machine.states) as readonly AnyStateNode[];
  const lines = [
    "stateDiagram-v2",
    `  [*] --> ${(machine.root.initial.target[0] as AnyStateNode).key}`,
    ...states.flatMap(inside),
    ...arrows(machine, (source, target) => statusOf(source) !== statusOf(target)),
    ...states.filter(({ type }) => type === "final").map(({ key }) => `  ${key} --> [*]`),
  ];
  return ["```mermaid", ...lines, "```"].join("\n");
}

/** A state with inner ones, and the arrows that stay inside it. */
function inside(state: AnyStateNode): readonly string[] {
  const inner = Object.keys(state.states);
  if (inner.length === 0) return [];
  const within = arrows(
    state.machine,
    (source, target) => statusOf(source) === state.key && statusOf(target) === state.key,
  );
  const begin = state.initial.target[0];
  return [
    `  state ${state.key} {`,
    // Named first, or Mermaid would put a state where an arrow first mentions it.
    ...inner.map((key) => `    ${key}`),
    ...(begin === undefined ? [] : [`    [*] --> ${begin.key}`]),
    ...within.map((line) => `  ${line}`),
    "  }",
  ];
}

function arrows(
  machine: AnyStateMachine,
  shown: (source: AnyStateNode, target: AnyStateNode) => boolean,
): readonly string[] {
  const labels = new Map<string, Set<string>>();
  for (const { source, target, label } of machineEdges(machine)) {
    if (source === machine.root || !shown(source, target)) continue;
    for (const from of drawnFrom(source, target)) {
      if (from === target) continue;
      const arrow = `  ${from.key} --> ${target.key}`;
      labels.set(arrow, (labels.get(arrow) ?? new Set()).add(label.text));
    }
  }
  return [...labels].map(([arrow, events]) => `${arrow} : ${[...events].join(", ")}`);
}

/**
 * Where an arrow is drawn from. One from a state to a state inside it comes from each of its others: Mermaid draws none
 * into itself. One to an end comes from the outer state: drawn from every phase, they hide the rest.
 */
function drawnFrom(source: AnyStateNode, target: AnyStateNode): readonly AnyStateNode[] {
  if (target.parent === source) return Object.values(source.states);
  if (target.type === "final" && source.parent !== undefined && source.parent !== source.machine.root)
    return [source.parent];
  return [source];
}
