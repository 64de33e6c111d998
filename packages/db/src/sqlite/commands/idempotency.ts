import type { AssetId, EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { IdempotencyKey, StoreRefusal } from "../../Store.ts";
import type { Session } from "../Session.ts";

const KEPT_MS = 24 * 3_600_000;

export type Replay = { readonly ok: true; readonly assetIds: readonly AssetId[] } | StoreRefusal;

/** What the same key was answered before, or null when this is the first time in 24 hours (C4). */
export function forgetOrReplay(session: Session, workspaceId: WorkspaceId, key: IdempotencyKey | null): Replay | null {
  if (key === null) return null;
  const found = session.sql.keyUsed.get(workspaceId, key.key) as
    | { readonly bodyHash: string; readonly assetIds: string; readonly at: EpochMs }
    | undefined;
  if (found === undefined) return null;
  if (found.at + KEPT_MS <= session.now()) {
    session.sql.forgetKey.run(workspaceId, key.key);
    return null;
  }
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
