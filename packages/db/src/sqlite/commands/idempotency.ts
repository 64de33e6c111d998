import { readAssets } from "../reads/readAssets.ts";
import type { Asset, AssetId, EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { IdempotencyKey, StoreOutcome, StoreRefusal } from "../../store/people.ts";
import type { Session } from "../Session.ts";

const KEPT_MS = 24 * 3_600_000;

export type Replay = { readonly ok: true; readonly assetIds: readonly AssetId[] } | StoreRefusal;

/** What the same key was answered before, or null when this is the first time in 24 hours (C4). */
export function replayOf(session: Session, workspaceId: WorkspaceId, key: IdempotencyKey | null): Replay | null {
  if (key === null) return null;
  const found = session.sql.keyUsed.get(workspaceId, key.key) as
    | { readonly bodyHash: string; readonly assetIds: string; readonly at: EpochMs }
    | undefined;
  if (found === undefined || found.at + KEPT_MS <= session.now()) return null;
  if (found.bodyHash !== key.bodyHash) return { ok: false, why: "idempotency_conflict" };
  return { ok: true, assetIds: JSON.parse(found.assetIds) as readonly AssetId[] };
}

export function rememberKey(
  session: Session,
  workspaceId: WorkspaceId,
  key: IdempotencyKey | null,
  assetIds: readonly AssetId[],
  at: EpochMs,
): void {
  if (key !== null) session.sql.rememberKey.run({ ...key, workspaceId, assetIds: JSON.stringify(assetIds), at });
}

/** The assets that a request with this key made before, as they are now; asked before a request is judged anew (C4). */
export function answeredBefore(
  session: Session,
  { workspaceId, idempotency }: { readonly workspaceId: WorkspaceId; readonly idempotency: IdempotencyKey },
): StoreOutcome<{ readonly assets: readonly Asset[] }> | null {
  const replay = replayOf(session, workspaceId, idempotency);
  if (replay === null || !replay.ok) return replay;
  return { ok: true, assets: readAssets(session, workspaceId, replay.assetIds) };
}
