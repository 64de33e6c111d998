import { CLOCKS } from "./openArena.ts";
import type { Finding } from "../storm/Finding.ts";
import type { Blow } from "./planBlows.ts";

/** What blows were seen to do: that they were dealt proves nothing. */
export interface Struck {
  /** Processes that ran and were killed. */
  readonly kills: number;
  /** Processes that were stopped, and answered nobody. */
  readonly stops: number;
  readonly restarts: number;
  /** Sessions that the server ended. */
  readonly sessions: number;
  /** Connections broken at a COMMIT. */
  readonly cuts: { readonly before: number; readonly after: number };
  /** By a process's name, how far its clock is from ours by what it told last. */
  readonly clocks: ReadonlyMap<string, number>;
}

/** A line may take a while to be heard on a busy machine; a wrong clock is further off. */
const CLOSE_MS = 120_000;

/** That it was chaos: no blow fell beside, and the clocks that should be wrong are. */
export function judgeBlows(blows: readonly Blow[], struck: Struck): readonly Finding[] {
  const dealt = (kind: Blow["kind"], when?: string): number =>
    blows.filter((blow) => blow.kind === kind && (blow.kind !== "cut" || blow.when === when)).length;
  const missed = (subject: string, wanted: number, seen: number): readonly Finding[] =>
    seen >= wanted ? [] : [finding(subject, `Only ${seen} of ${wanted} struck.`)];
  // The next COMMIT may be long in coming, and who has just lost a session may have none: one that struck is asked for.
  const one = (count: number): number => Math.min(1, count);
  return [
    ...missed("kill", dealt("kill"), struck.kills),
    ...missed("stop", dealt("stop"), struck.stops),
    ...missed("restartDatabase", dealt("restartDatabase"), struck.restarts),
    ...missed("endSessions", one(dealt("endSessions")), struck.sessions),
    ...missed("cut before COMMIT", one(dealt("cut", "before")), struck.cuts.before),
    ...missed("cut after COMMIT", one(dealt("cut", "after")), struck.cuts.after),
    ...Object.entries(CLOCKS).flatMap(([name, shift]) => {
      const off = struck.clocks.get(name);
      if (off !== undefined && Math.abs(off - shift) < CLOSE_MS) return [];
      return [finding(name, `Its clock should be ${shift} ms off, and is ${off ?? "never told"}.`)];
    }),
  ];
}

function finding(subject: string, explanation: string): Finding {
  return { rule: "chaos", subject, explanation };
}
