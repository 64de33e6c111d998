import { z } from "zod";

/** What the service says of a failure. */
export interface OpenaiError {
  /** Empty where there is none. */
  readonly code: string;
  readonly type: string;
  readonly message: string;
  /** Of a refusal by the rules: whether they refuse what was asked for or what was made; null where it is not told. */
  readonly stage: "input" | "output" | null;
}

// Gateways put numbers for codes.
const WORD = z.union([z.string(), z.number()]).nullish();
const ERROR = z.object({
  message: z.string().nullish(),
  type: z.string().nullish(),
  code: WORD,
  moderation_details: z.object({ moderation_stage: z.string().nullish() }).nullish().catch(null),
});

/** Parses `{ error: { message, type, code, param } }`; null where it is something else. */
export function parseOpenaiError(body: unknown): OpenaiError | null {
  const parsed = z.object({ error: z.unknown() }).safeParse(body);
  return parsed.success ? readOpenaiError(parsed.data.error) : null;
}

/** The same for an error within an answer; null where it cannot be read. */
export function readOpenaiError(given: unknown): OpenaiError | null {
  const parsed = ERROR.safeParse(given);
  if (!parsed.success) return null;
  const { code, type, message, moderation_details: details } = parsed.data;
  const stage = details?.moderation_stage;
  return {
    code: String(code ?? ""),
    type: type ?? "",
    message: message ?? "",
    stage: stage === "input" || stage === "output" ? stage : null,
  };
}
