import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appRouter } from "@reelstate/api/router";
import { openSqliteStore } from "@reelstate/db";
import { credits, durationMs } from "@reelstate/lifecycle";
import { SAMPLE_START } from "@reelstate/lifecycle/testing";
import { createTRPCClient, localLink } from "@trpc/client";
import { createPorts } from "../commands/createPorts.ts";
import { createTakeUpload } from "../commands/takeUpload.ts";
import { openFeed } from "../feed/openFeed.ts";
import { newId } from "../ids.ts";
import { openMediaShelf } from "../media/openMediaShelf.ts";
import { openCatalogue } from "../providers/openCatalogue.ts";
import { createSimulator } from "../providers/simulator/simulatorProvider.ts";
import { openFolderStorage } from "../storage/openFolderStorage.ts";
import { realTimers } from "../Timers.ts";
import { QUOTE } from "./World.ts";
import type { AppRouter } from "@reelstate/api/router";
import type { StudioPorts } from "@reelstate/api";
import type { JobPlan, Store } from "@reelstate/db";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { TRPCClient } from "@trpc/client";
import type { TakeUpload } from "../http/receiveUploads.ts";
import type { Provider } from "../providers/Provider.ts";

/** The model of the asset that is walked, and of the picture it may wait for: whoever claims one never takes the other. */
export const MAIN_MODEL = "sim/video";
export const INPUT_MODEL = "sim/image";
/** Above what a workspace has. */
export const TOO_MUCH = credits(10_000);
const GRANT = credits(1_000);

/** The real studio in one process, without the worker: its calls are the walker's to make. */
export interface Studio extends AsyncDisposable {
  readonly store: Store;
  /** The store's clock and today's price: set before each step. */
  readonly now: { at: number; price: number };
  readonly takeUpload: TakeUpload;
  /** A workspace of its own, and the API as its people ask it. */
  readonly enter: () => Promise<Visit>;
}

export interface Visit {
  readonly workspaceId: WorkspaceId;
  readonly api: TRPCClient<AppRouter>;
}

export async function openStudio(): Promise<Studio> {
  const folder = await mkdtemp(join(tmpdir(), "reelstate-model-"));
  await using opening = new AsyncDisposableStack();
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const now = { at: SAMPLE_START as number, price: QUOTE as number };
  const clock = (): number => now.at;
  const store = openSqliteStore({
    file: join(folder, "reelstate.sqlite"),
    mediaUrl: (key) => `/media/${key}`,
    bootId: newId(),
    clock,
  });
  opening.defer(store.close);
  const storage = await openFolderStorage(join(folder, "media"));
  opening.defer(storage.close);
  const shelf = await openMediaShelf({ storage, newId, workDir: join(folder, "frames") });
  opening.defer(shelf.close);
  const simulator = createSimulator({ file: join(folder, "simulator.jsonl"), clock });
  const catalogue = openCatalogue([priced(simulator, () => now.price)]);
  opening.defer(catalogue.close);
  const deps = { store: frugal(store), catalogue, newId, random: () => 0.5 };
  const ports = createPorts(deps, openFeed({ ...realTimers, store }));
  const parts = opening.move();
  return {
    store,
    now,
    takeUpload: createTakeUpload(deps, shelf),
    enter: () => enter(store, ports),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function enter(store: Store, ports: StudioPorts): Promise<Visit> {
  const workspaceId = newId<WorkspaceId>();
  const project = { id: newId<ProjectId>(), name: "Film" };
  await store.ensureWorkspace({ workspaceId, name: "Studio", project, grant: GRANT });
  const createContext = async () => ({ caller: { workspaceId }, ports });
  return {
    workspaceId,
    api: createTRPCClient<AppRouter>({ links: [localLink({ router: appRouter, createContext })] }),
  };
}

/** The simulator's models with the deadlines of the lifecycle's samples, at a price that can change. */
function priced(provider: Provider, price: () => number): Provider {
  return {
    ...provider,
    models: provider.models.map((offer) => ({
      ...offer,
      attemptTimeoutMs: durationMs(60_000),
      jobTimeoutMs: durationMs(300_000),
      price: () => credits(price()),
    })),
  };
}

/** The samples' small budgets, so that spending them takes few steps. */
function frugal(store: Store): Store {
  const small = (plan: JobPlan): JobPlan => ({ ...plan, maxFailures: 2, maxLosses: 2 });
  return {
    ...store,
    createAssets: (request) =>
      store.createAssets({
        ...request,
        assets: request.assets.map((asset) => ({ ...asset, plan: small(asset.plan) })),
      }),
    startJob: (request) =>
      store.startJob({
        ...request,
        plan: (version) => {
          const plan = request.plan(version);
          return plan === null ? null : small(plan);
        },
      }),
  };
}
