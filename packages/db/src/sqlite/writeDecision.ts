import type { Accepted, AssetId, AssetRows, EpochMs, EventRecord, WorkspaceId } from "@reelstate/lifecycle";
import type { LoadedRows } from "../rows/loadedRows.ts";
import type { AssetRecord, JobRecord } from "../rows/records.ts";
import type { Session } from "./Session.ts";
import type { StoredMedia } from "../store/keeping.ts";

/** Another write came between reading and writing; inside one synchronous transaction that is a bug. */
class RowMoved extends Error {
  override readonly name = "RowMoved";
}

export interface WriteOptions {
  readonly at: EpochMs;
  /** With `complete`: the version's media. */
  readonly media?: StoredMedia;
  /** With `claim`: whose it is now. */
  readonly workerId?: string;
}

/** Writes what `advance` decided about rows that exist: job, version, asset, ledger, event, in the order of their locks. */
export function writeDecision(session: Session, before: LoadedRows, decision: Accepted, options: WriteOptions): void {
  const { rows } = before;
  const { next, record } = decision;
  if (before.job !== null && next.job?.id === before.job.id && next.job !== rows.job) {
    writeJob(session, before.job, next, options.workerId);
  }
  writeVersion(session, rows, next, options);
  writeAsset(session, before.asset, next, options.at);
  if (record !== null)
    recordEvent(
      session,
      { workspaceId: before.asset.workspaceId, assetId: next.asset.id, at: options.at },
      decision,
      record,
    );
}

function writeJob(session: Session, before: JobRecord, next: AssetRows, workerId: string | undefined): void {
  const { job, hold } = next;
  if (job === null || hold === null) return;
  const after = { ...job, holdState: hold.state, workerId: workerId ?? before.workerId };
  const written = session.sql.updateJob(before, after, [job.id, before.status, before.attempt, before.leaseUntil]);
  if (written !== 1) throw new RowMoved(`job ${job.id} is no longer ${before.status}, attempt ${before.attempt}`);
  if (before.status === "processing" && job.status !== "processing")
    session.changed.work = session.slots.release({ ...before, submission: job.submission }) || session.changed.work;
  if (before.phase === "waiting_inputs" && job.phase !== "waiting_inputs") session.sql.forgetInputs.run(job.id);
}

function writeVersion(session: Session, rows: AssetRows, next: AssetRows, options: WriteOptions): void {
  if (next.version.id !== rows.version.id || next.version.status === rows.version.status) return;
  if (options.media !== undefined) session.sql.completeVersion.run({ ...options.media, id: next.version.id });
  else session.sql.updateVersion.run(next.version.status, next.version.id);
}

function writeAsset(session: Session, before: AssetRecord, next: AssetRows, at: EpochMs): void {
  if (next.asset.rowVersion === before.rowVersion) return;
  const { id, rowVersion } = before;
  const after = { ...next.asset, jobId: next.job?.id ?? null, updatedAt: at };
  const written = session.sql.updateAsset(before, after, [id, rowVersion]);
  if (written !== 1) throw new RowMoved(`asset ${id} is no longer at row version ${rowVersion}`);
}

/** The ledger entry and the event, numbered by their workspace's row, which is written last (E1, C3). */
export function recordEvent(
  session: Session,
  subject: { readonly workspaceId: WorkspaceId; readonly assetId: AssetId; readonly at: EpochMs },
  decision: Accepted,
  record: EventRecord,
): void {
  const { workspaceId, assetId, at } = subject;
  const { ledger, next } = decision;
  const { event, from, to, jobId, versionId, attempt, jobFrom, jobTo } = record;
  const seq = session.sql.countOnWorkspace.get(ledger?.balance ?? 0, ledger?.held ?? 0, workspaceId);
  if (seq === undefined) throw new Error(`There is no workspace ${workspaceId}.`);
  if (ledger !== null) session.sql.insertEntry.run({ ...ledger, workspaceId, assetId, at });
  const code =
    record.jobTo === "failed" || record.event === "fail" || record.event === "expire"
      ? (next.job?.errorCode ?? null)
      : null;
  session.sql.insertEvent.run({
    event,
    from,
    to,
    jobId,
    versionId,
    attempt,
    jobFrom,
    jobTo,
    workspaceId,
    assetId,
    at,
    seq,
    code,
  });
  session.changed.feed = true;
  if (record.jobTo === "pending" || record.event === "cancel" || record.event === "delete") session.changed.work = true;
}
