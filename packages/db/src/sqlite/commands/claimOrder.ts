import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { Claim } from "../../store/attempts.ts";
import type { Session } from "../Session.ts";
import type { Holder, Room } from "../slots/openSlots.ts";
import type { Rotation } from "./claimJobs.ts";

type Wanted = Omit<Claim, "workerId" | "leaseMs"> & { readonly now: EpochMs };

/** A job that could start now. */
interface ReadyJob extends Holder {
  readonly priority: number;
}

/** Everything of one workspace that could start now, in its order, and how far a claim has come in it. */
interface Line {
  readonly workspaceId: WorkspaceId;
  readonly jobs: readonly ReadyJob[];
  next: number;
}

/**
 * Which jobs a claim takes, in order: a workspace's turn is one job, and the next claim begins after the workspace that was
 * served last. A job whose provider or model has no slot left is passed over, so that it keeps nobody waiting behind it.
 */
export function claimOrder(session: Session, rotation: Rotation, wanted: Wanted): readonly ReadyJob[] {
  const room = session.slots.room();
  const lines = inTurn(linesOf(session, room, wanted), rotation);
  const taken: ReadyJob[] = [];
  for (let served = true; served && taken.length < wanted.limit;) {
    served = false;
    for (const line of lines) {
      if (taken.length >= wanted.limit) break;
      const job = nextOf(session, room, line);
      if (job === null) continue;
      taken.push(job);
      rotation.last = line.workspaceId;
      served = true;
    }
  }
  return taken;
}

/** The first of the line that has slots already, or finds some. */
function nextOf(session: Session, room: Room, line: Line): ReadyJob | null {
  for (; line.next < line.jobs.length; line.next += 1) {
    const job = line.jobs[line.next];
    if (job === undefined) break;
    const lacking = session.slots.lacking(job);
    if (!room.in(lacking)) continue;
    room.take(lacking);
    line.next += 1;
    return job;
  }
  return null;
}

function linesOf(session: Session, room: Room, wanted: Wanted): readonly Line[] {
  const found = new Map<WorkspaceId, Map<string, ReadyJob>>();
  const put = (workspaceId: WorkspaceId, jobs: readonly ReadyJob[]): void => {
    const jobsOf = found.get(workspaceId) ?? new Map<string, ReadyJob>();
    if (!found.has(workspaceId)) found.set(workspaceId, jobsOf);
    for (const job of jobs) jobsOf.set(job.id, job);
  };
  const models = new Set(wanted.models);
  const providers = JSON.stringify(wanted.providers);
  const { sql } = session;
  for (const { workspaceId, model, provider } of [
    ...(sql.queuedLines.all() as Pair[]),
    ...(sql.backoffLines.all() as Pair[]),
  ]) {
    const line = { workspaceId, model, providers };
    const ours = { ...line, offered: models.has(model) ? 1 : 0, limit: wanted.limit };
    if (wanted.onlyToSettle === true) {
      put(workspaceId, sql.jobsToSettle.all(ours) as ReadyJob[]);
      continue;
    }
    if (room.in(session.slots.poolsOf({ model, provider }))) {
      put(workspaceId, sql.queuedJobs.all(ours) as ReadyJob[]);
      put(workspaceId, sql.dueJobs.all({ ...ours, now: wanted.now }) as ReadyJob[]);
    }
    // Whoever comes back to a submission needs no new slot, however full it is (P7).
    if (session.slots.poolsOf({ model, provider }).length > 0)
      put(workspaceId, sql.holdingJobs.all({ ...line, now: wanted.now }) as ReadyJob[]);
  }
  return [...found]
    .map(([workspaceId, jobs]) => ({ workspaceId, jobs: [...jobs.values()].toSorted(byPriorityAndAge), next: 0 }))
    .toSorted((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
}

interface Pair {
  readonly workspaceId: WorkspaceId;
  readonly model: string;
  readonly provider: string;
}

function byPriorityAndAge(a: ReadyJob, b: ReadyJob): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}

function inTurn(lines: readonly Line[], { last }: Rotation): readonly Line[] {
  const start = lines.findIndex(({ workspaceId }) => last === null || workspaceId > last);
  return start <= 0 ? lines : [...lines.slice(start), ...lines.slice(0, start)];
}
