import type { ProviderRequest } from "../Provider.ts";
import type { Graph, Target, Workflow, WorkflowHeader } from "./parseWorkflow.ts";

export interface Fillings {
  /** As ComfyUI named them when it took them. */
  readonly pictures: readonly string[];
  /** Null where the workflow asks for none. */
  readonly checkpoint: string | null;
  /** The prompt's own id. */
  readonly id: string;
}

/** The graph with everything that is asked for written where the header says. */
export function fillWorkflow(
  { header, graph }: Workflow,
  { prompt, params }: ProviderRequest,
  { pictures, checkpoint, id }: Fillings,
): Graph {
  const { inputs } = header;
  const [width, height] = sizeOf(header, params["aspectRatio"]) ?? [];
  const values: readonly (readonly [readonly Target[] | undefined, unknown])[] = [
    [inputs.prompt, prompt],
    [inputs.seed, params["seed"]],
    [inputs.width, width],
    [inputs.height, height],
    [inputs.length, framesOf(header, params["durationMs"])],
    [inputs.checkpoint, checkpoint ?? undefined],
    [inputs.file, `reelstate/${id}`],
    ...(inputs.pictures ?? []).map((target, index) => [[target], pictures[index]] as const),
  ];
  const filled = structuredClone(graph);
  for (const [targets = [], value] of values)
    for (const { node, input } of targets)
      if (value !== undefined && filled[node] !== undefined) filled[node].inputs[input] = value;
  return filled;
}

function sizeOf({ sizes = {} }: WorkflowHeader, ratio: unknown): readonly [number, number] | undefined {
  return typeof ratio === "string" && Object.hasOwn(sizes, ratio) ? sizes[ratio] : Object.values(sizes)[0];
}

/** Video models count in steps of 4 or 8, after a first frame. */
function framesOf({ frames, seconds }: WorkflowHeader, durationMs: unknown): number | undefined {
  if (frames === undefined || seconds === undefined) return undefined;
  const span = typeof durationMs === "number" ? durationMs / 1_000 : seconds.usual;
  const steps = Math.max(1, Math.round((span * frames.perSecond) / frames.step));
  return frames.step === 1 ? steps : steps * frames.step + 1;
}
