import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { credits } from "@reelstate/lifecycle";
import { openSqliteStore } from "@reelstate/db";
import { createPorts } from "./commands/createPorts.ts";
import { createTakeUpload } from "./commands/takeUpload.ts";
import { openFeed } from "./feed/openFeed.ts";
import { openHealth } from "./health/openHealth.ts";
import { openInspector } from "./health/openInspector.ts";
import { createHttp } from "./http/createHttp.ts";
import { newId } from "./ids.ts";
import { lockDataDir } from "./lockDataDir.ts";
import { openMediaShelf } from "./media/openMediaShelf.ts";
import { createLocalProvider } from "./providers/local/localProvider.ts";
import { openCatalogue } from "./providers/openCatalogue.ts";
import { createSimulator } from "./providers/simulator/simulatorProvider.ts";
import { startRender } from "./renderer/startRender.ts";
import { openDiskWatch } from "./storage/openDiskWatch.ts";
import { openStorage } from "./storage/openStorage.ts";
import { realTimers } from "./Timers.ts";
import { openJanitor } from "./worker/openJanitor.ts";
import { openSweeper } from "./worker/openSweeper.ts";
import { openWorker } from "./worker/openWorker.ts";
import { logTransition } from "./worker/log.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { Logger } from "pino";
import type { Config } from "./config.ts";

export interface RunningStudio {
  readonly url: string;
  /** Stops claiming, lets what ends soon end, hands the rest back, and closes everything. */
  readonly stop: () => Promise<void>;
}

const WORKSPACE = "default" as WorkspaceId;
const FIRST_PROJECT = { id: "default" as ProjectId, name: "Studio" };
/** Drawing shares the machine with everything else. */
const RENDERS_AT_ONCE = availableParallelism() > 2 ? 2 : 1;
const FIRST_CREDITS = credits(1_000);

/** The only wiring: opens everything, starts it, and knows how to stop it again in the other order. */
export async function startStudio(config: Config, log: Logger): Promise<RunningStudio> {
  const timers = realTimers;
  const random = Math.random;
  await mkdir(config.dataDir, { recursive: true });
  await using starting = new AsyncDisposableStack();
  const lock = lockDataDir(config.dataDir);
  starting.defer(lock.release);

  const place = await openStorage(config);
  starting.defer(place.close);
  const catalogue = openCatalogue([
    createLocalProvider({
      workDir: join(config.dataDir, "work", "renders"),
      startRender,
      concurrency: RENDERS_AT_ONCE,
      now: timers.clock,
    }),
    ...(config.simulator
      ? [createSimulator({ file: join(config.dataDir, "simulator.jsonl"), clock: timers.clock })]
      : []),
  ]);
  starting.defer(catalogue.close);

  const databaseFile = join(config.dataDir, "reelstate.sqlite");
  const store = openSqliteStore({
    file: databaseFile,
    mediaUrl: (key) => `/media/${key}`,
    offers: (model) => catalogue.find(model) !== null,
    bootId: randomUUID(),
    onUnavailable: (error) => disk.storeFailed(error),
    onRestored: (names) =>
      log.warn({ names }, "the database had lost guards or indexes; they are made again: studio doctor tells more"),
  });
  starting.defer(store.close);
  const disk = openDiskWatch({ ...timers, storage: place, ping: store.ping, log });
  starting.defer(disk.close);
  const { storage, trouble, hasRoom } = disk;
  await store.ensureWorkspace({ workspaceId: WORKSPACE, name: "Studio", project: FIRST_PROJECT, grant: FIRST_CREDITS });
  await store.setLimits(catalogue.limits);
  const taken = await store.takeBackPredecessors();
  for (const transition of taken.transitions) logTransition(log, transition);

  const shelf = await openMediaShelf({ storage, newId, workDir: join(config.dataDir, "work", "frames") });
  starting.defer(shelf.close);

  const commands = { store, catalogue, newId, random };
  const inspector = openInspector(databaseFile);
  starting.defer(inspector.close);
  const health = openHealth({
    ...timers,
    store,
    storage,
    inspect: inspector.inspect,
    dataDir: config.dataDir,
    log,
  });
  starting.defer(health.close);
  const feed = openFeed({ store, trouble, ...timers });
  const ports = createPorts(commands, feed, health);
  const app = await createHttp({
    ports,
    frames: feed.frames,
    takeUpload: createTakeUpload(commands, shelf),
    storage,
    origins: { hosts: hostsOf(config), publicOrigin: config.publicUrl?.origin ?? null },
    log,
    ready: disk.ready,
    caller: { workspaceId: WORKSPACE },
  });
  const url = await app.listen({ port: config.port, host: config.host });
  starting.defer(async () => app.close());

  const worker = openWorker(
    { ...timers, store, storage, shelf, catalogue, newId, random, log, hasRoom },
    { workerId: randomUUID(), concurrency: config.workerConcurrency, leaseMs: config.leaseMs },
  );
  const sweeper = openSweeper(
    { ...timers, store, random, log, offered: catalogue.offered },
    { sweepMs: config.sweepMs, leaseMs: config.leaseMs },
  );
  starting.defer(sweeper.close);
  const janitor = openJanitor({ ...timers, store, storage, log }, config.keep);
  starting.defer(janitor.close);
  // Asked first: nothing is claimed any more, whatever the others still wait for.
  starting.defer(() => worker.drain(config.drainMs));

  const parts = starting.move();
  return { url, stop: () => parts.disposeAsync() };
}

function hostsOf({ host, publicUrl }: Config): ReadonlySet<string> {
  return new Set([
    "localhost",
    "127.0.0.1",
    "[::1]",
    "::1",
    host.toLowerCase(),
    ...(publicUrl === null ? [] : [publicUrl.hostname.toLowerCase()]),
  ]);
}
