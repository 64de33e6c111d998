import { loadRowsOfAsset } from "./loadRows.ts";
import { moveAsset } from "./moveAsset.ts";
import type { CancelJob, OnAsset, StoreRefusal } from "../store/people.ts";
import type { Desk } from "./Desk.ts";

/**
 * J7. A second wish while one stands changes nothing, and is answered like the first. A wish that comes late does not stop what
 * was begun after the job it was meant for.
 */
export function cancelAsset(desk: Desk, request: CancelJob): { readonly ok: true } | StoreRefusal {
  const loaded = loadRowsOfAsset(desk, request.workspaceId, request.assetId);
  if (loaded === null || loaded.rows.asset.deletedAt !== null) return { ok: false, why: "not_found" };
  if (request.jobId !== undefined && loaded.job?.id !== request.jobId) return { ok: false, why: "already_ended" };
  const decision = moveAsset(desk, loaded, { type: "cancel", at: desk.now() });
  const { job } = loaded.rows;
  const wished = job !== null && job.endedAt === null && job.cancelRequestedAt !== null;
  if (!decision.ok && !wished) return { ok: false, why: job === null ? "already_ended" : decision.why };
  return { ok: true };
}

/** A8. Deleting what is deleted already is answered like the first time. */
export function deleteAsset(desk: Desk, request: OnAsset): { readonly ok: true } | StoreRefusal {
  const loaded = loadRowsOfAsset(desk, request.workspaceId, request.assetId);
  if (loaded === null) return { ok: false, why: "not_found" };
  if (loaded.rows.asset.deletedAt !== null) return { ok: true };
  const decision = moveAsset(desk, loaded, { type: "delete", at: desk.now() });
  return decision.ok ? { ok: true } : decision;
}
