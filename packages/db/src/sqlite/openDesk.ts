import { RowMoved } from "../commands/Desk.ts";
import { capturedAt } from "../rows/capturedAt.ts";
import type { AssetId, EpochMs, JobId, Status } from "@reelstate/lifecycle";
import type { Desk } from "../commands/Desk.ts";
import type { WorkspaceCredits } from "../store/views.ts";
import type { OpenSubmission } from "../store/submissions.ts";
import type { VersionRecord } from "../rows/records.ts";
import type { Session } from "./Session.ts";

/** Every row is asked for when it is needed, and written at once: nothing comes between, inside one synchronous transaction. */
export function openDesk(session: Omit<Session, "desk">): Desk {
  const { sql, row, slots, changed } = session;

  return {
    now: session.now,
    ...row,
    credit: (workspaceId) => sql.credit.get(workspaceId) as WorkspaceCredits | undefined,
    firstProject: session.firstProject,
    isProject: (workspaceId, projectId) => sql.isProject.get(projectId, workspaceId) !== undefined,
    lastNumber: (assetId) => Number(sql.lastNumber.get(assetId)),
    dependantsOf: (versionId) => sql.dependantsOf.all(versionId) as JobId[],
    waitsFor: (jobId) => sql.waitsFor.all(jobId) as Status[],
    keyUsed: (workspaceId, key) => {
      const found = sql.keyUsed.get(workspaceId, key) as
        | { readonly bodyHash: string; readonly assetIds: string; readonly at: EpochMs }
        | undefined;
      return found && { ...found, assetIds: JSON.parse(found.assetIds) as readonly AssetId[] };
    },
    aliveSubmission: (jobId) => sql.aliveSubmission.get(jobId) as OpenSubmission | undefined,

    insertAsset: (asset) => void sql.insertAsset.run(asset),
    insertVersion: (version) => void sql.insertVersion.run(written(version)),
    insertJob: (job) => void sql.insertJob.run({ ...job, recoverable: Number(job.recoverable) }),
    updateJob: (before, after) => {
      const { id, status, attempt, leaseUntil } = before;
      if (sql.updateJob(before, after, [id, status, attempt, leaseUntil]) !== 1)
        throw new RowMoved(`job ${id} is no longer ${status}, attempt ${attempt}`);
    },
    noteOnJob: ({ id, ...before }, note) => {
      if (note.submission !== undefined && note.submission !== before.submission)
        sql.setJobSubmission.run(note.submission, id);
      if (note.recoverable !== undefined && note.recoverable !== before.recoverable)
        sql.setJobRecoverable.run(Number(note.recoverable), id);
      if (note.errorCode !== undefined && note.errorMessage !== undefined)
        sql.setJobError.run(note.errorCode, note.errorMessage, id);
      if (note.errorDetail !== undefined) sql.setErrorDetail.run(note.errorDetail, id);
    },
    writeProgress: ({ id, attempt }, progress) => {
      if (sql.updateProgress.run({ id, attempt, ...progress }).changes !== 1)
        throw new RowMoved(`job ${id} is no longer at attempt ${attempt}`);
    },
    updateVersion: (id, status, { media, cost }) => {
      if (media !== undefined) sql.completeVersion.run({ ...media, id });
      else sql.updateVersion.run(status, id);
      if (cost !== undefined) sql.addCost.run(cost.usdMicros, cost.basis, id);
    },
    updateAsset: (before, after) => {
      const { id, rowVersion } = before;
      if (sql.updateAsset(before, after, [id, rowVersion]) !== 1)
        throw new RowMoved(`asset ${id} is no longer at row version ${rowVersion}`);
    },
    insertJobInput: (versionId, jobId) => void sql.insertJobInput.run(versionId, jobId),
    forgetInputs: (jobId) => void sql.forgetInputs.run(jobId),

    insertSubmission: (submission) => void sql.insertSubmission.run(submission),
    intendAgain: (again) => sql.intendAgain.run(again).changes === 1,
    openSubmission: (opened) =>
      sql.openSubmission.get(opened) as { readonly jobId: JobId; readonly state: "open" | "ended" } | undefined,
    endSubmission: (ended) => sql.endSubmission.get(ended) as JobId | undefined,
    endSubmissionsOfJob: (ended) => void sql.endSubmissionsOfJob.run(ended),
    inheritSubmission: (heirs) => void sql.inheritSubmission.run(heirs),

    releaseSlots: (job) => {
      if (slots.release(job)) changed.work = true;
    },
    freeSlots: (jobId) => {
      if (slots.free(jobId)) changed.work = true;
    },
    inheritSlots: slots.inherit,

    rememberKey: (workspaceId, key, used) =>
      void sql.rememberKey.run({ ...used, workspaceId, key, assetIds: JSON.stringify(used.assetIds) }),
    record: (event, ledger) => {
      const { workspaceId, assetId, at } = event;
      const counted =
        ledger?.kind === "capture"
          ? sql.countCapture.run({ ...ledger, ...capturedAt(ledger, at), workspaceId })
          : sql.countOnWorkspace.run(ledger?.held ?? 0, workspaceId);
      if (counted.changes !== 1) throw new Error(`There is no workspace ${workspaceId}.`);
      if (ledger !== null) sql.insertEntry.run({ ...ledger, workspaceId, assetId, at });
      sql.insertEvent.run(event);
    },
    tell: (what) => {
      changed[what] = true;
    },
  };
}

function written(version: VersionRecord): Readonly<Record<string, unknown>> {
  return { ...version, params: JSON.stringify(version.params), inputs: JSON.stringify(version.inputs) };
}
