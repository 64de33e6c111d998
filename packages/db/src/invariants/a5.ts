import { subjectIs } from "./Invariant.ts";
import type { Invariant } from "./Invariant.ts";

export const a5: readonly Invariant[] = [
  {
    name: "media_not_whole",
    rule: "A5",
    explanation: "A completed version has no whole media.",
    sql: `${subjectIs("v.id", "a.workspace_id", "a.id")}
      FROM asset a JOIN version v ON v.asset_id = a.id
      WHERE v.status = 'completed'
        AND (v.media_key IS NULL OR COALESCE(v.bytes, 0) <= 0 OR length(v.sha256) IS DISTINCT FROM 64
          OR COALESCE(v.width, 0) <= 0 OR COALESCE(v.height, 0) <= 0 OR v.poster_key IS NULL OR v.thumb_key IS NULL
          OR (a.asset_type = 'video' AND COALESCE(v.duration_ms, 0) <= 0))`,
  },
];
