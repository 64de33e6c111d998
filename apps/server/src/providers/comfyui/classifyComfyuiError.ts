import { ZodError } from "zod";
import { classifyOutbound } from "../../outbound/classifyOutbound.ts";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { InputGone } from "../InputGone.ts";
import { executionErrorSchema, refusalSchema } from "./answers.ts";
import type { ClassifiedError } from "../Provider.ts";

/** ComfyUI lacks something: whoever runs it can help, and no other prompt. */
const LACKING: ReadonlySet<string> = new Set(["missing_node_type", "value_not_in_list"]);

/** What a throw means. ComfyUI has no policy of its own: it refuses what cannot be carried out, and nothing else. */
export function classifyComfyuiError(error: unknown): ClassifiedError {
  if (error instanceof ProviderFlaw) return error.classified;
  if (error instanceof InputGone) return error.classified;
  if (error instanceof ZodError)
    return {
      code: "provider_unavailable",
      message: "What answers at ComfyUI's address does not answer as ComfyUI does.",
      detail: error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
      retryable: true,
    };
  if (error instanceof RefusedAnswer && error.status === 400) {
    const refusal = refusalSchema.safeParse(error.body);
    if (refusal.success) return classifyRefusal(refusal.data);
  }
  const classified = classifyOutbound(error);
  if (classified.code === "provider_auth")
    return {
      ...classified,
      message: "ComfyUI wants another key, or one at all; set it on the providers page, or as COMFYUI_TOKEN.",
    };
  return classified;
}

function classifyRefusal({ error, node_errors: nodes }: ReturnType<typeof refusalSchema.parse>): ClassifiedError {
  const reasons = Object.entries(nodes).flatMap(([id, { class_type: node, errors }]) =>
    errors.map(({ type, message, details }) => ({ type, words: `${node} (node ${id}): ${message}, ${details}` })),
  );
  const [first] = reasons;
  const lacking = LACKING.has(error.type) || (first !== undefined && reasons.every(({ type }) => LACKING.has(type)));
  return {
    code: lacking ? "provider_unavailable" : "invalid_input",
    message: `ComfyUI does not take the workflow. ${first?.words ?? error.message}`,
    detail: [`${error.type}: ${error.message} ${error.details}`, ...reasons.map(({ words }) => words)].join("; "),
    retryable: false,
    notAccepted: true,
  };
}

/** Of a run that ended in an exception: which node, and what it said. A GPU that is full may have room for the next try. */
export function classifyExecutionError(told: unknown): ClassifiedError {
  const {
    node_id: id,
    node_type: node,
    exception_type: type,
    exception_message: said,
  } = executionErrorSchema.parse(typeof told === "object" && told !== null ? told : {});
  const full = /OutOfMemory/i.test(type) || /out of memory/i.test(said);
  const words = full ? "the GPU ran out of memory; something smaller or shorter may fit" : (firstLine(said) ?? type);
  return {
    code: "provider_unavailable",
    message: `ComfyUI failed at ${node} (node ${id}): ${words}`,
    detail: `${type}: ${said}`,
    retryable: full || /CUDA error|AcceleratorError/.test(`${type} ${said}`),
  };
}

function firstLine(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "");
}
