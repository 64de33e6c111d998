import { newJobContext } from "./newJobContext.ts";
import type { LedgerEntry } from "./decision.ts";
import type { NewJob } from "./events.ts";
import type { JobRow } from "./rows.ts";
import type { Credits, VersionId } from "./units.ts";

/** A job is born pending, attempt 0 (J1); with inputs still being made it waits for them. */
export function newJobRow(job: NewJob, versionId: VersionId): JobRow {
  return {
    ...newJobContext(job, versionId),
    status: "pending",
    phase: job.inputs === "ready" ? "queued" : "waiting_inputs",
  };
}

/** Sets the quote aside. What costs nothing has a hold of nothing and leaves no line in the ledger. */
export function takeHold(job: NewJob): LedgerEntry | null {
  if (job.quote === 0) return null;
  return { kind: "hold", jobId: job.id, balance: 0 as Credits, held: job.quote };
}
