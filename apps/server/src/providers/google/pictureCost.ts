import { z } from "zod";
import { costOfTokens } from "../hosted/costOfTokens.ts";
import type { Cost } from "@reelstate/lifecycle";

/** What Google lists for a model, in dollars a million tokens; absent: it lists none that we know of. */
export interface TokenPrices {
  readonly textIn: number;
  readonly picturesIn?: number;
  /** Thoughts among them. */
  readonly textOut: number;
  readonly picturesOut: number;
}

const DETAILS = z.array(z.object({ modality: z.string(), tokenCount: z.number() }));
const USAGE = z.object({
  promptTokenCount: z.number(),
  candidatesTokenCount: z.number(),
  thoughtsTokenCount: z.number().default(0),
  promptTokensDetails: DETAILS.optional(),
  candidatesTokensDetails: DETAILS,
});

/**
 * What a picture cost by Google's own count of tokens (P8). The count of what was made is more than its details, which list the
 * picture alone: the rest is text, as are thoughts. Undefined where the count does not say what is needed.
 */
export function pictureCost(usage: unknown, prices: TokenPrices, references: number): Cost | undefined {
  const parsed = USAGE.safeParse(usage);
  if (!parsed.success) return undefined;
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, promptTokensDetails, candidatesTokensDetails } =
    parsed.data;
  const picturesIn = picturesAmong(promptTokensDetails ?? []);
  const picturesOut = picturesAmong(candidatesTokensDetails);
  if (picturesOut === 0 || (references > 0 && picturesIn === 0)) return undefined;
  return costOfTokens([
    { tokens: promptTokenCount - picturesIn, price: prices.textIn },
    { tokens: picturesIn, price: prices.picturesIn },
    { tokens: picturesOut, price: prices.picturesOut },
    { tokens: candidatesTokenCount - picturesOut + thoughtsTokenCount, price: prices.textOut },
  ]);
}

function picturesAmong(details: z.infer<typeof DETAILS>): number {
  return details.reduce((sum, { modality, tokenCount }) => sum + (modality === "IMAGE" ? tokenCount : 0), 0);
}
