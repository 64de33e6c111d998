import { addUpload } from "../../commands/addUpload.ts";
import { createAssets } from "../../commands/createAssets.ts";
import { deleteAsset } from "../../commands/endByPerson.ts";
import { replayOf } from "../../commands/idempotency.ts";
import { toAsset } from "../../rows/toAsset.ts";
import { jobFacts } from "../reads/jobFacts.ts";
import { readAssets } from "../reads/readAssets.ts";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { Desk } from "../../commands/Desk.ts";
import type { AssetParts } from "../../rows/toAsset.ts";
import type { Store } from "../../Store.ts";
import type { AddUpload, CreateAssets, OnAsset, StoreOutcome, StoreRefusal } from "../../store/people.ts";
import type { Session } from "../Session.ts";

/*
 * Commands decide and write; these say what came of it as people see it, in the same transaction.
 */

type Assets = StoreOutcome<{ readonly assets: readonly Asset[] }>;

export function createAndAnswer(session: Session, request: CreateAssets): Assets {
  const outcome = createAssets(session.desk, request);
  if (!outcome.ok) return outcome;
  if ("before" in outcome) return { ok: true, assets: readAssets(session, request.workspaceId, outcome.before) };
  return { ok: true, assets: outcome.made.map((parts) => asRead(session, parts)) };
}

export function uploadAndAnswer(session: Session, upload: AddUpload): Asset {
  return asRead(session, addUpload(session.desk, upload));
}

/** The assets that a request with this key made before, as they are now; asked before one is judged anew (C4). */
export function answeredBefore(
  session: Session,
  { workspaceId, idempotency }: Parameters<Store["answeredBefore"]>[0],
): Assets | null {
  const replay = replayOf(session.desk, workspaceId, idempotency);
  if (replay === null || !replay.ok) return replay;
  return { ok: true, assets: readAssets(session, workspaceId, replay.assetIds) };
}

export function deleteAndAnswer(session: Session, request: OnAsset): StoreOutcome<{ readonly assetId: AssetId }> {
  const outcome = deleteAsset(session.desk, request);
  return outcome.ok ? { ok: true, assetId: request.assetId } : refusedWithAsset(session, request, outcome);
}

/** A command on one asset, answered with the asset as it is then, refused or not. */
export function onAsset<Q extends OnAsset>(command: (desk: Desk, request: Q) => { readonly ok: true } | StoreRefusal) {
  return (session: Session, request: Q): StoreOutcome<{ readonly asset: Asset }> => {
    const outcome = command(session.desk, request);
    if (!outcome.ok) return refusedWithAsset(session, request, outcome);
    const [asset] = readAssets(session, request.workspaceId, [request.assetId]);
    return asset === undefined ? { ok: false, why: "not_found" } : { ok: true, asset };
  };
}

function refusedWithAsset(session: Session, { workspaceId, assetId }: OnAsset, refusal: StoreRefusal): StoreRefusal {
  const [asset] = readAssets(session, workspaceId, [assetId]);
  return asset === undefined ? refusal : { ...refusal, asset };
}

/** An asset that was just written, as reading it back would show it. */
function asRead(session: Session, parts: AssetParts): Asset {
  return toAsset(session, parts, jobFacts(session, parts.job));
}
