import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { credits } from "@reelstate/lifecycle";
import { createPorts } from "./commands/createPorts.ts";
import { createTakeUpload } from "./commands/takeUpload.ts";
import { openFeed } from "./feed/openFeed.ts";
import { openHealth } from "./health/openHealth.ts";
import { createHttp } from "./http/createHttp.ts";
import { createProbes } from "./http/createProbes.ts";
import { newId } from "./ids.ts";
import { openDatabase } from "./openDatabase.ts";
import { takeDataDir } from "./takeDataDir.ts";
import { openMediaShelf } from "./media/openMediaShelf.ts";
import { createLocalProvider } from "./providers/local/localProvider.ts";
import { openProviders } from "./providers/settings/openProviders.ts";
import { providerPorts } from "./providers/settings/providerPorts.ts";
import { createSimulator } from "./providers/simulator/simulatorProvider.ts";
import { openSealing } from "./sealing/openSealing.ts";
import { startRender } from "./renderer/startRender.ts";
import { openDiskWatch } from "./storage/openDiskWatch.ts";
import { openClosing } from "./openClosing.ts";
import { ownMedia } from "./storage/ownMedia.ts";
import { openStorage } from "./storage/openStorage.ts";
import { StorageError } from "./storage/StorageError.ts";
import { realTimers } from "./Timers.ts";
import { openJanitor } from "./worker/openJanitor.ts";
import { openSweeper } from "./worker/openSweeper.ts";
import { openWorker } from "./worker/openWorker.ts";
import { logTransition } from "./worker/log.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Provider } from "./providers/Provider.ts";

export interface RunningStudio {
  readonly url: string;
  /** Stops claiming, lets what ends soon end, hands the rest back, and closes everything. */
  readonly stop: () => Promise<void>;
}

const WORKSPACE = "default" as WorkspaceId;
const FIRST_PROJECT = { id: "default" as ProjectId, name: "Studio" };
/** Drawing shares the machine with everything else. */
const RENDERS_AT_ONCE = availableParallelism() > 2 ? 2 : 1;
/** For all that closes once the worker has let go of its jobs. */
const CLOSE_WITHIN_MS = 3_000;
/** Before the rest of closing gives it up. */
const ANSWERED_WITHIN_MS = CLOSE_WITHIN_MS * 0.8;
const FIRST_CREDITS = credits(1_000);

/** A provider does not tell the time by the clock of whoever asks: one is the same for all our processes, whatever theirs say. */
function providersClock(): number {
  return Math.round(performance.timeOrigin + performance.now());
}

/** The only wiring: opens everything its role needs, starts it, and knows how to stop it again in the other order. */
export async function startStudio(config: Config, log: Logger): Promise<RunningStudio> {
  const timers = realTimers;
  const random = Math.random;
  const processId = randomUUID();
  await using starting = new AsyncDisposableStack();
  const { workDir, close: leaveDataDir } = await takeDataDir(config, processId);
  starting.defer(leaveDataDir);
  const inTime = openClosing({ ...timers, log }, CLOSE_WITHIN_MS);

  const place = await openStorage({ ...config, workDir });
  starting.defer(inTime("storage", place.close));
  const { store, inspect, close } = await openDatabase(config, {
    // Opened further down, and not asked before: no row is read yet.
    offers: (model) => providers.catalogue.find(model) !== null,
    onUnavailable: (error) => disk.failed(error),
    log,
  });
  starting.defer(inTime("database", close));
  const disk = openDiskWatch({ ...timers, storage: place, ping: store.ping, log });
  starting.defer(inTime("disk watch", disk.close));
  const { storage, hasRoom } = disk;
  await store.ensureWorkspace({ workspaceId: WORKSPACE, name: "Studio", project: FIRST_PROJECT, grant: FIRST_CREDITS });
  const collectable = await ownMedia(storage, await store.studioName(), config);
  const sealing = openSealing(config);
  const providers = await openProviders(
    { ...timers, store, storage, sealing, random, log },
    { fixed: fixedProviders(), known: config.hosted },
  );
  starting.defer(inTime("providers", providers.close));
  const { catalogue } = providers;
  const taken = await store.takeBackPredecessors();
  for (const transition of taken.transitions) logTransition(log, transition);

  const shelf = await openMediaShelf({ storage, newId, workDir: join(workDir, "frames") });
  starting.defer(inTime("shelf", shelf.close));

  let stopping = false;
  const ready = async (): Promise<void> => {
    if (stopping) throw new Error("The studio is being stopped.");
    await disk.ready();
  };
  const origins = { hosts: hostsOf(config), publicOrigin: config.publicUrl?.origin ?? null };
  const app = config.role === "worker" ? createProbes({ ready, origins, log }) : await openFront();
  const url = await app.listen({ port: config.port, host: config.host });
  starting.defer(
    inTime("http", async () => {
      // A request that is being answered may end; one that takes longer than work may is cut.
      const late = setTimeout(() => app.server.closeAllConnections(), Math.min(config.drainMs, ANSWERED_WITHIN_MS));
      await app.close();
      clearTimeout(late);
    }),
  );

  const sweeper = openSweeper(
    { ...timers, store, random, log, catalogue },
    { sweepMs: config.sweepMs, leaseMs: config.leaseMs },
  );
  starting.defer(inTime("sweeper", sweeper.close));
  if (config.role !== "api") openHands();

  const parts = starting.move();
  return {
    url,
    stop: () => {
      stopping = true;
      return parts.disposeAsync();
    },
  };

  /** Those that nobody sets up. */
  function fixedProviders(): readonly Provider[] {
    const local = createLocalProvider({
      workDir: join(workDir, "renders"),
      startRender,
      concurrency: RENDERS_AT_ONCE,
      oneOfMany: config.databaseUrl !== null,
      now: timers.clock,
      onDiskFull: () => disk.failed(new StorageError("full", "There is no space left for what is being drawn.")),
    });
    if (!config.simulator) return [local];
    return [local, createSimulator({ file: join(config.dataDir, "simulator.jsonl"), clock: providersClock })];
  }

  /** What answers browsers. */
  async function openFront(): Promise<FastifyInstance> {
    const commands = { store, catalogue, newId, random };
    const { dataDir } = config;
    const copies = config.databaseUrl === null;
    const health = openHealth({ ...timers, store, storage, inspect, dataDir, copies, log });
    starting.defer(inTime("health", health.close));
    const feed = openFeed({ store, trouble: disk.trouble, ...timers });
    const http = await createHttp({
      ports: createPorts(commands, feed, {
        health,
        providers: providerPorts({ ...timers, store, storage, sealing, providers, log }),
      }),
      frames: feed.frames,
      takeUpload: createTakeUpload(commands, shelf),
      storage,
      origins,
      log,
      ready,
      caller: { workspaceId: WORKSPACE },
    });
    // Its watchers are streams too, which end with it.
    http.addHook("preClose", health.close);
    return http;
  }

  /** What makes assets, and clears up after them. */
  function openHands(): void {
    const janitor = openJanitor({ ...timers, store, storage: collectable, log }, config.keep);
    starting.defer(inTime("janitor", janitor.close));
    const worker = openWorker(
      { ...timers, store, storage, shelf, catalogue, newId, random, log, hasRoom },
      { workerId: processId, concurrency: config.workerConcurrency, leaseMs: config.leaseMs },
    );
    // Asked first: nothing is claimed any more, whatever the others still wait for.
    starting.defer(() => worker.drain(config.drainMs));
  }
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
