import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { openSqliteStore, StoreUnavailable } from "@reelstate/db";
import { openInspector } from "./health/openInspector.ts";
import type { Finding, SetAside, Store } from "@reelstate/db";
import type { Logger } from "pino";
import type { Config } from "./config.ts";

interface Options {
  readonly offers: (model: string) => boolean;
  readonly onUnavailable: (error: StoreUnavailable) => void;
  readonly log: Logger;
}

/** What is kept, and how it is looked through while it is in use. */
export interface OpenDatabase {
  readonly store: Store;
  readonly inspect: () => Promise<readonly Finding[]>;
  readonly close: () => Promise<void>;
}

const mediaUrl = (key: string): string => `/media/${key}`;

/** The SQLite file in DATA_DIR, which is then ours alone, or the PostgreSQL database that others work on too. */
export async function openDatabase(config: Config, options: Options): Promise<OpenDatabase> {
  return config.databaseUrl === null ? openFile(config.dataDir, options) : openServer(config.databaseUrl, options);
}

function openFile(dataDir: string, { log, ...options }: Options): OpenDatabase {
  const file = join(dataDir, "reelstate.sqlite");
  const store = openSqliteStore({
    ...options,
    file,
    mediaUrl,
    bootId: randomUUID(),
    onSetAside: sayWith(log),
    onRestored: (names) =>
      log.warn({ names }, "the database had lost guards or indexes; they are made again: studio doctor tells more"),
  });
  const inspector = openInspector(file);
  return {
    store,
    inspect: inspector.inspect,
    close: async () => {
      await inspector.close();
      await store.close();
    },
  };
}

/** What speaks to a server is loaded only where there is one. */
async function openServer(url: string, { offers, onUnavailable, log }: Options): Promise<OpenDatabase> {
  const { inspectPostgres, openPostgresStore } = await import("@reelstate/db/postgres");
  const store = await openPostgresStore({ url, mediaUrl, offers, onSetAside: sayWith(log) });
  // The server looks through its rows; this thread waits.
  return { store: told(store, onUnavailable), inspect: () => inspectPostgres(url), close: store.close };
}

/** A store that tells besides its caller when nothing can be kept. */
function told(store: Store, onUnavailable: Options["onUnavailable"]): Store {
  const tell = (error: unknown): never => {
    if (error instanceof StoreUnavailable) onUnavailable(error);
    throw error;
  };
  const { onWake, ...methods } = store;
  const watched = Object.entries(methods).map(([name, method]) => {
    const call = method as (request: never) => Promise<unknown>;
    return [name, (request: never) => call(request).catch(tell)];
  });
  return { ...(Object.fromEntries(watched) as typeof methods), onWake };
}

function sayWith(log: Logger): (one: SetAside) => void {
  return ({ kind, id, during, error }) =>
    log.error(
      { err: error, [kind]: id, during },
      `the rows of ${kind} ${id} contradict each other: it is left alone for a minute while everything else goes on; npx pnpm studio doctor explains it, and with --repair mends what it can`,
    );
}
