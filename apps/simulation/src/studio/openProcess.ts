import { appRouter } from "@reelstate/api/router";
import { openSqliteStore } from "@reelstate/db";
import { credits } from "@reelstate/lifecycle";
import { createPorts } from "@reelstate/server/commands/createPorts.ts";
import { openFeed } from "@reelstate/server/feed/openFeed.ts";
import { openCatalogue } from "@reelstate/server/providers/openCatalogue.ts";
import { openSweeper } from "@reelstate/server/worker/openSweeper.ts";
import { openWorker } from "@reelstate/server/worker/openWorker.ts";
import { createTRPCClient, localLink } from "@trpc/client";
import { pino } from "pino";
import { gateProvider } from "./gateProvider.ts";
import { gateStore } from "./gateStore.ts";
import { openGate } from "./openGate.ts";
import { openLapsedJanitor } from "./openLapsedJanitor.ts";
import { openShelf } from "./openShelf.ts";
import type { Operator } from "./openOperator.ts";
import type { AppRouter } from "@reelstate/api/router";
import type { Store } from "@reelstate/db";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { Provider } from "@reelstate/server/providers/Provider.ts";
import type { TRPCClient } from "@trpc/client";
import type { Database } from "better-sqlite3";
import type { Realm } from "../clock/openScheduler.ts";
import type { World } from "../World.ts";
import type { FarProvider } from "../outside/openProvider.ts";
import type { SlotJudge } from "../judge/openSlotJudge.ts";
import type { ShelfSpace } from "../outside/openShelfSpace.ts";

export const WORKSPACE = "default" as WorkspaceId;
export const LEASE_MS = 3_000;
export const SWEEP_MS = 1_000;
const PROJECT = { id: "default" as ProjectId, name: "Studio" };
const caller = { workspaceId: WORKSPACE };

/** What outlives processes. */
export interface Ground {
  readonly connection: Database;
  readonly providers: readonly FarProvider[];
  readonly space: ShelfSpace;
  readonly grant: number;
  readonly operator: Operator;
  readonly slots: SlotJudge;
}

/** One run of the server: the parts that `startStudio` wires, with the world around them simulated. */
export interface StudioProcess {
  readonly realm: Realm;
  /** What a browser reaches; null until it listens. */
  readonly api: () => TRPCClient<AppRouter> | null;
  readonly live: (input: object, signal: AbortSignal) => Promise<AsyncIterable<unknown>>;
  /** As SIGTERM: drains, then ends. */
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

export interface ProcessOptions {
  readonly name: string;
  /** The database server of a crew; null: this process owns the database file. */
  readonly server: Store | null;
  readonly dies: (what: string) => boolean;
  readonly onEnd: (process: StudioProcess) => void;
}

export function openProcess(world: World, ground: Ground, options: ProcessOptions): StudioProcess {
  const realm = world.scheduler.realm(options.name);
  const chance = world.chance.fork();
  const random = chance.draw;
  const gate = openGate(world, realm, options.dies, kill);
  const store = gateStore(world, gate, broken(options.server ?? openStore(world, ground, realm)));
  const { shelf, storage } = openShelf(world, gate, ground.space);
  const catalogue = openCatalogue(ground.providers.map((far) => reach(far)));
  const { newId } = world;
  const ports = createPorts({ store, catalogue, newId, random }, openFeed({ ...realm, store }));
  let api: TRPCClient<AppRouter> | null = null;
  let ended = false;
  let drain: (() => Promise<void>) | null = null;

  const self: StudioProcess = {
    realm,
    api: () => (realm.dead() ? null : api),
    live: (input, signal) => appRouter.createCaller({ caller, ports }, { signal }).events.live(input),
    stop: async () => {
      api = null;
      await drain?.();
      world.tell(realm.name, "exits");
      end();
    },
    kill,
  };
  start().catch((error: unknown) => {
    world.tell(realm.name, "could not start", String(error));
    end();
  });
  return self;

  function broken(whole: Store): Store {
    const store = { ...whole, ...world.breakage.store?.(whole, ground.connection) };
    const setLimits: Store["setLimits"] = async (limits, kept) => {
      await store.setLimits(limits, kept);
      ground.slots.areSet(limits);
    };
    return { ...store, setLimits };
  }

  function reach(far: FarProvider): Provider {
    const whole = gateProvider(world, gate, far);
    return ground.operator.limit({ ...whole, ...world.breakage.provider?.(whole) });
  }

  async function start(): Promise<void> {
    world.tell(realm.name, "starts");
    await store.ensureWorkspace({
      workspaceId: WORKSPACE,
      name: "Studio",
      project: PROJECT,
      grant: credits(ground.grant),
    });
    if (ground.operator.limits) await store.setLimits(catalogue.limits);
    if (options.server === null) await store.takeBackPredecessors();
    const worker = openWorker(
      { ...realm, store, storage, shelf, catalogue, newId, random, log: SILENT, hasRoom: () => !ground.space.full },
      { workerId: options.name, concurrency: chance.between(1, 4), leaseMs: LEASE_MS },
    );
    const sweeper = openSweeper(
      { ...realm, store, random, log: SILENT, catalogue },
      { sweepMs: SWEEP_MS, leaseMs: LEASE_MS },
    );
    const { keep } = ground.operator;
    const janitor = keep === null ? null : openLapsedJanitor({ realm, store, storage }, keep);
    drain = async () => {
      await worker.drain(1_000);
      await janitor?.close();
      await sweeper.close();
    };
    api = createTRPCClient<AppRouter>({
      links: [localLink({ router: appRouter, createContext: async () => ({ caller, ports }) })],
    });
    world.tell(realm.name, "listens");
  }

  function kill(): void {
    if (realm.dead()) return;
    world.counts.deaths += 1;
    world.tell(realm.name, "is killed");
    end();
  }

  function end(): void {
    if (ended) return;
    ended = true;
    realm.kill();
    options.onEnd(self);
  }
}

export function openStore(world: World, { connection }: Ground, realm: Realm): Store {
  const chance = world.chance.fork();
  return openSqliteStore({
    file: "simulated",
    connection,
    mediaUrl: (key) => `/media/${key}`,
    bootId: world.newId(),
    clock: realm.clock,
    timers: {
      // A commit takes its time: mostly next to none, sometimes long enough to miss a heartbeat.
      soon: (callback) => void realm.after(latency(), callback),
      after: (ms, callback) => void realm.after(ms, callback),
      monotonic: realm.monotonic,
    },
  });

  function latency(): number {
    if (!world.trouble || chance.happens(0.95)) return 0;
    return chance.happens(0.95) ? chance.between(1, 120) : chance.between(500, LEASE_MS + 1_000);
  }
}

const SILENT = pino({ level: "silent" });
