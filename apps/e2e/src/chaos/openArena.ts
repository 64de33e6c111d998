import { fileURLToPath, pathToFileURL } from "node:url";
import { openCluster } from "@reelstate/cluster";
import { openCutter } from "@reelstate/db/testing";
import type { Cluster } from "@reelstate/cluster";
import type { Cutter } from "@reelstate/db/testing";
import type { Finding } from "../storm/Finding.ts";

/** A cluster that can be struck anywhere: each process has a way of its own to the database, and two have a wrong clock. */
export interface Arena extends AsyncDisposable {
  readonly cluster: Cluster;
  /** By a process's name. */
  readonly cutters: ReadonlyMap<string, Cutter>;
  /** Leases lost, as the processes tell of it. */
  readonly losses: () => number;
  /** What no process may say or do, whatever happens to it. */
  readonly heard: readonly Finding[];
}

/** Two heartbeats may come late on a busy machine without its being lost. */
export const LEASE_MS = 5_000;
const ENVIRONMENT = {
  LEASE_MS: String(LEASE_MS),
  SWEEP_MS: "500",
  WORKER_CONCURRENCY: "8",
};
const TEN_MINUTES_MS = 600_000;
/** The third keeps the right time, as the server does. */
const CLOCKS: Readonly<Record<string, number>> = { "worker 1": TEN_MINUTES_MS, "worker 2": -TEN_MINUTES_MS };
const SHIFT_CLOCK = pathToFileURL(fileURLToPath(new URL("shiftClock.ts", import.meta.url))).href;

export async function openArena(): Promise<Arena> {
  await using starting = new AsyncDisposableStack();
  const cutters = new Map<string, Cutter>();
  const heard: Finding[] = [];
  let losses = 0;
  const cluster = await openCluster({
    env: ENVIRONMENT,
    envOf: async ({ name, databaseUrl }) => {
      const cutter = starting.use(await openCutter(databaseUrl));
      cutters.set(name, cutter);
      return { DATABASE_URL: cutter.url, ...clockOf(name) };
    },
    onLine: (name, line) => {
      if (line.includes('"event":"lose"')) losses += 1;
      if (isFault(line)) heard.push({ rule: "J6", subject: name, explanation: line.slice(0, 2_000) });
    },
    onGone: (name, how) => heard.push({ rule: "J6", subject: name, explanation: `The process ${how}.` }),
  });
  starting.use(cluster);
  const parts = starting.move();
  return {
    cluster,
    cutters,
    losses: () => losses,
    heard,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function clockOf(name: string): Readonly<Record<string, string>> {
  const shift = CLOCKS[name];
  return shift === undefined ? {} : { NODE_OPTIONS: `--import=${SHIFT_CLOCK}`, CLOCK_SHIFT_MS: String(shift) };
}

/** Said while it starts and the server is away. */
const EXPECTED = /^ {2}Reelstate is ready: |^The studio's database server (does not answer|went away)/;

/** The bucket is served by the process that strikes, and may be slow: that it was away for a moment is then true. */
const BUCKET_AWAY = /"msg":"the bucket is away"/;

/**
 * A process says what befalls it at the level of a warning. What it calls an error is a bug; so is what is not its own word,
 * such as a stack, and a deadlock that reached whoever wanted something, at whatever level.
 */
function isFault(line: string): boolean {
  if (!line.startsWith("{")) return !EXPECTED.test(line);
  // The level stands first, also in a line that a kill has cut in half.
  const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 0);
  if (BUCKET_AWAY.test(line)) return false;
  return level >= 50 || (level >= 40 && /40P01|40001|deadlock detected/.test(line));
}
