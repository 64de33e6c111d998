import { toAsset } from "../../rows/toAsset.ts";
import { assetParts, SELECT_ASSETS } from "./assetParts.ts";
import { jobFacts } from "./jobFacts.ts";
import type { Asset, AssetId, WorkspaceId } from "@reelstate/lifecycle";
import type { AssetParts } from "../../rows/toAsset.ts";
import type { Connection } from "../Connection.ts";
import type { AssetRow } from "./assetParts.ts";
import type { Reader } from "./Reader.ts";

const BY_IDS = `${SELECT_ASSETS} WHERE a.id = ANY ($1) AND a.workspace_id = ANY ($2) AND a.deleted_at IS NULL`;

/** In the order asked for; deleted and unknown ones are left out. */
export async function readAssets(
  reader: Reader,
  connection: Connection,
  { workspaceId, ids }: { readonly workspaceId: WorkspaceId; readonly ids: readonly AssetId[] },
): Promise<readonly Asset[]> {
  const wanted = ids.map((id) => ({ workspaceId, id }));
  const found = await readAssetsOfMany(reader, connection, wanted);
  return wanted.flatMap((one) => found.get(wantedKey(one)) ?? []);
}

export interface Wanted {
  readonly workspaceId: WorkspaceId;
  readonly id: AssetId;
}

/** Assets of several workspaces by their `wantedKey`; one that belongs to another than was said is not there. */
export async function readAssetsOfMany(
  reader: Reader,
  connection: Connection,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, Asset>> {
  if (wanted.length === 0) return new Map();
  const ids = new Set(wanted.map(({ id }) => id));
  const workspaces = new Set(wanted.map(({ workspaceId }) => workspaceId));
  const rows = await connection.rows<AssetRow>(BY_IDS, [...ids], [...workspaces]);
  const parts = rows.map(assetParts);
  const assets = await toAssets(reader, connection, parts);
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  return new Map(
    parts.flatMap(({ asset: row }) => {
      const asset = byId.get(row.id);
      return asset === undefined ? [] : [[wantedKey(row), asset] as const];
    }),
  );
}

export function wantedKey({ workspaceId, id }: Wanted): string {
  return `${workspaceId} ${id}`;
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
