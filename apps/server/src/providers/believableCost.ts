import { COST_BASES } from "@reelstate/lifecycle";
import { z } from "zod";
import type { Cost } from "@reelstate/lifecycle";

/** A million dollars: what nobody pays for one asset. */
const MOST_MICROS = 1e12;

const COST = z.object({ usdMicros: z.number().min(0).max(MOST_MICROS), basis: z.enum(COST_BASES) });

/** Undefined for what cannot be an amount. Whatever a provider says of its price, the job goes on (P8). */
export function believableCost(told: unknown): Cost | undefined {
  const { success, data } = COST.safeParse(told);
  return success ? { ...data, usdMicros: Math.round(data.usdMicros) } : undefined;
}
