import { replayed } from "../../commands/idempotency.ts";
import { readAssets } from "./readAssets.ts";
import type { EpochMs } from "@reelstate/lifecycle";
import type { UsedKey } from "../../commands/Desk.ts";
import type { Store } from "../../Store.ts";
import type { Connection } from "../Connection.ts";
import type { Reader } from "./Reader.ts";

/** The assets that a request with this key made before, as they are now; asked before a request is judged anew (C4). */
export async function answeredBefore(
  reader: Reader,
  connection: Connection,
  { workspaceId, idempotency }: Parameters<Store["answeredBefore"]>[0],
): ReturnType<Store["answeredBefore"]> {
  const [found] = await connection.rows<UsedKey & { readonly now: EpochMs }>(
    `SELECT body_hash AS "bodyHash", asset_ids AS "assetIds", at, ${reader.clock()} AS now
     FROM idempotency WHERE workspace_id = $1 AND key = $2`,
    workspaceId,
    idempotency.key,
  );
  if (found === undefined) return null;
  const replay = replayed(found, idempotency, found.now);
  if (replay === null || !replay.ok) return replay;
  return { ok: true, assets: await readAssets(reader, connection, { workspaceId, ids: replay.assetIds }) };
}
