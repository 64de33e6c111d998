import { z } from "zod";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";

const TEXT = z.string().nullish().catch(null);

/** What Replicate says of a prediction, as far as it is used; the rest is not kept. */
const predictionSchema = z.object({
  /** Goes into the path of later calls. */
  id: z.string().regex(/^[\w-]{1,100}$/),
  status: z.string(),
  error: z.unknown().optional(),
  /** A string, a list or an object, as each model has it. */
  output: z.unknown().optional(),
  /** Input, output and logs have been deleted: an hour after the end, of what came by the API. */
  data_removed: z.boolean().nullish().catch(null),
  completed_at: TEXT,
  /** From `Cancel-After`. */
  deadline: TEXT,
});
export type Prediction = z.infer<typeof predictionSchema>;

/** Whatever else an accepted request says: by its id it can be asked about (P1). Throws where there is none. */
export function parsePredictionId(body: unknown): string {
  return parse(predictionSchema.pick({ id: true }), body).id;
}

/** Throws when it cannot be read: who asked for one does not know whether there is one (P2), who asked about one has no news (P3). */
export function parsePrediction(body: unknown): Prediction {
  return parse(predictionSchema, body);
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ProviderFlaw({
    code: "provider_unavailable",
    message: "Replicate's answer could not be read.",
    detail: z.prettifyError(parsed.error),
    retryable: true,
  });
}
