import { setTimeout as delay } from "node:timers/promises";
import { openWitness } from "@reelstate/db/testing";
import { LEASE_MS } from "./openArena.ts";
import type { Cluster } from "@reelstate/cluster";
import type { Program } from "@reelstate/cluster/program";
import type { Cutter } from "@reelstate/db/testing";
import type { Arena } from "./openArena.ts";
import type { Struck } from "./judgeBlows.ts";
import type { Blow } from "./planBlows.ts";

/** Deals blows, and mends what they broke. */
export interface Striker {
  /** Resolves when the blow has struck, and not when it is mended; who is down already is mended first. */
  readonly strike: (blow: Blow) => Promise<void>;
  /** What the blows were seen to do. */
  readonly struck: () => Struck;
  /** Strikes no more; resolves once all processes are up and ready. */
  readonly mended: () => Promise<void>;
}

/** For a start that never succeeds, not for one that is slow. */
const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 100;

type Struckable = Pick<Cluster, "apis" | "workers" | "databaseUrl" | "restartDatabase">;

export function openStriker({
  cluster,
  cutters,
  clocks,
}: Pick<Arena, "cutters" | "clocks"> & { readonly cluster: Struckable }): Striker {
  const seen = { kills: 0, stops: 0, restarts: 0, sessions: 0 };
  const mending = new Map<Program, Promise<void>>();

  async function strike(blow: Blow): Promise<void> {
    if (blow.kind === "restartDatabase") return restartDatabase();
    if (blow.kind === "endSessions") return endSessions(blow);
    const struck = (blow.role === "api" ? cluster.apis : cluster.workers)[blow.number];
    if (struck === undefined) throw new Error(`There is no ${blow.role} ${blow.number + 1}.`);
    if (blow.kind === "cut") return cutterOf(struck).cutAt("COMMIT", blow.when);
    await mending.get(struck);
    if (blow.kind === "stop") {
      if (struck.signal("SIGSTOP")) seen.stops += 1;
      mend(struck, goOnLater(struck));
    } else {
      if (await struck.kill9()) seen.kills += 1;
      mend(struck, startLater(struck, blow.downMs));
    }
  }

  function cutterOf({ name }: Program): Cutter {
    const cutter = cutters.get(name);
    if (cutter === undefined) throw new Error(`${name} has no way of its own to the database.`);
    return cutter;
  }

  async function restartDatabase(): Promise<void> {
    await cluster.restartDatabase();
    seen.restarts += 1;
  }

  function mend(struck: Program, mended: Promise<void>): void {
    mending.set(struck, mended);
    // Heard by whoever waits for it.
    mended.catch(() => {});
  }

  async function goOnLater(struck: Program): Promise<void> {
    const asked = struck.isReady().then((answers) => {
      // Then it does not stand still.
      if (answers) seen.stops -= 1;
    });
    await Promise.all([asked, delay(LEASE_MS * 1.5)]);
    struck.signal("SIGCONT");
  }

  async function startLater(struck: Program, downMs: number): Promise<void> {
    await delay(downMs);
    for (const end = Date.now() + PATIENCE_MS; ;) {
      try {
        return await struck.start();
      } catch (error) {
        // The database may be away at this moment: then it is started again, as any supervisor does.
        if (Date.now() > end) throw error;
        await delay(LOOK_EVERY_MS);
      }
    }
  }

  async function endSessions({ count, draw }: Extract<Blow, { kind: "endSessions" }>): Promise<void> {
    await using witness = await openWitness(cluster.databaseUrl);
    const [found] = await witness.rows<{ readonly ended: number }>(
      `SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::int AS ended FROM (
         SELECT pid FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
         ORDER BY md5(pid::text || $1::text) LIMIT $2
       ) AS drawn`,
      draw,
      count,
    );
    seen.sessions += found?.ended ?? 0;
  }

  function cutsAt(when: "before" | "after"): number {
    return [...cutters.values()].reduce((sum, cutter) => sum + cutter.cuts(when), 0);
  }

  return {
    strike,
    struck: () => ({ ...seen, cuts: { before: cutsAt("before"), after: cutsAt("after") }, clocks }),
    mended: async () => {
      for (const cutter of cutters.values()) cutter.spare();
      await Promise.all(mending.values());
      const all = [...cluster.apis, ...cluster.workers];
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
        const ready = await Promise.all(all.map((one) => one.isReady()));
        if (ready.every(Boolean)) return;
        await delay(LOOK_EVERY_MS);
      }
      throw new Error("Not all processes became ready again.");
    },
  };
}
