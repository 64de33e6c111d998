import { realStoreTimers } from "../sqlite/openGroupCommit.ts";
import { attemptCommands } from "./commands/attemptCommands.ts";
import { openAnswers } from "./commands/openAnswers.ts";
import { openClaims } from "./commands/openClaims.ts";
import { openWorkspacesOfJobs } from "./commands/openWorkspacesOfJobs.ts";
import { peopleCommands } from "./commands/peopleCommands.ts";
import { setLimits } from "./slots/setLimits.ts";
import { sweeper } from "./commands/sweep.ts";
import { checkInvariants } from "./keeping/checkInvariants.ts";
import { mend } from "./keeping/mend.ts";
import { prune } from "./keeping/prune.ts";
import { openGate } from "./openGate.ts";
import { openLanes } from "./openLanes.ts";
import { openPostgresSession } from "./openPostgresSession.ts";
import { openReads } from "./openReads.ts";
import { providerSettings } from "./settings/providerSettings.ts";
import type { Store } from "../Store.ts";
import type { Gate } from "./openGate.ts";
import type { MoveJob } from "./keeping/mend.ts";
import type { PostgresStoreOptions } from "./openPostgresSession.ts";

/**
 * Connects, brings the database to this program's schema, and gives the Store over it, which any number of processes may do at
 * once. Throws `DatabaseTooNew`, or `StoreUnavailable` when the server cannot be reached.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const opened = await openPostgresSession(options);
  const { session } = opened;
  const timers = options.timers ?? realStoreTimers;
  const lanes = openLanes(session, timers);
  const workspaces = openWorkspacesOfJobs(session);
  const gate = openGate();
  let closing: Promise<void> | null = null;
  const moveJob: MoveJob = async (jobId, command) =>
    lanes.run(await workspaces.laneOf(jobId), { needs: { jobs: [jobId], ends: true }, decide: command });

  const methods = {
    ...peopleCommands(session, lanes, openAnswers(session)),
    ...attemptCommands(session, lanes, workspaces),
    ...openReads(session),
    ...providerSettings(session),
    setLimits: (limits, kept = { models: [] }) => setLimits(session, { limits, kept }),
    claim: openClaims(session, workspaces),
    sweep: sweeper(session, lanes, workspaces),
    // Nobody owns a database that others may be working on: leases say whose work is lost.
    takeBackPredecessors: async () => ({ lost: 0, expired: 0, released: 0, rejected: 0, transitions: [] }),
    checkInvariants: (scope) => session.db.snapshot((connection) => checkInvariants(session, connection, scope)),
    mend: async (request) => {
      const mended = await mend(session, moveJob, request);
      if (mended === "mended") session.aside.clear();
      return mended;
    },
    prune: (policy) => prune(session, policy),
    backup: async () => {
      throw new Error("A PostgreSQL database is backed up with its own tool: run pg_dump with DATABASE_URL.");
    },
    ping: async () => {
      await session.db.write(({ run }) =>
        run(`UPDATE feed_boot SET at = ${session.clock()} WHERE number = (SELECT max(number) FROM feed_boot)`),
      );
    },
  } satisfies Omit<Store, "onWake" | "close">;

  return {
    ...throughGate(methods, gate),
    onWake: opened.onWake,
    close: () => (closing ??= gate.close().then(opened.close)),
  };
}

function throughGate<T extends object>(methods: T, { through }: Gate): T {
  const gated = Object.entries(methods).map(([name, method]) => [name, through(method as () => Promise<unknown>)]);
  return Object.fromEntries(gated) as T;
}
