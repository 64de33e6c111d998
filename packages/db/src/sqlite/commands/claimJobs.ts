import { claimJob } from "../../commands/claimJob.ts";
import { claimOrder } from "../../rows/claimOrder.ts";
import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { ReadyJob } from "../../rows/claimOrder.ts";
import type { Room } from "../../rows/openRoom.ts";
import type { Claim, ClaimedJob } from "../../store/attempts.ts";
import type { QueuedLine } from "../../rows/startsIn.ts";
import { about } from "../contradictions.ts";
import type { Session } from "../Session.ts";

/** Whose turn it is: the workspace served last, so that the next claim begins after it. */
export interface Rotation {
  last: WorkspaceId | null;
}

/**
 * Takes claimable jobs, one workspace after the other, priority and age inside one, each with the slots it works in (J2, P7).
 */
export function claimJobs(session: Session, rotation: Rotation, request: Claim): readonly ClaimedJob[] {
  const at = session.now();
  const { leaseMs, workerId, limit } = request;
  const room = session.slots.room();
  const { aside } = session;
  const found = readyJobs(session, room, { ...request, limit: limit + aside.size(), now: at });
  const ready = found.filter(({ id }) => !aside.has(id));
  const free = { room, lacking: session.slots.lacking };
  const claimed: ClaimedJob[] = [];
  let { last } = rotation;
  for (const job of claimOrder(ready, free, { after: last, limit })) {
    last = job.workspaceId;
    const taken = about({ kind: "job", id: job.id }, () => claimWithSlots(session, job, { leaseMs, workerId, at }));
    if (taken !== null) claimed.push(taken);
  }
  rotation.last = last;
  return claimed;
}

function claimWithSlots(
  { desk, slots }: Session,
  job: ReadyJob,
  how: Pick<Claim, "workerId" | "leaseMs"> & { readonly at: EpochMs },
): ClaimedJob | null {
  const taken = claimJob(desk, job.id, how);
  if (taken !== null) slots.take(job);
  return taken;
}

function readyJobs(
  { sql, slots }: Session,
  room: Room,
  wanted: Omit<Claim, "workerId" | "leaseMs"> & { readonly now: EpochMs },
): readonly ReadyJob[] {
  const { now, limit } = wanted;
  const models = new Set(wanted.models);
  const providers = JSON.stringify(wanted.providers);
  const ready: ReadyJob[] = [];
  for (const { workspaceId, model, provider } of [
    ...(sql.queuedLines.all() as QueuedLine[]),
    ...(sql.backoffLines.all() as QueuedLine[]),
  ]) {
    const line = { workspaceId, model, providers };
    const ours = { ...line, offered: models.has(model) ? 1 : 0, limit };
    if (wanted.onlyToSettle === true) {
      ready.push(...(sql.jobsToSettle.all(ours) as ReadyJob[]));
      continue;
    }
    const pools = slots.poolsOf({ model, provider });
    if (room.in(pools)) {
      ready.push(...(sql.queuedJobs.all(ours) as ReadyJob[]));
      ready.push(...(sql.dueJobs.all({ ...ours, now }) as ReadyJob[]));
    }
    // Whoever comes back to a submission needs no new slot, however full it is (P7).
    if (pools.length > 0) ready.push(...(sql.holdingJobs.all({ ...line, now }) as ReadyJob[]));
  }
  return ready;
}
