import { describe, expect, it } from "vitest";
import { ACTORS } from "../testing/interleavings/actors.ts";
import { castsOf } from "../testing/interleavings/castsOf.ts";
import { castName } from "../testing/interleavings/playCast.ts";
import { STAGES } from "../testing/interleavings/stages.ts";
import { playStoppedCasts } from "../testing/interleavings/stopped/playStoppedCasts.ts";
import { drawn, seedsUpTo } from "../testing/interleavings/stopped/stoppedCasts.ts";
import type { Cast } from "../testing/interleavings/playCast.ts";
import type { SeededCast } from "../testing/interleavings/stopped/playStoppedCasts.ts";

/** For what hangs: a play takes a tenth of a second, and much longer on a busy machine. */
const TIMEOUT_MS = 240_000;
/** `test:interleavings --stopped` plays each pair twice, and five hundred triples. */
const PAIRS = 45;
const TRIPLES = 15;
/** More than one, so that a statement more or less leaves some in which the two meet. */
const seeds = seedsUpTo(12);

const casts = (size: number): readonly Cast[] => [...castsOf(STAGES, ACTORS, size)];

/** As a story names it. */
function seeded(name: string): SeededCast {
  const [stage, actors, seed] = name.split(":");
  const cast = casts(2).find((one) => castName(one) === `${stage}:${actors}`);
  if (cast === undefined) throw new Error(`There is no cast ${name}.`);
  return { cast, seed: Number(seed) };
}

describe("actors in processes of their own, stopped before every statement", () => {
  it("[J8] [J9] [C2] [C3] [E1] [P1] [P7] a sample of pairs breaks no rule", { timeout: TIMEOUT_MS }, async () => {
    const { stories, orders } = await playStoppedCasts(drawn(casts(2), PAIRS));
    expect(stories.join("\n\n")).toBe("");
    expect(orders).toBe(PAIRS);
  });

  it("[J8] [J9] [C2] [C3] [E1] [P1] [P7] a sample of triples breaks no rule", { timeout: TIMEOUT_MS }, async () => {
    const { stories, orders } = await playStoppedCasts(drawn(casts(3), TRIPLES));
    expect(stories.join("\n\n")).toBe("");
    expect(orders).toBe(TRIPLES);
  });

  it.each([
    [
      "[J2] of what is locked in one order by everybody, nobody waits for who waits for him",
      "at_provider:complete+cancel",
    ],
    ["[J3] who reports while another writes reads the row under its lock", "at_provider:progress+cancel"],
    ["[J6] a lease that is renewed while a sweep is about to take it stays", "at_provider:sweep+heartbeat"],
    ["[P7] of two claims that see one free slot one takes it", "slot_free:claim+rival"],
    ["[P7] no claim counts with limits that are just being set", "slot_free:rival+relimit"],
  ])("%s", { timeout: TIMEOUT_MS }, async (_rule, name) => {
    const { stories } = await playStoppedCasts(seeds.map((seed) => seeded(`${name}:${seed}`)));
    expect(stories.join("\n\n")).toBe("");
  });

  it("[J8] who has to wait for a lock goes on once it is let go of, and the same seed plays the same", async () => {
    const play = seeded("at_provider:complete+cancel:2");
    const first = await playStoppedCasts([play]);
    const second = await playStoppedCasts([play]);
    expect(first).toMatchObject({ waits: 1, stories: [] });
    expect(first.course).toContain("waits for a lock");
    expect(second.course).toBe(first.course);
  });
});
