import { StoreUnavailable } from "../StoreUnavailable.ts";
import type { Database, Statement } from "better-sqlite3";

/**
 * Whole transactions, gathered: those asked for while the event loop was busy, or while a commit was being flushed to
 * the disk, share one BEGIN IMMEDIATE and one flush. Where none throws, as nearly always, that is all. Where one does,
 * the group is rolled back and run again with a SAVEPOINT around each, so that the one undoes only itself: a savepoint
 * copies every page that is touched inside it, which costs more than the writes themselves. Work may therefore run
 * twice. What it keeps in memory is either set right by a second run, or put back by `onUndone`.
 *
 * A full disk or an I/O error undoes and rejects the whole group, as `StoreUnavailable`. So does a lock that another process
 * holds for too long; until then it is waited for without blocking the event loop.
 */
export interface GroupCommit {
  /** Runs `work` synchronously inside a transaction; resolves once that is on the disk. */
  readonly run: <T>(work: () => T) => Promise<T>;
  /** Refuses what comes later, and resolves when what came before is done. */
  readonly close: () => Promise<void>;
}

export interface GroupCommitOptions {
  /** Called after each commit, once its callers have been answered. */
  readonly afterCommit: () => void;
  /** Called whenever a whole group was undone, before any of it runs again: memory follows the rows. */
  readonly onUndone?: () => void;
  /** How long another process may hold the lock before callers are told. */
  readonly lockPatienceMs: number;
  readonly timers: StoreTimers;
  /** Called when nothing can be kept, before the callers are told. */
  readonly onUnavailable?: (error: StoreUnavailable) => void;
}

/** How the store waits. */
export interface StoreTimers {
  /** Calls back once what the event loop has in hand is done. */
  readonly soon: (callback: () => void) => void;
  readonly after: (ms: number, callback: () => void) => void;
  /** Milliseconds from anywhere, never set back. */
  readonly monotonic: () => number;
}

export const realStoreTimers: StoreTimers = {
  soon: (callback) => void setImmediate(callback),
  after: (ms, callback) => void setTimeout(callback, ms),
  monotonic: () => performance.now(),
};

interface Pending {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

interface Ran {
  readonly committed: boolean;
  readonly outcomes: readonly (() => void)[];
}

/** Bounds the synchronous stretch: heartbeats and clicks wait for at most this much work. */
const GROUP_LIMIT = 512;
const LOCK_RETRY_MS = 20;

export function openGroupCommit(db: Database, options: GroupCommitOptions): GroupCommit {
  const statement = {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    rollback: db.prepare("ROLLBACK"),
    savepoint: db.prepare("SAVEPOINT one"),
    release: db.prepare("RELEASE one"),
    undo: db.prepare("ROLLBACK TO one"),
  };
  const { timers } = options;
  const waiting: Pending[] = [];
  let scheduled = false;
  let closing: { readonly done: () => void; readonly closed: Promise<void> } | null = null;
  let lockedSince: number | null = null;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    timers.soon(flush);
  }

  function flush(): void {
    scheduled = false;
    if (waiting.length === 0) return closing?.done();
    if (!begin()) return;
    const { committed, outcomes } = runGroup(waiting.splice(0, GROUP_LIMIT));
    for (const tell of outcomes) tell();
    if (waiting.length > 0) schedule();
    else closing?.done();
    // Last: a listener that throws must not keep callers from their answers.
    if (committed) options.afterCommit();
  }

  function begin(): boolean {
    try {
      statement.begin.run();
      lockedSince = null;
      return true;
    } catch (error) {
      const now = timers.monotonic();
      lockedSince ??= now;
      if (isLocked(error) && now - lockedSince < options.lockPatienceMs) {
        scheduled = true;
        timers.after(LOCK_RETRY_MS, flush);
      } else {
        lockedSince = null;
        const reason = explain(error);
        for (const { reject } of waiting.splice(0)) reject(reason);
        closing?.done();
      }
      return false;
    }
  }

  function runGroup(group: readonly Pending[]): Ran {
    try {
      const outcomes = group.map(runAsOne);
      statement.commit.run();
      return { committed: true, outcomes };
    } catch (error) {
      if (group.length === 1 || endsGroup(error)) return undone(group, error);
      undo();
      return runApart(group);
    }
  }

  function runAsOne({ work, resolve }: Pending): () => void {
    const value = work();
    return () => resolve(value as never);
  }

  function runApart(group: readonly Pending[]): Ran {
    try {
      statement.begin.run();
    } catch (error) {
      if (!isLocked(error)) return undone(group, error);
      // Another process was faster: the group goes back to the head of the line and waits like everybody.
      waiting.unshift(...group);
      return { committed: false, outcomes: [] };
    }
    try {
      const outcomes = group.map(runAlone);
      statement.commit.run();
      return { committed: true, outcomes };
    } catch (error) {
      return undone(group, error);
    }
  }

  function runAlone(pending: Pending): () => void {
    statement.savepoint.run();
    try {
      const tell = runAsOne(pending);
      statement.release.run();
      return tell;
    } catch (error) {
      if (!db.inTransaction || endsGroup(error)) throw error;
      statement.undo.run();
      statement.release.run();
      return () => pending.reject(error);
    }
  }

  /** Nothing of this group is kept, not even what had gone well. */
  function undone(group: readonly Pending[], error: unknown): Ran {
    undo();
    const reason = explain(error);
    return { committed: false, outcomes: group.map((pending) => () => pending.reject(reason)) };
  }

  function undo(): void {
    quietly(statement.rollback);
    options.onUndone?.();
  }

  function explain(error: unknown): unknown {
    const reason = explained(error);
    if (reason instanceof StoreUnavailable) options.onUnavailable?.(reason);
    return reason;
  }

  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        if (closing !== null) return reject(new Error("The store is closed."));
        waiting.push({ work, resolve, reject });
        schedule();
      }),
    close: () => {
      if (closing === null) {
        const { promise, resolve } = Promise.withResolvers<void>();
        closing = { done: resolve, closed: promise };
        schedule();
      }
      return closing.closed;
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function isLocked(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

function endsGroup(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|NOMEM)/.test(codeOf(error));
}

/** What the caller cannot help, in words of its own; a bug stays what it is. */
function explained(error: unknown): unknown {
  const code = codeOf(error);
  if (code.startsWith("SQLITE_FULL")) return new StoreUnavailable("full", { cause: error });
  if (isLocked(error)) return new StoreUnavailable("locked", { cause: error });
  return /^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(code) ? new StoreUnavailable("broken", { cause: error }) : error;
}

/** SQLite may have rolled back by itself already. */
function quietly(statement: Statement): void {
  try {
    statement.run();
  } catch {
    // There is no transaction left to roll back.
  }
}
