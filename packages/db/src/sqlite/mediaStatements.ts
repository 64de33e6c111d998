import type { Database } from "better-sqlite3";

/** What files the rows refer to. They name no index, so that they can be asked of a file that has lost one. */
export function prepareMediaStatements(db: Database) {
  return {
    referencedKeys: db
      .prepare(
        `SELECT media_key FROM version WHERE media_key IS NOT NULL UNION SELECT poster_key FROM version WHERE poster_key IS NOT NULL
         UNION SELECT thumb_key FROM version WHERE thumb_key IS NOT NULL`,
      )
      .pluck(),
    listMedia: db.prepare(
      `SELECT v.id AS versionId, a.id AS assetId, a.workspace_id AS workspaceId, a.name AS assetName, v.media_key AS key,
         v.bytes, v.poster_key AS posterKey, v.thumb_key AS thumbKey
       FROM version v JOIN asset a ON a.id = v.asset_id
       WHERE v.id > @after AND v.status = 'completed' AND v.media_key IS NOT NULL AND v.poster_key IS NOT NULL
         AND v.thumb_key IS NOT NULL ORDER BY v.id LIMIT +@limit`,
    ),
    countMedia: db
      .prepare(
        `SELECT count(*) FROM version WHERE status = 'completed' AND media_key IS NOT NULL AND poster_key IS NOT NULL
           AND thumb_key IS NOT NULL`,
      )
      .pluck(),
  };
}
