import type { Witness } from "../../postgres/openWitness.ts";
import type { Stops } from "./openStops.ts";

/** Somebody in the middle of a step, or between two. */
export interface Player {
  readonly stops: Stops;
  /** Whether a step of his has begun and not been answered. */
  readonly isBusy: () => boolean;
}

/** Knows when everybody stands still, so that what happens next is for the scheduler alone to say. */
export interface Turns {
  /** To be told of everything that a player does or hears. */
  readonly changed: () => void;
  /**
   * Resolves once each player is between two steps, stopped before a statement, or waits for a lock that somebody holds who is
   * stopped. Says who waits.
   */
  readonly untilStill: (players: readonly Player[]) => Promise<ReadonlySet<Player>>;
}

/** Most statements are answered before it would pay to ask whether they wait. */
const ANSWERED_WITHIN_MS = 2;
const BLOCKERS = `SELECT p.pid, pg_blocking_pids(p.pid) AS by FROM unnest($1::int[]) AS p(pid)`;

export function openTurns({ rows }: Witness): Turns {
  let version = 0;
  let wake: (() => void) | null = null;

  /** Resolves with the next change, if there has been none since. */
  function changeSince(seen: number): Promise<void> {
    if (version !== seen) return Promise.resolve();
    return new Promise((resolve) => (wake = resolve));
  }

  /** Whether none of these goes on before somebody who is stopped does: waiting for each other would be a deadlock, which ends. */
  async function allWait(pids: readonly number[]): Promise<boolean> {
    const found = await rows<{ readonly pid: number; readonly by: readonly number[] }>(BLOCKERS, pids);
    const still = new Set<number>();
    for (let before = -1; before < still.size;) {
      before = still.size;
      for (const { pid, by } of found)
        if (by.some((other) => !pids.includes(other) || still.has(other))) still.add(pid);
    }
    return still.size === pids.length;
  }

  /** What was found out is true until somebody's transaction ends. */
  let known: { readonly waiting: ReadonlySet<Player>; readonly ends: number } | null = null;

  return {
    changed: () => {
      version += 1;
      wake?.();
      wake = null;
    },
    untilStill: async (players) => {
      for (;;) {
        const seen = version;
        const underWay = players.filter(({ stops }) => stops.underWay() !== null);
        const thinks = ({ stops, isBusy }: Player): boolean =>
          isBusy() && stops.underWay() === null && stops.next() === null;
        if (players.some(thinks)) {
          await changeSince(seen);
          continue;
        }
        const ends = players.reduce((sum, { stops }) => sum + stops.ends(), 0);
        if (underWay.every((player) => known?.ends === ends && known.waiting.has(player))) return new Set(underWay);
        const answered = await Promise.race([changeSince(seen).then(() => true), soon()]);
        if (answered) continue;
        if ((await allWait(underWay.map(({ stops }) => stops.underWay() ?? 0))) && version === seen) {
          known = { waiting: new Set(underWay), ends };
          return known.waiting;
        }
      }
    },
  };
}

function soon(): Promise<false> {
  return new Promise((resolve) => void setTimeout(() => resolve(false), ANSWERED_WITHIN_MS));
}
