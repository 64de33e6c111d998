import { z } from "zod";
import type { HostedProvider } from "../hosted/HostedProvider.ts";

const pricing = z.looseObject({ prices: z.array(z.looseObject({ endpoint_id: z.string() })) });

/** Where fal answers about accounts and prices, with the same keys as its queue. */
export const FAL_CHECK_HOME = "https://api.fal.ai/v1";

/**
 * What a model costs: asked of whoever has a key, and free (fal's platform API, "Pricing": authentication required; 2026-11). Its
 * queue has no such call: what that says of requests it does not know is written nowhere.
 */
export const checkFalKey: NonNullable<HostedProvider["checkKey"]> = async ({ outbound, key }, signal) => {
  const path = `/models/pricing?endpoint_id=${encodeURIComponent("fal-ai/flux/schnell")}`;
  const headers = { authorization: `Key ${key.reveal()}` };
  const { body } = await outbound.ask({ method: "GET", path, headers }, signal);
  pricing.parse(body);
};
