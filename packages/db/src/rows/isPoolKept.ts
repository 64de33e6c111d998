import { poolOf } from "./poolOf.ts";
import type { LimitsKept } from "../store/attempts.ts";

const OF_A_MODEL = poolOf({ model: "" });

/** Whether a pool may belong to a provider of which this process cannot say what it may do at once. */
export function isPoolKept(pool: string, { awaited = [], models }: LimitsKept): boolean {
  if (awaited.length === 0) return false;
  if (pool.startsWith(OF_A_MODEL)) return !models.some((model) => poolOf({ model }) === pool);
  return awaited.some((provider) => poolOf({ provider }) === pool);
}
