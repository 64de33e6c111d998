import { affordable } from "./affordable.ts";
import { ASSET_EFFECTS } from "./assetEffects.ts";
import { assetTable } from "./assetTable.ts";
import { newJobRow, takeHold } from "./newJobRow.ts";
import { REFUSED } from "./refused.ts";
import type { AssetEffect } from "./assetEffects.ts";
import type { Decision } from "./decision.ts";
import type { StartEvent } from "./events.ts";
import type { AssetRows, JobRow, VersionRow } from "./rows.ts";
import type { Status } from "./status.ts";

/** Retry, regenerate, recover: a new job and hold on an asset that has none under way (J11, A3, A6, P6). */
export function startJob(rows: AssetRows, event: StartEvent): Decision {
  const leaf = assetTable().ask(rows.asset.status, rows, event);
  if (!leaf.taken) {
    if (rows.asset.deletedAt !== null) return REFUSED.deleted;
    return leaf.why === "insufficient_credits"
      ? (affordable(event.job) ?? REFUSED.insufficient_credits)
      : REFUSED[leaf.why];
  }
  const effect = ASSET_EFFECTS[leaf.effects[0] as AssetEffect];
  const job = startedJob(rows, event);
  const to = leaf.status as Status;
  return {
    ok: true,
    next: {
      asset: { ...rows.asset, ...effect(rows, event as never), status: to, rowVersion: rows.asset.rowVersion + 1 },
      version: startedVersion(rows, event),
      job,
      hold: { state: "held", amount: event.job.quote },
    },
    ledger: takeHold(event.job),
    record: {
      event: event.type,
      from: rows.asset.status,
      to,
      jobId: job.id,
      versionId: event.versionId,
      attempt: 0,
      jobFrom: null,
      jobTo: "pending",
    },
  };
}

/** A recovery inherits the paid submission, and stays recoverable if it fails again (P6). */
function startedJob(rows: AssetRows, event: StartEvent): JobRow {
  const job = newJobRow(event.job, event.versionId);
  if (event.type !== "recover" || rows.job === null) return job;
  // Its work began before it was born: its deadline runs from here, so that it ends even if nobody can claim it (J10).
  return { ...job, submission: rows.job.submission, recoverable: true, firstClaimedAt: event.at };
}

function startedVersion(rows: AssetRows, event: StartEvent): VersionRow {
  if (event.type === "regenerate") {
    return { id: event.versionId, number: event.versionNumber, status: "pending", hasMedia: false };
  }
  return { ...rows.version, status: "pending" };
}
