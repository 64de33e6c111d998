import { ASSET_EFFECTS } from "./assetEffects.ts";
import { assetTable } from "./assetTable.ts";
import { endHold } from "./endHold.ts";
import { JOB_EFFECTS } from "./jobEffects.ts";
import { jobTable } from "./jobTable.ts";
import { REFUSED } from "./refused.ts";
import type { AssetEffect } from "./assetEffects.ts";
import type { FollowEvent } from "./assetGuards.ts";
import type { Taken } from "./compileTable.ts";
import type { Decision } from "./decision.ts";
import type { LifecycleEventType } from "./events.ts";
import type { JobEffect } from "./jobEffects.ts";
import type { JobEvent } from "./jobEvents.ts";
import type { AssetRow, AssetRows, JobRow } from "./rows.ts";
import type { Phase, Status } from "./status.ts";

/** Something happened to the job: its row, and version, asset and hold after it, in one step (A2, C2). */
export function moveJob(rows: AssetRows, event: JobEvent): Decision {
  const { job } = rows;
  if (job === null) return REFUSED.already_ended;
  const leaf = jobTable().ask(job.phase ?? job.status, job, event);
  if (!leaf.taken) return REFUSED[leaf.why];
  const moved = movedJob(job, leaf, event);
  if (event.type === "progress") {
    return {
      ok: true,
      next: { asset: rows.asset, version: rows.version, job: moved, hold: rows.hold },
      ledger: null,
      record: null,
    };
  }
  return followJob(rows, job, moved, leaf, event.type);
}

/** The job's row after a transition that its table took. */
export function movedJob(job: JobRow, leaf: Taken, event: JobEvent): JobRow {
  const patch = JOB_EFFECTS[leaf.effects[0] as JobEffect](job, event as never);
  return {
    ...job,
    ...patch,
    status: leaf.status as Status,
    phase: leaf.place === leaf.status ? null : (leaf.place as Phase),
  };
}

/** Version, asset and hold after a job that moved. */
export function followJob(
  rows: AssetRows,
  before: JobRow,
  moved: JobRow,
  leaf: Taken,
  event: LifecycleEventType,
): Extract<Decision, { ok: true }> {
  const ending =
    leaf.effects.length > 1
      ? endHold(rows.hold, moved, leaf.effects[1] === "captureHold" ? "capture" : "release")
      : null;
  const asset = followedAsset(rows, moved);
  return {
    ok: true,
    next: {
      asset,
      version: {
        id: rows.version.id,
        number: rows.version.number,
        status: moved.status,
        hasMedia: rows.version.hasMedia || moved.status === "completed",
      },
      job: moved,
      hold: ending === null ? rows.hold : ending.hold,
    },
    ledger: ending === null ? null : ending.ledger,
    record: {
      event,
      from: rows.asset.status,
      to: asset.status,
      jobId: moved.id,
      versionId: moved.versionId,
      attempt: moved.attempt,
      jobFrom: before.status,
      jobTo: moved.status,
    },
  };
}

const FOLLOW: Readonly<Record<Status, FollowEvent["type"]>> = {
  pending: "job_pending",
  processing: "job_processing",
  completed: "job_completed",
  failed: "job_failed",
  cancelled: "job_cancelled",
};

function followedAsset(rows: AssetRows, job: JobRow): AssetRow {
  const event: FollowEvent = { type: FOLLOW[job.status], job };
  const leaf = assetTable().ask(rows.asset.status, rows, event);
  if (!leaf.taken) {
    throw new Error(
      `An asset that is ${rows.asset.status} cannot follow its job to ${job.status}: the rows contradict each other.`,
    );
  }
  const patch = ASSET_EFFECTS[leaf.effects[0] as AssetEffect](rows, event as never);
  return { ...rows.asset, ...patch, status: leaf.status as Status, rowVersion: rows.asset.rowVersion + 1 };
}
