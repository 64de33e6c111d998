import { openPostgresStore } from "@reelstate/db/postgres";
import { benchRequest, LEASE, makeWorkspace, MEDIA, numberOf, OFFERED, openBenchStore } from "../openBenchStore.ts";
import type { ClaimedJob, Store } from "@reelstate/db";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { BenchPostgres } from "./openBenchPostgres.ts";
import type { Engine, EngineOptions, OpenedEngine } from "./Engine.ts";

const WRITES = "asset, version, job and workspace rows, two ledger lines, three events; all kept";

/** Ours on SQLite, in one workspace. */
export function oursOnSqlite(): Engine {
  return {
    name: "Reelstate on SQLite",
    writes: WRITES,
    waits: "COMMIT, flushed (WAL, synchronous=FULL)",
    lacks: null,
    open: async (options) => {
      const bench = await openBenchStore();
      return openOurs(bench.store, { ...options, workspaces: 1, dispose: async () => bench[Symbol.asyncDispose]() });
    },
  };
}

/** Ours on PostgreSQL, with its own two connections for NOTIFY and LISTEN besides. */
export function oursOnPostgres(postgres: BenchPostgres, { workspaces }: { readonly workspaces: number }): Engine {
  return {
    name: `Reelstate on PostgreSQL, ${workspaces} workspace${workspaces === 1 ? "" : "s"}`,
    writes: WRITES,
    waits: "COMMIT, flushed",
    lacks: null,
    open: async (options) => {
      const database = await postgres.createDatabase();
      const { url } = database;
      const store = await openPostgresStore({ url, connections: options.connections, mediaUrl: (key) => key });
      const dispose = async (): Promise<void> => {
        await store.close();
        await database[Symbol.asyncDispose]();
      };
      return openOurs(store, { ...options, workspaces, dispose });
    },
  };
}

export interface OurOptions extends Pick<EngineOptions, "atOnce"> {
  readonly workspaces: number;
  readonly dispose: () => Promise<void>;
}

/** Where the jobs of so many workspaces go, in turns. */
export function workspaceIds(workspaces: number): readonly WorkspaceId[] {
  return Array.from({ length: workspaces }, (_, number) => `bench${number}` as WorkspaceId);
}

/** A store as an engine, its workspaces made. */
export async function openOurs(store: Store, { atOnce, workspaces, dispose }: OurOptions): Promise<OpenedEngine> {
  const ids = workspaceIds(workspaces);
  for (const id of ids) await makeWorkspace(store, id);
  let created = 0;
  let completed = 0;
  let failed: Error | undefined;
  let stop = (): void => {};
  return {
    enqueue: async (number) => {
      const outcome = await store.createAssets(benchRequest(number, ids[number % workspaces]));
      if (!outcome.ok) throw new Error(outcome.why);
      created += 1;
    },
    work: async (begins) => {
      const done = (): void => void (completed += 1);
      stop = work(store, {
        atOnce,
        begins,
        done,
        fails: (error) => (failed = new Error("the store failed", { cause: error })),
      });
    },
    unfinished: async () => {
      if (failed !== undefined) throw failed;
      return created - completed;
    },
    async [Symbol.asyncDispose]() {
      stop();
      await dispose();
    },
  };
}

interface Work {
  readonly atOnce: number;
  readonly begins: (number: number) => void;
  readonly done: () => void;
  readonly fails: (error: unknown) => void;
}

/** As the studio's worker does: woken by commits, it claims as many as it has hands free, one claim at a time. */
function work(store: Store, { atOnce, begins, done, fails }: Work): () => void {
  let busy = 0;
  let claiming = false;
  let again = false;

  function claimSoon(): void {
    if (busy >= atOnce) return;
    if (claiming) return void (again = true);
    [claiming, again] = [true, false];
    const limit = atOnce - busy;
    store.claim({ workerId: "bench", limit, leaseMs: LEASE, ...OFFERED }).then((jobs) => {
      claiming = false;
      for (const job of jobs) make(job).catch(fails);
      if (again) claimSoon();
    }, fails);
  }

  async function make({ jobId, attempt }: ClaimedJob): Promise<void> {
    busy += 1;
    begins(numberOf(jobId));
    const outcome = await store.complete({ jobId, attempt, media: MEDIA });
    if (!outcome.ok) throw new Error(`completing was refused: ${outcome.why}`);
    busy -= 1;
    done();
    claimSoon();
  }

  const deaf = store.onWake(({ work: is }) => is && claimSoon());
  claimSoon();
  return deaf;
}
