import type { Accepted, AssetId, AssetRows, EpochMs, EventRecord, WorkspaceId } from "@reelstate/lifecycle";
import type { LoadedRows } from "../rows/loadedRows.ts";
import type { AssetRecord, JobRecord } from "../rows/records.ts";
import type { Desk, Made } from "./Desk.ts";

export interface WriteOptions extends Made {
  readonly at: EpochMs;
  /** With `claim`: whose it is now. */
  readonly workerId?: string;
}

/** Writes what `advance` decided about rows that exist: job, version, asset, ledger, event, in the order of their locks. */
export function writeDecision(desk: Desk, before: LoadedRows, decision: Accepted, options: WriteOptions): void {
  const { rows } = before;
  const { next, record } = decision;
  if (before.job !== null && next.job?.id === before.job.id && next.job !== rows.job) {
    writeJob(desk, before.job, next, options.workerId);
  }
  writeVersion(desk, rows, next, options);
  writeAsset(desk, before.asset, next, options.at);
  if (record !== null)
    recordEvent(
      desk,
      { workspaceId: before.asset.workspaceId, assetId: next.asset.id, at: options.at },
      decision,
      record,
    );
}

function writeJob(desk: Desk, before: JobRecord, next: AssetRows, workerId: string | undefined): void {
  const { job, hold } = next;
  if (job === null || hold === null) return;
  desk.updateJob(before, { ...before, ...job, holdState: hold.state, workerId: workerId ?? before.workerId });
  if (before.status === "processing" && job.status !== "processing")
    desk.releaseSlots({ ...before, submission: job.submission });
  if (before.phase === "waiting_inputs" && job.phase !== "waiting_inputs") desk.forgetInputs(job.id);
}

function writeVersion(desk: Desk, rows: AssetRows, next: AssetRows, options: WriteOptions): void {
  if (next.version.id !== rows.version.id || next.version.status === rows.version.status) return;
  desk.updateVersion(next.version.id, next.version.status, options);
}

function writeAsset(desk: Desk, before: AssetRecord, next: AssetRows, at: EpochMs): void {
  if (next.asset.rowVersion === before.rowVersion) return;
  desk.updateAsset(before, { ...before, ...next.asset, jobId: next.job?.id ?? null, updatedAt: at });
}

export function recordEvent(
  desk: Desk,
  subject: { readonly workspaceId: WorkspaceId; readonly assetId: AssetId; readonly at: EpochMs },
  { next, ledger }: Accepted,
  record: EventRecord,
): void {
  const code =
    record.jobTo === "failed" || record.event === "fail" || record.event === "expire"
      ? (next.job?.errorCode ?? null)
      : null;
  desk.record({ ...record, ...subject, code }, ledger);
  desk.tell("feed");
  if (record.jobTo === "pending" || record.event === "cancel" || record.event === "delete") desk.tell("work");
}
