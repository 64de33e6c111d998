import { toAsset } from "../../rows/toAsset.ts";
import { assetParts, SELECT_ASSETS } from "./assetParts.ts";
import { jobFacts } from "./jobFacts.ts";
import type { Asset, AssetId, WorkspaceId } from "@reelstate/lifecycle";
import type { AssetParts } from "../../rows/toAsset.ts";
import type { Connection } from "../Connection.ts";
import type { AssetRow } from "./assetParts.ts";
import type { Reader } from "./Reader.ts";

const BY_IDS = `${SELECT_ASSETS} WHERE a.id = ANY ($1) AND a.workspace_id = $2 AND a.deleted_at IS NULL`;

/** In the order asked for; deleted and unknown ones are left out. */
export async function readAssets(
  reader: Reader,
  connection: Connection,
  { workspaceId, ids }: { readonly workspaceId: WorkspaceId; readonly ids: readonly AssetId[] },
): Promise<readonly Asset[]> {
  if (ids.length === 0) return [];
  const rows = await connection.rows<AssetRow>(BY_IDS, ids, workspaceId);
  const found = await toAssets(reader, connection, rows.map(assetParts));
  const byId = new Map(found.map((asset) => [asset.id, asset]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Rows as answers show them, with what their jobs' own rows do not tell. */
export async function toAssets(
  reader: Reader,
  connection: Connection,
  parts: readonly AssetParts[],
): Promise<readonly Asset[]> {
  const factsOf = await jobFacts(
    reader,
    connection,
    parts.flatMap(({ job }) => job ?? []),
  );
  return parts.map((one) => toAsset(reader, one, factsOf(one.job)));
}
