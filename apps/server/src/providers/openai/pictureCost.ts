import { z } from "zod";
import { costOfTokens } from "../hosted/costOfTokens.ts";
import type { Cost } from "@reelstate/lifecycle";

/** Dollars a million tokens, the same for all of OpenAI's picture models that are offered here. For text that comes out none is known. */
const DOLLARS_A_MILLION = { textIn: 5, picturesIn: 8, picturesOut: 30 } as const;

const KINDS = z.object({ text_tokens: z.number(), image_tokens: z.number() });
const USAGE = z.object({
  input_tokens_details: KINDS,
  output_tokens: z.number(),
  output_tokens_details: KINDS.optional(),
});

/** What a picture cost by OpenAI's own count of tokens (P8). Without its details all that came out is the picture. */
export function pictureCost(usage: unknown): Cost | undefined {
  const parsed = USAGE.safeParse(usage);
  if (!parsed.success) return undefined;
  const { input_tokens_details: given, output_tokens, output_tokens_details: made } = parsed.data;
  const out = made ?? { text_tokens: 0, image_tokens: output_tokens };
  if (out.image_tokens === 0) return undefined;
  return costOfTokens([
    { tokens: given.text_tokens, price: DOLLARS_A_MILLION.textIn },
    { tokens: given.image_tokens, price: DOLLARS_A_MILLION.picturesIn },
    { tokens: out.image_tokens, price: DOLLARS_A_MILLION.picturesOut },
    { tokens: out.text_tokens, price: undefined },
  ]);
}
