import { epochMs } from "@reelstate/lifecycle";
import { openAside } from "../aside/openAside.ts";
import { openDesk } from "./openDesk.ts";
import { openSlots } from "./slots/openSlots.ts";
import type { EpochMs, ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { SetAside } from "../aside/openAside.ts";
import type { QueuedLine } from "../rows/startsIn.ts";
import type { RunTime } from "../rows/usualRun.ts";
import type { PreparedConnection } from "./prepareConnection.ts";
import type { Session } from "./Session.ts";

export interface SessionOptions {
  /** Where a browser finds the media with a key. */
  readonly mediaUrl: (key: string) => string;
  /** Whether any process of this studio offers a model; without it, all are. */
  readonly offers?: (model: string) => boolean;
  /** Names this opening of the feed; a new random id each time (E3). */
  readonly bootId: string;
  /** The database's clock; on SQLite that of its one process. */
  readonly clock?: () => number;
  /** Told whose rows contradict each other: it is left as it is for a minute, while everything else goes on. */
  readonly onSetAside?: (one: SetAside) => void;
}

const RUN_TIMES_FOR_MS = 10_000;
const IN_LINE_FOR_MS = 2_000;

/** Begins with nothing remembered; what it remembers of transactions is forgotten when they are undone. */
export function openSession(
  db: Database,
  { slot, ...prepared }: Omit<PreparedConnection, "invariants">,
  options: SessionOptions,
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
