import Sqlite from "better-sqlite3";
import { StoreUnavailable } from "../StoreUnavailable.ts";
import {
  completeAttempt,
  failAttempt,
  handBackAttempt,
  intendSubmission,
  reportProgress,
  settleAttempt,
} from "../commands/attemptCommands.ts";
import { claimJobs } from "./commands/claimJobs.ts";
import { cancelAsset } from "../commands/endByPerson.ts";
import { createProject, ensureWorkspace } from "./commands/ensureWorkspace.ts";
import { answeredBefore, createAndAnswer, deleteAndAnswer, onAsset, uploadAndAnswer } from "./commands/answered.ts";
import { heartbeat } from "./commands/heartbeat.ts";
import { mend, mendedOr } from "./commands/mend.ts";
import { nameFeed } from "./commands/nameFeed.ts";
import {
  orderProviders,
  providerSettings,
  saveProviderSetting,
  settingsRevision,
} from "./commands/providerSettings.ts";
import { prune } from "./commands/prune.ts";
import { setBudget } from "./commands/setBudget.ts";
import { startJob } from "../commands/startJob.ts";
import { endSubmission, openSubmission } from "../commands/submissionCommands.ts";
import { sweep, takeBackPredecessors } from "./commands/sweep.ts";
import { migrate, refuseNewer } from "./migrate.ts";
import { openGroupCommit, realStoreTimers } from "./openGroupCommit.ts";
import { openSession } from "./openSession.ts";
import { openTransactions } from "./openTransactions.ts";
import { listAssets } from "./reads/listAssets.ts";
import { listMedia } from "./reads/listMedia.ts";
import { feedMarks } from "./reads/feedMarks.ts";
import { liveProgress } from "./reads/liveProgress.ts";
import { readAssets } from "./reads/readAssets.ts";
import { nextTry } from "./reads/nextTry.ts";
import { feedHead, readFeed } from "./reads/readFeed.ts";
import {
  assetHistory,
  assetVersions,
  budget,
  creditEntries,
  creditSummary,
  listJobs,
  listProjects,
  resolveInputs,
} from "./reads/views.ts";
import { nameOfStudio } from "../rows/nameOfStudio.ts";
import { prepareConnection } from "./prepareConnection.ts";
import { restoreSchema } from "./schemaDamage.ts";
import type { Database } from "better-sqlite3";
import type { Rotation } from "./commands/claimJobs.ts";
import type { StoreTimers } from "./openGroupCommit.ts";
import type { SessionOptions } from "./openSession.ts";
import type { FirstWorkspace } from "../rows/nameOfStudio.ts";
import type { Store } from "../Store.ts";
import type { Wake } from "../store/feed.ts";
import type { Limit, LimitsKept } from "../store/attempts.ts";

export interface SqliteStoreOptions extends SessionOptions {
  /** Path of the database file; made when missing. */
  readonly file: string;
  /** How long another process may hold the lock before a caller is told; the event loop is never blocked by it. */
  readonly lockPatienceMs?: number;
  /** Told whenever nothing can be kept; the callers are told too. */
  readonly onUnavailable?: (error: StoreUnavailable) => void;
  /** Told which guards and indexes the file had lost when it was opened, and has again (K1). */
  readonly onRestored?: (names: readonly string[]) => void;
  /** How it waits: by the process's event loop unless told. */
  readonly timers?: StoreTimers;
  /** A connection to the file that is open already, set up by its owner, and stays open when the store is closed. */
  readonly connection?: Database;
}

const LOCK_PATIENCE_MS = 15_000;
/** SQLite's own waiting blocks the event loop, so it is short; longer waits are ours. */
const BUSY_TIMEOUT_MS = 50;
const CACHE_KIB = 32_768;
/** 16 MB: copying the log back into the file is work for between two rushes, not for the middle of one. */
const CHECKPOINT_PAGES = 4_096;
/** What one create may need. */
const SPARE_PAGES = 16;

