import { epochMs } from "@reelstate/lifecycle";
import Sqlite from "better-sqlite3";
import { StoreUnavailable } from "../StoreUnavailable.ts";
import { openAside } from "../aside/openAside.ts";
import {
  completeAttempt,
  failAttempt,
  handBackAttempt,
  intendSubmission,
  reportProgress,
  settleAttempt,
} from "../commands/attemptCommands.ts";
import { leavingDependants } from "../commands/leavingDependants.ts";
import { claimJobs } from "./commands/claimJobs.ts";
import { Undo } from "../commands/createAssets.ts";
import { cancelAsset } from "../commands/endByPerson.ts";
import { createProject, ensureWorkspace } from "./commands/ensureWorkspace.ts";
import { answeredBefore, createAndAnswer, deleteAndAnswer, onAsset, uploadAndAnswer } from "./commands/answered.ts";
import { isOfRows, withoutContradictions } from "./contradictions.ts";
import { openDesk } from "./openDesk.ts";
import { heartbeat } from "./commands/heartbeat.ts";
import { mend, mendedOr } from "./commands/mend.ts";
import { nameFeed } from "./commands/nameFeed.ts";
import { prune } from "./commands/prune.ts";
import { startJob } from "../commands/startJob.ts";
import { endSubmission, openSubmission } from "../commands/submissionCommands.ts";
import { sweep, takeBackPredecessors } from "./commands/sweep.ts";
import { migrate, refuseNewer } from "./migrate.ts";
import { openGroupCommit, realStoreTimers } from "./openGroupCommit.ts";
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
  creditEntries,
  creditSummary,
  listJobs,
  listProjects,
  resolveInputs,
} from "./reads/views.ts";
import { nameOfStudio } from "../rows/nameOfStudio.ts";
import { prepareConnection } from "./prepareConnection.ts";
import { restoreSchema } from "./schemaDamage.ts";
import { openSlots } from "./slots/openSlots.ts";
import type { EpochMs, ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { Rotation } from "./commands/claimJobs.ts";
import type { StoreTimers } from "./openGroupCommit.ts";
import type { PreparedConnection } from "./prepareConnection.ts";
import type { FirstWorkspace } from "../rows/nameOfStudio.ts";
import type { QueuedLine } from "../rows/startsIn.ts";
import type { RunTime } from "../rows/usualRun.ts";
import type { Session } from "./Session.ts";
import type { SetAside } from "../aside/openAside.ts";
import type { Desk } from "../commands/Desk.ts";
import type { Store } from "../Store.ts";
import type { StoreOutcome } from "../store/people.ts";
import type { Wake } from "../store/feed.ts";

export interface SqliteStoreOptions {
  /** Path of the database file; made when missing. */
  readonly file: string;
  /** Where a browser finds the media with a key. */
  readonly mediaUrl: (key: string) => string;
  /** Whether any process of this studio offers a model; without it, all are. */
  readonly offers?: (model: string) => boolean;
  /** Names this opening of the feed; a new random id each time (E3). */
  readonly bootId: string;
  /** How long another process may hold the lock before a caller is told; the event loop is never blocked by it. */
  readonly lockPatienceMs?: number;
  /** The database's clock; on SQLite that of its one process. */
  readonly clock?: () => number;
  /** Told whenever nothing can be kept; the callers are told too. */
  readonly onUnavailable?: (error: StoreUnavailable) => void;
  /** Told whose rows contradict each other: it is left as it is for a minute, while everything else goes on. */
  readonly onSetAside?: (one: SetAside) => void;
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
const RUN_TIMES_FOR_MS = 10_000;
const IN_LINE_FOR_MS = 2_000;

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
  const session = sessionOver(db, prepared, options);
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
  const { aside } = session;
  const leaving: Session = { ...session, desk: leavingDependants(session.desk) };
  const rotation: Rotation = { last: null };
  const snapshot = db.transaction((read: () => unknown) => read());

  /** A transaction that answers a refusal has written nothing. */
  function write<Q, T>(command: (session: Session, request: Q) => T): (request: Q) => Promise<T> {
    return (request) => group.run(() => command(session, request));
  }
  /** A command that is answered with what it decided. */
  function decide<Q, T>(command: (desk: Desk, request: Q) => T): (request: Q) => Promise<T> {
    return (request) => group.run(() => command(session.desk, request));
  }
  /** A command that may end a job, and does so too where what waits for that job cannot follow. */
  function end<Q, T>(command: (session: Session, request: Q) => T): (request: Q) => Promise<T> {
    return async (request) => {
      try {
        return await group.run(() => command(session, request));
      } catch (error) {
        if (error instanceof StoreUnavailable || !isOfRows(error)) throw error;
        return group.run(() => command(leaving, request));
      }
    };
  }
  const endAttempt = <Q, T>(command: (desk: Desk, request: Q) => T): ((request: Q) => Promise<T>) =>
    end(({ desk }, request: Q) => command(desk, request));
  /** A command that goes through many, of which none stops the others. */
  function each<T>(during: SetAside["during"], command: (session: Session) => T): Promise<T> {
    return withoutContradictions(aside, during, (again) => group.run(() => command(again ? leaving : session)));
  }
  function read<Q, T>(view: (session: Session, request: Q) => T): (request: Q) => Promise<T> {
    return async (request) => snapshot.deferred(() => view(session, request)) as T;
  }
  async function allOrNothing<T>(work: () => StoreOutcome<T>): Promise<StoreOutcome<T>> {
    try {
      return await group.run(work);
    } catch (error) {
      if (error instanceof Undo) return error.refusal;
      throw error;
    }
  }

  return {
    ensureWorkspace: write(ensureWorkspace),
    createProject: write(createProject),
    createAssets: (request) => allOrNothing(() => createAndAnswer(session, request)),
    addUpload: write(uploadAndAnswer),
    startJob: write(onAsset(startJob)),
    cancel: end(onAsset(cancelAsset)),
    deleteAsset: end(deleteAndAnswer),

    setLimits: write((_session, limits) => session.slots.setLimits(limits)),
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

    checkInvariants: async (scope) =>
      snapshot.deferred(() => invariants(session.now(), scope)) as ReturnType<typeof invariants>,
    mend: async (request) => {
      const mended = await group.run(() => mend(session, request)).catch(mendedOr);
      if (mended === "mended") aside.clear();
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

function sessionOver(
  db: Database,
  { slot, ...prepared }: Omit<PreparedConnection, "invariants">,
  options: SqliteStoreOptions,
): Session {
  const clock = options.clock ?? Date.now;
  const firstProjects = new Map<WorkspaceId, ProjectId>();
  let inLine: { readonly until: number; readonly lines: readonly QueuedLine[] } = { until: 0, lines: [] };
  const slots = openSlots(db, slot);
  const known = new Map<string, { readonly until: number; readonly time: RunTime | null }>();
  const session = {
    db,
    ...prepared,
    slots,
    aside: openAside(clock, options.onSetAside ?? (() => undefined)),
    now: (): EpochMs => epochMs(Math.floor(clock())),
    mediaUrl: options.mediaUrl,
    offers: options.offers ?? ((): boolean => true),
    feedId: options.bootId,
    changed: { feed: false, work: false },
    undone: () => {
      slots.undone();
      firstProjects.clear();
    },
    firstProject: (workspaceId: WorkspaceId) => {
      const known = firstProjects.get(workspaceId);
      if (known !== undefined) return known;
      const found = prepared.sql.firstProject.get(workspaceId) as ProjectId | undefined;
      if (found !== undefined) firstProjects.set(workspaceId, found);
      return found ?? null;
    },
    linesNow: () => {
      if (inLine.until <= clock())
        inLine = { until: clock() + IN_LINE_FOR_MS, lines: prepared.sql.queuedLines.all() as readonly QueuedLine[] };
      return inLine.lines;
    },
    runTimes: (model: string, compute: () => RunTime | null) => {
      const found = known.get(model);
      if (found !== undefined && found.until > clock()) return found.time;
      const time = compute();
      known.set(model, { until: clock() + RUN_TIMES_FOR_MS, time });
      return time;
    },
  } satisfies Omit<Session, "desk">;
  return { ...session, desk: openDesk(session) };
}
