import { AsyncLocalStorage } from "node:async_hooks";
import { openPostgresPool } from "../../../postgres/openPostgresPool.ts";
import { openPostgresForTest } from "../../postgres/openPostgresForTest.ts";
import { openWitness } from "../../postgres/openWitness.ts";
import { openWorld } from "../openWorld.ts";
import { openStops } from "./openStops.ts";
import { openTurns } from "./openTurns.ts";
import type { Pool } from "pg";
import type { Store } from "../../../Store.ts";
import type { World } from "../openWorld.ts";
import type { Turns } from "./openTurns.ts";
import type { Stops } from "./openStops.ts";

/** A process of its own, whose statements stop: nothing but the server lies between it and the others. */
export interface Seat {
  readonly stops: Stops;
  /** What is done inside is done by this process's store. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface StoppedWorld extends World {
  readonly seats: readonly Seat[];
  readonly turns: Turns;
}

/** What actors do. All else is looked at by somebody who waits for nobody. */
const ACTS = [
  "claim",
  "heartbeat",
  "progress",
  "intendSubmission",
  "openSubmission",
  "complete",
  "fail",
  "handBack",
  "settle",
  "startJob",
  "cancel",
  "deleteAsset",
  "sweep",
  "setLimits",
] as const satisfies readonly (keyof Store)[];

/** Sweeping asks for several at once; one is in a transaction at most. */
const CONNECTIONS = 2;

/** A real database with so many processes on it, and one more that looks on. */
export async function openStoppedWorld(size: number): Promise<StoppedWorld> {
  const opened = await openPostgresForTest();
  const witness = await openWitness(opened.url);
  const turns = openTurns(witness);
  const acting = new AsyncLocalStorage<Store>();
  const pools: Pool[] = [];
  const seats: Seat[] = [];
  for (let at = 0; at < size; at += 1) {
    const pool = openPostgresPool({ url: patient(opened.url), connections: CONNECTIONS });
    pools.push(pool);
    const stops = openStops(pool, turns.changed);
    const store = await opened.openAgain({ alone: true, pool, timers: TIMERS });
    // What a store asks of each connection once, it has asked before anybody plays: the same seed is then always the same statements.
    pool.options.idleTimeoutMillis = 0;
    await Promise.all(Array.from({ length: CONNECTIONS }, () => store.ping()));
    seats.push({ stops, run: (work) => acting.run(store, work) });
  }
  const act = ACTS.map((name) => [
    name,
    (request: never) => ((acting.getStore() ?? opened.store)[name] as (request: never) => unknown)(request),
  ]);
  const store: Store = { ...opened.store, ...(Object.fromEntries(act) as Pick<Store, (typeof ACTS)[number]>) };
  const world = await openWorld(async () => ({ ...opened, store }));
  return {
    ...world,
    seats,
    turns,
    async [Symbol.asyncDispose]() {
      await witness[Symbol.asyncDispose]();
      await Promise.all(pools.map((pool) => pool.end()));
      await world[Symbol.asyncDispose]();
    },
  };
}

/** Nobody waits for time here; who has to try again does so when it is his turn. */
const TIMERS = {
  soon: (callback: () => void) => void setImmediate(callback),
  after: (_ms: number, callback: () => void) => void setImmediate(callback),
  monotonic: () => performance.now(),
};

/** Who is stopped in the middle of a transaction is not thrown out for it, and neither is who waits for him, however slow the machine. */
function patient(url: string): string {
  const changed = new URL(url);
  for (const limit of ["idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout"])
    changed.searchParams.set(limit, "0");
  return changed.href;
}
