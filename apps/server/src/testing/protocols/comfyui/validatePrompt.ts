import { z } from "zod";
import type { NodeClass } from "./coreNodes.ts";

const graphSchema = z.record(
  z.string(),
  z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) }),
);
export type PromptGraph = z.output<typeof graphSchema>;

interface Reason {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: Readonly<Record<string, unknown>>;
}

export type Validated =
  | { readonly graph: PromptGraph; readonly outputs: readonly string[] }
  | { readonly error: Reason; readonly node_errors: Readonly<Record<string, unknown>> };

/** ComfyUI's own judgement of a graph, with its words for what is wrong, as `POST /prompt` answers with 400. */
export function validatePrompt(
  { classes, hasFile }: { readonly classes: Readonly<Record<string, NodeClass>>; hasFile: (name: string) => boolean },
  prompt: unknown,
): Validated {
  const graph = graphSchema.parse(prompt);
  for (const [id, { class_type: name }] of Object.entries(graph))
    if (classes[name] === undefined)
      return refused("missing_node_type", `Node '${name}' not found. The custom node may not be installed.`, {
        details: `Node ID '#${id}'`,
        extra_info: { node_id: id, class_type: name, node_title: name },
      });
  const outputs = Object.keys(graph).filter((id) => classes[graph[id]?.class_type ?? ""]?.saves !== undefined);
  if (outputs.length === 0) return refused("prompt_no_outputs", "Prompt has no outputs", {});

  const errors: Record<
    string,
    { errors: readonly Reason[]; dependent_outputs: readonly string[]; class_type: string }
  > = {};
  for (const [id, { class_type: name, inputs }] of Object.entries(graph)) {
    const reasons = Object.entries(classes[name]?.required ?? {}).flatMap(([input, wanted]) =>
      judged(input, wanted, inputs[input]),
    );
    const file = inputs["image"];
    if (name === "LoadImage" && !hasFile(String(file)))
      reasons.push(
        reason(
          "custom_validation_failed",
          "Custom validation failed for node",
          "image",
          `image - Invalid image file: ${String(file)}`,
        ),
      );
    if (reasons.length > 0) errors[id] = { errors: reasons, dependent_outputs: outputs, class_type: name };
  }
  if (Object.keys(errors).length === 0) return { graph, outputs };
  const details = Object.values(errors)
    .flatMap(({ errors: all }) => all.map(({ message, details: about }) => `${message}: ${about}`))
    .join("\n");
  return refused("prompt_outputs_failed_validation", "Prompt outputs failed validation", { details }, errors);

  function judged(input: string, wanted: NodeClass["required"][string], value: unknown): Reason[] {
    if (value === undefined) return [reason("required_input_missing", "Required input is missing", input, input)];
    if ("link" in wanted) {
      const given = Array.isArray(value)
        ? classes[graph[String(value[0])]?.class_type ?? ""]?.gives[Number(value[1])]
        : undefined;
      return given === wanted.link
        ? []
        : [
            reason(
              "return_type_mismatch",
              "Return type mismatch between linked nodes",
              input,
              `${input}, received_type(${given}) mismatch input_type(${wanted.link})`,
            ),
          ];
    }
    if (Array.isArray(value)) return [];
    if ("choice" in wanted)
      return wanted.choice.some((one) => one === value)
        ? []
        : [
            reason(
              "value_not_in_list",
              "Value not in list",
              input,
              `${input}: ${JSON.stringify(value)} not in ${JSON.stringify(wanted.choice)}`,
            ),
          ];
    const number = Number(value);
    if (wanted.min !== undefined && number < wanted.min)
      return [reason("value_smaller_than_min", `Value ${number} smaller than min of ${wanted.min}`, input, input)];
    if (wanted.max !== undefined && number > wanted.max)
      return [reason("value_bigger_than_max", `Value ${number} bigger than max of ${wanted.max}`, input, input)];
    return [];
  }
}

function reason(type: string, message: string, input: string, details: string): Reason {
  return { type, message, details, extra_info: { input_name: input } };
}

function refused(
  type: string,
  message: string,
  { details = "", extra_info = {} }: Partial<Reason>,
  nodes: Readonly<Record<string, unknown>> = {},
): Validated {
  return { error: { type, message, details, extra_info }, node_errors: nodes };
}
