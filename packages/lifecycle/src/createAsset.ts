import { affordable } from "./affordable.ts";
import { newJobRow, takeHold } from "./newJobRow.ts";
import type { Decision } from "./decision.ts";
import type { CreateEvent } from "./events.ts";

/** Asset, version, job and hold are born together (A1, J1, C1); the first version is current from birth (A3). */
export function createAsset(event: CreateEvent): Decision {
  const short = affordable(event.job);
  if (short !== null) return short;
  const job = newJobRow(event.job, event.versionId);
  return {
    ok: true,
    next: {
      asset: {
        id: event.assetId,
        origin: "generated",
        status: "pending",
        currentVersionId: event.versionId,
        errorCode: null,
        errorMessage: null,
        rowVersion: 1,
        deletedAt: null,
      },
      version: { id: event.versionId, number: 1, status: "pending", hasMedia: false },
      job,
      hold: { state: "held", amount: event.job.quote },
    },
    ledger: takeHold(event.job),
    record: {
      event: "create",
      from: null,
      to: "pending",
      jobId: job.id,
      versionId: event.versionId,
      attempt: 0,
      jobFrom: null,
      jobTo: "pending",
    },
  };
}