/**
 * Opens the file, brings it to this program's schema, and gives the Store over it. Throws `DatabaseTooNew`, and
 * `DatabaseDamaged` when a table is gone.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  if (options.connection !== undefined) return storeOver(options.connection, options);
  const db = new Sqlite(options.file);
  try {
    refuseNewer(db, options.file);
    setUp(db);
    return storeOver(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

function setUp(db: Database): void {
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma("foreign_keys = ON");
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}

function storeOver(db: Database, options: SqliteStoreOptions): Store {
  migrate(db);
  const restored = restoreSchema(db);
  if (restored.length > 0) options.onRestored?.(restored);
  const { invariants, ...prepared } = prepareConnection(db, options.file);
  const session = openSession(db, prepared, options);
  db.transaction(() => nameFeed(session)).immediate();
  const listeners = new Set<(wake: Wake) => void>();
  const group = openGroupCommit(db, {
    lockPatienceMs: options.lockPatienceMs ?? LOCK_PATIENCE_MS,
    timers: options.timers ?? realStoreTimers,
    ...(options.onUnavailable === undefined ? {} : { onUnavailable: options.onUnavailable }),
    onUndone: session.undone,
    afterCommit: () => {
      session.slots.committed();
      const wake = { ...session.changed };
      session.changed.feed = false;
      session.changed.work = false;
      if (wake.feed || wake.work) for (const listener of listeners) listener(wake);
    },
  });
  const { write, decide, end, endAttempt, each, read, seeOneMoment, allOrNothing } = openTransactions(session, group);
  const rotation: Rotation = { last: null };
  const setLimits = write((_session, { limits, kept }: { limits: readonly Limit[]; kept: LimitsKept }) =>
    session.slots.setLimits(limits, kept),
  );

  return {
    ensureWorkspace: write(ensureWorkspace),
    createProject: write(createProject),
    setBudget: write(setBudget),
    createAssets: (request) => allOrNothing(() => createAndAnswer(session, request)),
    addUpload: write(uploadAndAnswer),
    startJob: write(onAsset(startJob)),
    cancel: end(onAsset(cancelAsset)),
    deleteAsset: end(deleteAndAnswer),

    setLimits: (limits, kept = { models: [] }) => setLimits({ limits, kept }),
    claim: (request) => each("claim", () => claimJobs(session, rotation, request)),
    nextTry: read(nextTry),
    heartbeat: write(heartbeat),
    progress: decide(reportProgress),
    complete: endAttempt(completeAttempt),
    fail: endAttempt(failAttempt),
    handBack: endAttempt(handBackAttempt),
    settle: endAttempt(settleAttempt),
    sweep: (request) => each("sweep", (on) => sweep(on, request)),
    takeBackPredecessors: () => each("sweep", takeBackPredecessors),
    intendSubmission: decide(intendSubmission),
    openSubmission: decide(openSubmission),
    endSubmission: decide(endSubmission),

    answeredBefore: read(answeredBefore),
    getAsset: read((_session, { workspaceId, assetId }) => readAssets(session, workspaceId, [assetId])[0] ?? null),
    listAssets: read(listAssets),
    assetHistory: read(assetHistory),
    assetVersions: read(assetVersions),
    listJobs: read(listJobs),
    listProjects: read(listProjects),
    budget: read(budget),
    creditSummary: read(creditSummary),
    creditEntries: read(creditEntries),
    resolveInputs: read(resolveInputs),
    readFeed: read(readFeed),
    feedHead: read((_session, { workspaceId }) => feedHead(session, workspaceId)),
    feedMarks: read((_session, { workspaceIds }) => feedMarks(session, workspaceIds)),
    liveProgress: read((_session, { workspaceId }) => liveProgress(session, workspaceId)),
    onWake: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    providerSettings: async () => seeOneMoment(() => providerSettings(session)),
    settingsRevision: async () => settingsRevision(session),
    saveProviderSetting: write(saveProviderSetting),
    orderProviders: write(orderProviders),

    checkInvariants: async (scope) => seeOneMoment(() => invariants(session.now(), scope)),
    mend: async (request) => {
      const mended = await group.run(() => mend(session, request)).catch(mendedOr);
      if (mended === "mended") session.aside.clear();
      return mended;
    },
    backup: async (file) => void (await db.backup(file)),
    listMedia: read(listMedia),
    countMedia: async () => Number(session.sql.countMedia.get()),
    prune: (policy) => each("prune", () => prune(session, policy)),
    referencedKeys: async () => new Set(session.sql.referencedKeys.all() as string[]),
    studioName: async () => nameOfStudio(session.sql.firstWorkspace.get() as FirstWorkspace | undefined),
    now: async () => session.now(),
    ping: async () => {
      refuseWhenFull(db);
      await group.run(() => session.sql.ping.run(session.now(), session.feedId));
    },
    close: async () => {
      await group.close();
      listeners.clear();
      if (options.connection === undefined) db.close();
    },
  };
}

/** A small write may still fit into a page where the next asset does not. */
function refuseWhenFull(db: Database): void {
  const pages = (name: string): number => Number(db.pragma(name, { simple: true }));
  if (pages("max_page_count") - pages("page_count") + pages("freelist_count") >= SPARE_PAGES) return;
  throw new StoreUnavailable("full", { cause: new Error("The database has reached its largest size.") });
}
