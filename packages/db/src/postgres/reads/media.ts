import type { Store } from "../../Store.ts";
import type { MediaFiles } from "../../store/keeping.ts";
import type { Connection } from "../Connection.ts";

/** Media that its row says is whole; what it says otherwise is the rows' own finding (A5). */
const WHOLE = `v.status = 'completed' AND v.media_key IS NOT NULL AND v.poster_key IS NOT NULL AND v.thumb_key IS NOT NULL`;

const MEDIA = `SELECT v.id AS "versionId", a.id AS "assetId", a.workspace_id AS "workspaceId", a.name AS "assetName",
    v.media_key AS key, v.bytes, v.poster_key AS "posterKey", v.thumb_key AS "thumbKey"
  FROM version v JOIN asset a ON a.id = v.asset_id WHERE v.id > $1 AND ${WHOLE} ORDER BY v.id LIMIT $2`;

export function listMedia(
  connection: Connection,
  { after, limit }: Parameters<Store["listMedia"]>[0],
): Promise<readonly MediaFiles[]> {
  return connection.rows<MediaFiles>(MEDIA, after ?? "", limit);
}

export async function countMedia(connection: Connection): Promise<number> {
  const [row] = await connection.rows<{ readonly count: number }>(
    `SELECT count(*) AS count FROM version v WHERE ${WHOLE}`,
  );
  return row?.count ?? 0;
}

const KEYS = `SELECT media_key AS key FROM version WHERE media_key IS NOT NULL
  UNION SELECT poster_key FROM version WHERE poster_key IS NOT NULL
  UNION SELECT thumb_key FROM version WHERE thumb_key IS NOT NULL`;

export async function referencedKeys(connection: Connection): Promise<ReadonlySet<string>> {
  const rows = await connection.rows<{ readonly key: string }>(KEYS);
  return new Set(rows.map(({ key }) => key));
}
