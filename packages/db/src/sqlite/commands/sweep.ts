import { durationMs } from "@reelstate/lifecycle";
import { loadRowsOfJob } from "../loadRows.ts";
import { moveAsset, recheckInputs } from "../moveAsset.ts";
import type { AssetId, DurationMs, ErrorCode, EventRecord, JobId, LifecycleEvent } from "@reelstate/lifecycle";
import type { Sweep, SweepReport } from "../../store/attempts.ts";
import type { LoadedRows } from "../loadRows.ts";
import type { Moved } from "../moveAsset.ts";
import type { JobRecord } from "../rowStatements.ts";
import type { Session } from "../Session.ts";

/** Finds what nobody else will tell: leases and deadlines that have passed, and waiting jobs whose inputs have ended. */
export function sweep(session: Session, request: Sweep): SweepReport {
  const at = session.now();
  const { limit, drawBackoff } = request;
  const transitions: (EventRecord & { readonly assetId: AssetId })[] = [];
  const moved: Moved = (loaded, { record }) => {
    if (record !== null) transitions.push({ ...record, assetId: loaded.rows.asset.id });
  };
  const send = (ids: readonly unknown[], eventOf: (loaded: LoadedRows) => LifecycleEvent | null): number => {
    let taken = 0;
    for (const id of ids as readonly JobId[]) {
      const loaded = loadRowsOfJob(session, id);
      const event = loaded === null ? null : eventOf(loaded);
      if (loaded !== null && event !== null && moveAsset(session, loaded, event, { moved }).ok) taken += 1;
    }
    return taken;
  };

  const overdue = session.sql.overdueJobs.all({ now: at, limit });
  const expired =
    send(overdue, ({ rows }) => expiry(rows.job, at, "job", drawBackoff)) +
    send(session.sql.overdueAttempts.all({ now: at, limit }), ({ rows }) =>
      expiry(rows.job, at, "attempt", drawBackoff),
    );
  const lost = send(session.sql.lostLeases.all({ now: at, limit }), ({ rows: { job } }) =>
    job === null ? null : { type: "lose", at, attempt: job.attempt, backoffMs: drawBackoff(job.losses + 1) },
  );
  const [models, providers] = [JSON.stringify(request.models), JSON.stringify(request.providers)];
  let rejected = send(session.sql.unofferedJobs.all({ models, providers, limit }), ({ job }) =>
    job === null ? null : { type: "reject", at, ...nobodys(job) },
  );
  let released = 0;
  for (const jobId of session.sql.waitingJobs.all({ limit }) as JobId[]) {
    const decision = recheckInputs(session, jobId, at, moved);
    if (decision?.ok !== true) continue;
    if (decision.record?.jobTo === "pending") released += 1;
    else rejected += 1;
  }
  if (session.slots.letGo(at)) session.changed.work = true;
  return { lost, expired, released, rejected, transitions };
}

function nobodys({ submission, model, provider }: JobRecord): { readonly code: ErrorCode; readonly message: string } {
  if (submission === "intended" || submission === "open") {
    const message = `The provider ${provider}, which was asked to make this, is no longer connected here.`;
    return { code: "provider_unavailable", message };
  }
  return { code: "invalid_input", message: `The model ${model} is no longer offered here. Choose another one.` };
}

function expiry(
  job: LoadedRows["rows"]["job"],
  at: ReturnType<Session["now"]>,
  scope: "attempt" | "job",
  drawBackoff: (tries: number) => DurationMs,
): LifecycleEvent | null {
  if (job === null) return null;
  return { type: "expire", at, attempt: job.attempt, scope, backoffMs: drawBackoff(job.failures + 1) };
}

/** The owner of the database knows that whoever held these leases is gone: they end now, and the work goes on at once. */
export function takeBackPredecessors(session: Session): SweepReport {
  const at = session.now();
  const transitions: (EventRecord & { readonly assetId: AssetId })[] = [];
  let lost = 0;
  for (const jobId of session.sql.processingJobs.all() as JobId[]) {
    const loaded = loadRowsOfJob(session, jobId);
    const job = loaded?.rows.job;
    if (loaded === null || job === null || job === undefined) continue;
    const over = { ...loaded, rows: { ...loaded.rows, job: { ...job, leaseUntil: at } } };
    const moved: Moved = (_loaded, { record }) => {
      if (record !== null) transitions.push({ ...record, assetId: loaded.rows.asset.id });
    };
    if (moveAsset(session, over, { type: "lose", at, attempt: job.attempt, backoffMs: durationMs(0) }, { moved }).ok)
      lost += 1;
  }
  return { lost, expired: 0, released: 0, rejected: 0, transitions };
}
