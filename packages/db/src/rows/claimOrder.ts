import type { JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { Room } from "./openRoom.ts";

/** Whose work takes slots. */
export interface Holder {
  readonly id: JobId;
  readonly provider: string;
  readonly model: string;
}

/** A job that could start now. */
export interface ReadyJob extends Holder {
  readonly workspaceId: WorkspaceId;
  readonly priority: number;
}

export interface Turn {
  /** The workspace served last: the turn begins after it. */
  readonly after: WorkspaceId | null;
  readonly limit: number;
}

/** What is free, and which slots a job would still need. */
export interface Free {
  readonly room: Room;
  readonly lacking: (job: Holder) => readonly string[];
}

/** Everything of one workspace that could start now, in its order, and how far a claim has come in it. */
interface Line {
  readonly jobs: readonly ReadyJob[];
  next: number;
}

/**
 * Which jobs a claim takes, in order: a workspace's turn is one job, and the next claim begins after the workspace that was
 * served last. A job whose provider or model has no slot left is passed over, so that it keeps nobody waiting behind it.
 */
export function claimOrder(ready: readonly ReadyJob[], free: Free, turn: Turn): readonly ReadyJob[] {
  const lines = inTurn(ready, turn);
  const taken: ReadyJob[] = [];
  for (let served = true; served && taken.length < turn.limit;) {
    served = false;
    for (const line of lines) {
      if (taken.length >= turn.limit) break;
      const job = nextOf(line, free);
      if (job === null) continue;
      taken.push(job);
      served = true;
    }
  }
  return taken;
}

/** The first of the line that has slots already, or finds some. */
function nextOf(line: Line, { room, lacking }: Free): ReadyJob | null {
  for (; line.next < line.jobs.length; line.next += 1) {
    const job = line.jobs[line.next];
    if (job === undefined) break;
    const pools = lacking(job);
    if (!room.in(pools)) continue;
    room.take(pools);
    line.next += 1;
    return job;
  }
  return null;
}

/** A line for each workspace, in the order in which they are served; the same job, found in two ways, stands in it once. */
function inTurn(ready: readonly ReadyJob[], { after }: Turn): readonly Line[] {
  const found = new Map<WorkspaceId, Map<JobId, ReadyJob>>();
  for (const job of ready) {
    const jobs = found.get(job.workspaceId) ?? new Map<JobId, ReadyJob>();
    found.set(job.workspaceId, jobs.set(job.id, job));
  }
  const order = [...found.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const start = order.findIndex((workspaceId) => after === null || workspaceId > after);
  const turned = start <= 0 ? order : [...order.slice(start), ...order.slice(0, start)];
  return turned.map((workspaceId) => ({
    jobs: [...(found.get(workspaceId)?.values() ?? [])].toSorted(byPriorityAndAge),
    next: 0,
  }));
}

function byPriorityAndAge(a: ReadyJob, b: ReadyJob): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}
