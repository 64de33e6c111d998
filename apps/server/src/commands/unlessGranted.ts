import { outside } from "./refusals.ts";
import type { Caller, Outcome, Refusal } from "@reelstate/api";
import type { IdempotencyKey } from "@reelstate/db";
import type { Asset } from "@reelstate/lifecycle";
import type { CommandDeps } from "./CommandDeps.ts";

interface Asked {
  readonly caller: Caller;
  readonly idempotency: IdempotencyKey | null;
}

/**
 * A refusal of a request stands unless the same one was granted before: a reference that has failed since, or a new price,
 * does not change what was answered (C4). Asked after it was judged, so that a twin that was granted meanwhile counts too.
 */
export async function unlessGranted(
  { store }: CommandDeps,
  { caller, idempotency }: Asked,
  refusal: Refusal,
): Promise<Outcome<readonly Asset[]>> {
  if (idempotency === null) return refusal;
  const answered = await store.answeredBefore({ workspaceId: caller.workspaceId, idempotency });
  if (answered === null) return refusal;
  return answered.ok ? { ok: true, value: answered.assets } : outside(answered);
}
