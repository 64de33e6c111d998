import { ASSET_TYPES } from "@reelstate/lifecycle";
import { z } from "zod";

// A file of a workflow: what ComfyUI exports in its API format, under a header that says which of its nodes' inputs are
// filled in, and which node saves the result. docs/comfyui.md shows one whole.

/** Where a value goes: a node's id and the name of one of its inputs, as in `6.text`. */
const target = z
  .string()
  .regex(/^[^.]+\..+$/, { error: 'must name a node and its input, such as "6.text"' })
  .transform((text) => {
    const dot = text.indexOf(".");
    return { node: text.slice(0, dot), input: text.slice(dot + 1) };
  });
/** One value may be wanted at several places. */
const targets = z.union([target.transform((one) => [one]), z.array(target).min(1)], {
  error: 'must be a node and its input, such as "6.text", or a list of those',
});

const side = z.int().min(16).max(16_384);
const seconds = z.number().positive().max(600);
const node = z.looseObject({
  class_type: z.string({ error: "is missing; export the workflow with Export (API)" }),
  inputs: z.record(z.string(), z.unknown()),
});

const file = z.strictObject({
  reelstate: z.strictObject({
    name: z.string().min(1).max(60),
    type: z.enum(ASSET_TYPES),
    description: z.strictObject({ en: z.string().min(1), zh: z.string().min(1) }).optional(),
    inputs: z.strictObject({
      prompt: targets,
      seed: targets.optional(),
      width: targets.optional(),
      height: targets.optional(),
      /** A number of frames. */
      length: targets.optional(),
      /** Each takes one picture, and needs it. */
      pictures: z.array(target).min(1).max(4).optional(),
      /** Filled with the first that ComfyUI has. */
      checkpoint: targets.optional(),
      /** Where the result is saved: filled with a name of its own for each, so that no two share a file. */
      file: targets.optional(),
    }),
    /** Width and height by aspect ratio; the first is the usual one. */
    sizes: z
      .record(
        z.string().regex(/^\d{1,2}:\d{1,2}$/, { error: "must look like 16:9" }),
        z.tuple([side, side], { error: "must be a width and a height, such as [1344, 768]" }),
      )
      .optional(),
    /** Of a video: what may be asked for. */
    seconds: z.strictObject({ min: seconds, max: seconds, usual: seconds }).optional(),
    /** How seconds become frames; with a step above 1, as many times the step as fit, and one. */
    frames: z.strictObject({ perSecond: z.number().positive().max(240), step: z.int().min(1).default(1) }).optional(),
    /** The node that saves the result. */
    output: z.string(),
    /** The node whose steps are shown as progress; without it none is shown. */
    progress: z.string().optional(),
    /** How long one may take. */
    minutes: z.number().positive().max(1_440).optional(),
  }),
  workflow: z.record(z.string(), node),
});

export type WorkflowHeader = z.output<typeof file>["reelstate"];
export type Target = z.output<typeof target>;

/** ComfyUI's API format: each node's class and inputs, by its id. An input is a value, or a link `[node, output]`. */
export type Graph = Readonly<Record<string, z.output<typeof node>>>;

export interface Workflow {
  /** Its model's id. */
  readonly id: string;
  readonly header: WorkflowHeader;
  readonly graph: Graph;
}

/** A workflow, or each of its flaws with the field that has it. */
export function parseWorkflow(
  id: string,
  json: unknown,
): { readonly workflow: Workflow } | { readonly flaws: readonly string[] } {
  const parsed = file.safeParse(json);
  if (!parsed.success)
    return {
      flaws: parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`),
    };
  const { reelstate: header, workflow: graph } = parsed.data;
  const flaws = [...misplaced(header, graph), ...inconsistent(header)];
  return flaws.length > 0 ? { flaws } : { workflow: { id, header, graph } };
}

/** What the header names and the workflow does not have. */
function misplaced({ inputs, output, progress }: WorkflowHeader, graph: Graph): readonly string[] {
  const flaws: string[] = [];
  for (const [name, places] of Object.entries(inputs)) {
    for (const { node: id, input } of places ?? []) {
      const value = graph[id]?.inputs[input];
      if (graph[id] === undefined) flaws.push(`reelstate.inputs.${name}: there is no node ${id} in the workflow`);
      else if (value === undefined)
        flaws.push(`reelstate.inputs.${name}: node ${id} (${graph[id].class_type}) has no input ${input}`);
      else if (Array.isArray(value))
        flaws.push(`reelstate.inputs.${name}: ${id}.${input} comes from node ${String(value[0])}; name an input there`);
    }
  }
  for (const [name, id] of Object.entries({ output, progress }))
    if (id !== undefined && graph[id] === undefined)
      flaws.push(`reelstate.${name}: there is no node ${id} in the workflow`);
  return flaws;
}

function inconsistent({ type, inputs, sizes, seconds: span, frames }: WorkflowHeader): readonly string[] {
  const sized = inputs.width !== undefined && inputs.height !== undefined;
  const rules: readonly (readonly [boolean, string])[] = [
    [sizes !== undefined && !sized, "reelstate.sizes: needs reelstate.inputs.width and height to go to"],
    [sizes === undefined && sized, "reelstate.sizes: is missing; say which width and height each aspect ratio has"],
    [sizes !== undefined && Object.keys(sizes).length === 0, "reelstate.sizes: is empty; leave it out, or fill it"],
    [type === "video" && span === undefined, "reelstate.seconds: is missing; say how long a video may be"],
    [type === "image" && span !== undefined, "reelstate.seconds: a picture has no length; leave it out"],
    [
      span !== undefined && !(span.min <= span.usual && span.usual <= span.max),
      "reelstate.seconds: usual must lie from min to max",
    ],
    [inputs.length !== undefined && frames === undefined, "reelstate.frames: is missing; say how many make a second"],
    [inputs.length !== undefined && type === "image", "reelstate.inputs.length: a picture has no length; leave it out"],
    [
      inputs.length === undefined && span !== undefined && span.min !== span.max,
      "reelstate.inputs.length: is missing; without it all videos are equally long: set min and max to the same",
    ],
  ];
  return rules.flatMap(([broken, flaw]) => (broken ? [flaw] : []));
}
