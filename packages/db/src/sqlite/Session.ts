import type { EpochMs, ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { QueuedLine } from "../rows/startsIn.ts";
import type { RunTime } from "../rows/usualRun.ts";
import type { ListReads } from "./reads/listAssets.ts";
import type { Desk } from "../commands/Desk.ts";
import type { RowStatements } from "./rowStatements.ts";
import type { Aside } from "../aside/openAside.ts";
import type { Slots } from "./slots/openSlots.ts";
import type { Statements } from "./statements.ts";

/** What every command and read of the SQLite store works with. */
export interface Session {
  readonly db: Database;
  readonly orm: BetterSQLite3Database;
  readonly sql: Statements;
  readonly row: RowStatements;
  readonly lists: ListReads;
  readonly slots: Slots;
  /** What no command touches for a while, because its rows contradict each other. */
  readonly aside: Aside;
  readonly desk: Desk;
  /** The database's clock: on SQLite that of the one process. */
  readonly now: () => EpochMs;
  readonly mediaUrl: (key: string) => string;
  readonly offers: (model: string) => boolean;
  readonly feedId: string;
  /** A workspace's oldest project, which never changes once it is there. */
  readonly firstProject: (workspaceId: WorkspaceId) => ProjectId | null;
  /** A model's usual run time, computed at most every few seconds. */
  readonly runTimes: (model: string, compute: () => RunTime | null) => RunTime | null;
  /** Every line that has jobs in it, read at most every few seconds. */
  readonly linesNow: () => readonly QueuedLine[];
  /** What the open transactions changed, told to listeners after the commit. */
  readonly changed: { feed: boolean; work: boolean };
  /** Forgets what was remembered of transactions that were undone. */
  readonly undone: () => void;
}
