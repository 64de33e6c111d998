import { loadRowsOfAsset } from "../loadRows.ts";
import { moveAsset } from "../moveAsset.ts";
import { readAssets } from "../reads/readAssets.ts";
import { withAsset } from "./startJob.ts";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { OnAsset, StoreOutcome } from "../../store/people.ts";
import type { Session } from "../Session.ts";

/** J7. A second wish while one stands changes nothing, and is answered like the first. */
export function cancelAsset(session: Session, request: OnAsset): StoreOutcome<{ readonly asset: Asset }> {
  const { workspaceId, assetId } = request;
  const loaded = loadRowsOfAsset(session, workspaceId, assetId);
  if (loaded === null || loaded.rows.asset.deletedAt !== null) return { ok: false, why: "not_found" };
  const decision = moveAsset(session, loaded, { type: "cancel", at: session.now() });
  const { job } = loaded.rows;
  const wished = job !== null && job.endedAt === null && job.cancelRequestedAt !== null;
  if (!decision.ok && !wished)
    return withAsset(session, request, { ok: false, why: job === null ? "already_ended" : decision.why });
  const [asset] = readAssets(session, workspaceId, [assetId]);
  return asset === undefined ? { ok: false, why: "not_found" } : { ok: true, asset };
}

/** A8. Deleting what is deleted already is answered like the first time. */
export function deleteAsset(session: Session, request: OnAsset): StoreOutcome<{ readonly assetId: AssetId }> {
  const { workspaceId, assetId } = request;
  const loaded = loadRowsOfAsset(session, workspaceId, assetId);
  if (loaded === null) return { ok: false, why: "not_found" };
  if (loaded.rows.asset.deletedAt === null) {
    const decision = moveAsset(session, loaded, { type: "delete", at: session.now() });
    if (!decision.ok) return withAsset(session, request, decision);
  }
  return { ok: true, assetId };
}
