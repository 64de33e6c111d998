import { durationMs } from "@reelstate/lifecycle";
import { loadRowsOfJob } from "../../commands/loadRows.ts";
import { moveAsset, recheckInputs } from "../../commands/moveAsset.ts";
import { sweepJob } from "../../commands/sweepJob.ts";
import type { EventRecord, AssetId, JobId } from "@reelstate/lifecycle";
import type { Moved } from "../../commands/moveAsset.ts";
import type { Swept } from "../../commands/sweepJob.ts";
import type { Sweep, SweepReport } from "../../store/attempts.ts";
import { about } from "../contradictions.ts";
import type { Session } from "../Session.ts";

/** Finds what nobody else will tell: leases and deadlines that have passed, and waiting jobs whose inputs have ended. */
export function sweep(session: Session, request: Sweep): SweepReport {
  const { desk, sql, aside } = session;
  const at = desk.now();
  const { drawBackoff } = request;
  const limit = request.limit + aside.size();
  const transitions: (EventRecord & { readonly assetId: AssetId })[] = [];
  const moved: Moved = (loaded, { record }) => {
    if (record !== null) transitions.push({ ...record, assetId: loaded.rows.asset.id });
  };
  const notAside = (ids: readonly unknown[]): readonly JobId[] => (ids as JobId[]).filter((id) => !aside.has(id));
  const send = (ids: readonly unknown[], found: Swept): number =>
    notAside(ids).filter((jobId) =>
      about({ kind: "job", id: jobId }, () => sweepJob(desk, { jobId, found }, { drawBackoff, moved })),
    ).length;

  const expired =
    send(sql.overdueJobs.all({ now: at, limit }), "job_overdue") +
    send(sql.overdueAttempts.all({ now: at, limit }), "attempt_overdue");
  const lost = send(sql.lostLeases.all({ now: at, limit }), "lease_over");
  let rejected = send(nobodys(session, request, limit), "nobodys");
  let released = 0;
  for (const jobId of notAside(sql.waitingJobs.all({ limit }))) {
    const decision = about({ kind: "job", id: jobId }, () => recheckInputs(desk, jobId, at, moved));
    if (decision?.ok !== true) continue;
    if (decision.record?.jobTo === "pending") released += 1;
    else rejected += 1;
  }
  if (session.slots.letGo(at)) desk.tell("work");
  return { lost, expired, released, rejected, transitions };
}

/** What nobody works on any more, by the settings as they are. */
function nobodys(
  { sql }: Session,
  { models, providers, awaited = [], settings }: Sweep,
  limit: number,
): readonly unknown[] {
  if (settings !== undefined && settings !== Number(sql.settingsRevision.get())) return [];
  return sql.unofferedJobs.all({
    models: JSON.stringify(models),
    providers: JSON.stringify([...providers, ...awaited]),
    awaited: JSON.stringify(awaited),
    limit,
  });
}

/** The owner of the database knows that whoever held these leases is gone: they end now, and the work goes on at once. */
export function takeBackPredecessors({ desk, sql, aside }: Session): SweepReport {
  const at = desk.now();
  const transitions: (EventRecord & { readonly assetId: AssetId })[] = [];
  let lost = 0;
  const moved: Moved = (loaded, { record }) => {
    if (record !== null) transitions.push({ ...record, assetId: loaded.rows.asset.id });
  };
  const takeBack = (jobId: JobId): boolean => {
    const loaded = loadRowsOfJob(desk, jobId);
    const job = loaded?.rows.job;
    if (loaded === null || job === null || job === undefined) return false;
    const over = { ...loaded, rows: { ...loaded.rows, job: { ...job, leaseUntil: at } } };
    return moveAsset(desk, over, { type: "lose", at, attempt: job.attempt, backoffMs: durationMs(0) }, { moved }).ok;
  };
  for (const jobId of sql.processingJobs.all() as JobId[]) {
    if (aside.has(jobId)) continue;
    if (about({ kind: "job", id: jobId }, () => takeBack(jobId))) lost += 1;
  }
  return { lost, expired: 0, released: 0, rejected: 0, transitions };
}
