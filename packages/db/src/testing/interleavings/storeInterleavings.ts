import { describe, expect, it } from "vitest";
import { ACTORS } from "./actors.ts";
import { castsOf } from "./castsOf.ts";
import { castName } from "./playCast.ts";
import { playCasts } from "./playCasts.ts";
import { STAGES } from "./stages.ts";
import type { OpenStore } from "../openStudio.ts";
import type { Cast } from "./playCast.ts";

/** For what hangs: a stage's pairs take a second or two, and much longer on a busy machine. */
const TIMEOUT_MS = 120_000;
/** One cast of this many triples is played; another seed plays others. `test:interleavings` plays them all. */
const TRIPLES_ONE_IN = 20;
const SEED = 1;

/**
 * One job, and everybody who may touch it, in every order of their whole steps: from every stage every pair of actors,
 * and a seeded sample of the triples of the leading ones. After each step every invariant must hold, and what the rows
 * alone cannot show: the fence, what has ended, the ledger, the feed. Where each step costs a server's answers, one cast in so many.
 */
export function storeInterleavings(openStore: OpenStore, { oneIn = 1 }: { readonly oneIn?: number } = {}): void {
  describe("all orders of every pair", () => {
    it.each(STAGES.filter(({ has }) => !has.includes("rival")))(
      "[J8] [J9] [C2] [C3] [E1] [P1] from $name break no rule",
      { timeout: TIMEOUT_MS },
      async (stage) => {
        const pairs = sampleOf([...castsOf([stage], ACTORS, 2)], { oneIn, seed: SEED });
        const { orders, stories } = await playCasts(openStore, pairs);
        expect(stories.join("\n\n")).toBe("");
        expect(orders).toBeGreaterThan(oneIn === 1 ? 300 : 5);
      },
    );
  });

  describe("all orders of every pair of which one competes for the only slot", () => {
    it.each(STAGES.filter(({ has }) => has.includes("rival")))(
      "[P7] [J9] [C3] [E1] [P1] from $name break no rule",
      { timeout: TIMEOUT_MS },
      async (stage) => {
        const pairs = [...castsOf([stage], ACTORS, 2)].filter(({ actors }) =>
          actors.some(({ needs }) => needs === "rival"),
        );
        const { orders, stories } = await playCasts(openStore, sampleOf(pairs, { oneIn, seed: SEED }));
        expect(stories.join("\n\n")).toBe("");
        expect(orders).toBeGreaterThan(oneIn === 1 ? 100 : 0);
      },
    );
  });

  it("[P7] a recovery takes over its slot when more is held than a limit that was lifted and set again, and is no newcomer then", async () => {
    const cast = [...castsOf(STAGES, ACTORS, 3)].filter((one) => castName(one) === "slot_kept:recover+rival+relimit");
    const { orders, stories } = await playCasts(openStore, cast);
    expect(stories.join("\n\n")).toBe("");
    expect(orders).toBeGreaterThan(20);
  });

  describe("all orders of triples of the leading actors", () => {
    it.each(STAGES.filter(({ main }) => main))(
      "[J8] [J9] [C2] [C3] [E1] [P1] from $name break no rule",
      { timeout: TIMEOUT_MS },
      async (stage) => {
        const triples = castsOf(
          [stage],
          ACTORS.filter(({ leading }) => leading),
          3,
        );
        const { orders, stories } = await playCasts(
          openStore,
          sampleOf([...triples], { oneIn: TRIPLES_ONE_IN * Math.ceil(oneIn / 5), seed: SEED }),
        );
        expect(stories.join("\n\n")).toBe("");
        expect(orders).toBeGreaterThan(oneIn === 1 ? 40 : 0);
      },
    );
  });
}

/** The same casts for the same seed, spread over all of them. */
function sampleOf(
  casts: readonly Cast[],
  { oneIn, seed }: { readonly oneIn: number; readonly seed: number },
): readonly Cast[] {
  return casts.filter((_cast, at) => (at * 7 + seed) % oneIn === 0);
}
