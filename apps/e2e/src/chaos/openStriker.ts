import { setTimeout as delay } from "node:timers/promises";
import { openWitness } from "@reelstate/db/testing";
import { LEASE_MS } from "./openArena.ts";
import type { Program } from "@reelstate/cluster/program";
import type { Arena } from "./openArena.ts";
import type { Blow } from "./planBlows.ts";

/** Deals blows, and mends what they broke. */
export interface Striker {
  /** Resolves when the blow has struck, and not when it is mended; who is down already is mended first. */
  readonly strike: (blow: Blow) => Promise<void>;
  /** Strikes no more; resolves once all processes are up and ready. */
  readonly mended: () => Promise<void>;
}

/** For a start that never succeeds, not for one that is slow. */
const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 100;

export function openStriker({ cluster, cutters }: Arena): Striker {
  const mending = new Map<Program, Promise<void>>();

  async function strike(blow: Blow): Promise<void> {
    if (blow.kind === "restartDatabase") return cluster.restartDatabase();
    if (blow.kind === "endSessions") return endSessions(blow);
    const struck = (blow.role === "api" ? cluster.apis : cluster.workers)[blow.number];
    if (struck === undefined) throw new Error(`There is no ${blow.role} ${blow.number + 1}.`);
    if (blow.kind === "cut") return cutters.get(struck.name)?.cutAt("COMMIT", blow.when);
    await mending.get(struck);
    if (blow.kind === "stop") struck.signal("SIGSTOP");
    else await struck.kill9();
    mend(struck, blow.kind === "stop" ? goOnLater(struck) : startLater(struck, blow.downMs));
  }

  function mend(struck: Program, mended: Promise<void>): void {
    mending.set(struck, mended);
    // Heard by whoever waits for it.
    mended.catch(() => {});
  }

  async function goOnLater(struck: Program): Promise<void> {
    await delay(LEASE_MS * 1.5);
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
    await witness.rows(
      `SELECT pg_terminate_backend(pid) FROM (
         SELECT pid FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
         ORDER BY md5(pid::text || $1::text) LIMIT $2
       ) AS drawn`,
      draw,
      count,
    );
  }

  return {
    strike,
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
