import { z } from "zod";
import type { Provider } from "./Provider.ts";

const text = z.string().min(1);
const span = z.number().positive();

const offer = z.object({
  id: z.string().regex(/^[^\s]+\/[^\s]+$/, { error: "must be provider/model" }),
  name: text,
  type: z.enum(["image", "video"]),
  description: z.object({ en: text, zh: text }),
  aspectRatios: z.array(text),
  resolutions: z.array(text),
  durationsMs: z.object({ min: span, max: span, default: span }).nullable(),
  maxInputs: z.int().min(0),
  slots: z.int().min(1).optional(),
  progress: z.enum(["measured", "none"]),
  cancel: z.boolean(),
  submitPatienceMs: span.optional(),
  attemptTimeoutMs: span,
  jobTimeoutMs: span,
});

const provider = z.object({
  name: text,
  models: z.array(offer).min(1),
  slots: z.int().min(1).optional(),
  pollMs: span,
  preparesWithinMs: span.optional(),
});
const METHODS = ["submit", "status", "fetchOutput", "classifyError", "close"] as const;

/** What is wrong with a provider that somebody else wrote, naming the field; null when nothing is. */
export function checkProvider(made: Provider): string | null {
  const missing = METHODS.find((method) => typeof made[method] !== "function");
  if (missing !== undefined) return `${missing} must be a function`;
  const parsed = provider.safeParse(made);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join(".")} ${issue?.message}`;
  }
  const ids = made.models.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) return `models offers ${twice} twice`;
  for (const { id, type, durationsMs, price } of made.models) {
    if ((type === "video") !== (durationsMs !== null))
      return `${id} is a video and needs durationsMs, or a picture and has them`;
    const asked: unknown = typeof price === "function" ? price({ durationMs: durationsMs?.default }) : undefined;
    if (!Number.isSafeInteger(asked) || Number(asked) < 0) return `${id}: price must give whole credits`;
  }
  return null;
}
