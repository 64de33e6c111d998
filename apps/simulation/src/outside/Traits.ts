import type { Chance } from "../clock/createChance.ts";

/** What a provider can do and how it errs; drawn once a life. */
export interface Traits {
  readonly name: string;
  readonly idempotent: boolean;
  readonly lookup: boolean;
  readonly cancel: "ok" | "late" | "unsupported" | "absent";
  readonly progress: "measured" | "none";
  readonly pollMs: number;
  /** How often, in trouble, a call goes wrong. */
  readonly odds: number;
}

export function drawTraits(chance: Chance, name: string): Traits {
  return {
    name,
    idempotent: chance.happens(0.35),
    lookup: chance.happens(0.6),
    cancel: chance.pick(["ok", "ok", "late", "unsupported", "absent"] as const),
    progress: chance.pick(["measured", "none"] as const),
    pollMs: chance.between(150, 700),
    odds: chance.pick([0.03, 0.08, 0.16]),
  };
}
