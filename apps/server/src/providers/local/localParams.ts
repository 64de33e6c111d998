import { z } from "zod";
import { ASPECT_RATIOS, RESOLUTIONS } from "../../renderer/frameSize.ts";

export const SHORTEST_MS = 1000;
export const LONGEST_MS = 15_000;
export const USUAL_MS = 4000;

/** What the local models read of a request's parameters; everything else is left alone. */
export const localParamsSchema = z.object({
  aspectRatio: z.enum(ASPECT_RATIOS).default("16:9"),
  resolution: z.enum(RESOLUTIONS).default(RESOLUTIONS[0]),
  durationMs: z.int().min(SHORTEST_MS).max(LONGEST_MS).default(USUAL_MS),
  seed: z.int().default(0),
  slate: z.boolean().default(false),
  language: z.enum(["en", "zh"]).optional(),
  format: z.enum(["png", "webp"]).default("png"),
});
export type LocalParams = z.infer<typeof localParamsSchema>;

const nothingElse = localParamsSchema.strict();

/** What is wrong with the parameters, by field; null when nothing is. */
export function parseLocalParams(
  params: Readonly<Record<string, unknown>>,
): { readonly field: string; readonly message: string } | null {
  const issue = nothingElse.safeParse(params).error?.issues[0];
  if (issue === undefined) return null;
  if (issue.code === "unrecognized_keys") {
    return { field: issue.keys[0] ?? "params", message: "is not something this model knows; leave it out" };
  }
  return { field: String(issue.path[0] ?? "params"), message: issue.message };
}
