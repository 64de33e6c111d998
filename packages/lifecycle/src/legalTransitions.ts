import { toDirectedGraph } from "xstate/graph";
import { assetMachine } from "./assetMachine.ts";
import { holdMachine } from "./holdMachine.ts";
import { jobMachine } from "./jobMachine.ts";
import { versionMachine } from "./versionMachine.ts";
import type { AnyStateMachine, AnyStateNode } from "xstate";
import type { DirectedGraphEdge, DirectedGraphNode } from "xstate/graph";
import type { HoldRow } from "./rows.ts";
import type { Status } from "./status.ts";

/** From, to; never twice the same. */
export type Edge<S extends string> = readonly [from: S, to: S];

export interface LegalTransitions {
  readonly job: readonly Edge<Status>[];
  readonly version: readonly Edge<Status>[];
  readonly asset: readonly Edge<Status>[];
  readonly hold: readonly Edge<HoldRow["state"]>[];
}

/** Every change of status that some event may make, read off the machines. */
export function legalTransitions(): LegalTransitions {
  return {
    job: statusEdges<Status>(jobMachine),
    version: statusEdges<Status>(versionMachine),
    asset: statusEdges<Status>(assetMachine),
    hold: statusEdges<HoldRow["state"]>(holdMachine),
  };
}

/** Every edge of a machine, inner states included, with the event that takes it. */
export function machineEdges(machine: AnyStateMachine): readonly DirectedGraphEdge[] {
  const edges: DirectedGraphEdge[] = [];
  const visit = (node: DirectedGraphNode): void => {
    edges.push(...node.edges);
    node.children.forEach(visit);
  };
  visit(toDirectedGraph(machine));
  return edges;
}

/** The outermost state that holds a state: a job's status for its phase. Null for the machine itself. */
export function statusOf(node: AnyStateNode): string | null {
  return node.path[0] ?? null;
}

function statusEdges<S extends string>(machine: AnyStateMachine): readonly Edge<S>[] {
  const found = new Map<string, Edge<S>>();
  for (const { source, target } of machineEdges(machine)) {
    const from = statusOf(source);
    const to = statusOf(target);
    if (from !== null && to !== null && from !== to) found.set(`${from}>${to}`, [from as S, to as S]);
  }
  return [...found.values()];
}
