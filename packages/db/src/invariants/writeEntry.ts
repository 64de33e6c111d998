import { rows } from "./Mending.ts";
import type { AssetId, EpochMs, JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { CreditEntry } from "../store/views.ts";
import type { Mending } from "./Mending.ts";

export interface MissingEntry {
  readonly workspaceId: WorkspaceId;
  readonly at: EpochMs;
  readonly kind: CreditEntry["kind"];
  readonly balance: number;
  readonly held: number;
  readonly jobId: JobId;
  readonly assetId: AssetId | null;
}

/** A line that the ledger lacks. */
export function* writeEntry(entry: MissingEntry): Mending<void> {
  const { workspaceId, at, kind, balance, held, jobId, assetId } = entry;
  yield* rows(
    `INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    workspaceId,
    at,
    kind,
    balance,
    held,
    jobId,
    assetId,
  );
}
