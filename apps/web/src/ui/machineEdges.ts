import { legalTransitions } from "@reelstate/lifecycle";
import type { Edge, Status } from "@reelstate/lifecycle";

/** Every change of status that the machines of job and asset allow, each once. */
export function machineEdges(): readonly Edge<Status>[] {
  const { job, asset } = legalTransitions();
  return [...new Map([...job, ...asset].map((edge) => [edge.join(">"), edge])).values()];
}
