import type { AssetId, EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { IdempotencyKey, StoreRefusal } from "../store/people.ts";
import type { Desk, UsedKey } from "./Desk.ts";

const KEPT_MS = 24 * 3_600_000;

export type Replay = { readonly ok: true; readonly assetIds: readonly AssetId[] } | StoreRefusal;

/** What the same key was answered before, or null when this is the first time in 24 hours (C4). */
export function replayOf(desk: Desk, workspaceId: WorkspaceId, key: IdempotencyKey | null): Replay | null {
  return key === null ? null : replayed(desk.keyUsed(workspaceId, key.key), key, desk.now());
}

/** The same, of what is known of the key. */
export function replayed(found: UsedKey | undefined, key: IdempotencyKey, now: EpochMs): Replay | null {
  if (found === undefined || found.at + KEPT_MS <= now) return null;
  if (found.bodyHash !== key.bodyHash) return { ok: false, why: "idempotency_conflict" };
  return { ok: true, assetIds: found.assetIds };
}

export function rememberKey(
  desk: Desk,
  workspaceId: WorkspaceId,
  key: IdempotencyKey | null,
  assetIds: readonly AssetId[],
  at: EpochMs,
): void {
  if (key !== null) desk.rememberKey(workspaceId, key.key, { bodyHash: key.bodyHash, assetIds, at });
}
