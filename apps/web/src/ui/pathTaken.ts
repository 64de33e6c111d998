import type { AssetTransition } from "@reelstate/api";
import type { Edge, Status } from "@reelstate/lifecycle";

/** One recorded change of status, as a step along an edge of the machine. */
export interface Step {
  /** Counted from 1, as the list beside the diagram counts. */
  readonly order: number;
  /** `start`: a life begins here, the asset's or a new version's. */
  readonly from: Status | "start";
  readonly to: Status;
  readonly transition: AssetTransition;
}

/**
 * The way through the machine that a history tells. The job's own statuses where there is a job; a job that begins where
 * the asset had failed or been cancelled comes from there.
 */
export function pathTaken(transitions: readonly AssetTransition[], edges: readonly Edge<Status>[]): readonly Step[] {
  const isEdge = (from: Status, to: Status) => edges.some((edge) => edge[0] === from && edge[1] === to);
  const steps: Step[] = [];
  for (const transition of transitions) {
    const to = transition.jobTo ?? transition.to;
    const from = transition.jobTo === null ? transition.from : transition.jobFrom;
    if (from === to) continue;
    const cameFrom = from ?? (transition.from !== null && isEdge(transition.from, to) ? transition.from : "start");
    steps.push({ order: steps.length + 1, from: cameFrom, to, transition });
  }
  return steps;
}
