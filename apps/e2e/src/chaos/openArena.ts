import { fileURLToPath, pathToFileURL } from "node:url";
import { openCluster } from "@reelstate/cluster";
import { openCutter } from "@reelstate/db/testing";
import { isFault } from "./isFault.ts";
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
  /** By a process's name, how far its clock is from ours by what it told last. */
  readonly clocks: ReadonlyMap<string, number>;
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
export const CLOCKS: Readonly<Record<string, number>> = { "worker 1": TEN_MINUTES_MS, "worker 2": -TEN_MINUTES_MS };
const SHIFT_CLOCK = pathToFileURL(fileURLToPath(new URL("shiftClock.ts", import.meta.url))).href;

export async function openArena(): Promise<Arena> {
  await using starting = new AsyncDisposableStack();
  const cutters = new Map<string, Cutter>();
  const heard: Finding[] = [];
  const clocks = new Map<string, number>();
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
      const toldAt = /^\{"level":\d+,"time":(\d+),/.exec(line)?.[1];
      if (toldAt !== undefined) clocks.set(name, Number(toldAt) - Date.now());
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
    clocks,
    heard,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function clockOf(name: string): Readonly<Record<string, string>> {
  const shift = CLOCKS[name];
  return shift === undefined ? {} : { NODE_OPTIONS: `--import=${SHIFT_CLOCK}`, CLOCK_SHIFT_MS: String(shift) };
}
