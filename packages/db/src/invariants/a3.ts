import { subjectIs } from "./Invariant.ts";
import { row, rows } from "./Mending.ts";
import { tellMend } from "./tellMend.ts";
import type { EpochMs, VersionId } from "@reelstate/lifecycle";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const a3: readonly Invariant[] = [
  {
    name: "current_version_missing",
    rule: "A3",
    explanation: "An asset's current version belongs to another asset, or is not there.",
    sql: `${subjectIs("a.id", "a.workspace_id", "a.id")}
      FROM asset a LEFT JOIN version v ON v.id = a.current_version_id
      WHERE v.id IS NULL OR v.asset_id <> a.id`,
    mend: showNewest,
  },
  {
    name: "made_version_not_shown",
    rule: "A3",
    explanation: "An asset's newest job has completed, and its version is not the current one.",
    sql: `${subjectIs("a.id", "a.workspace_id", "a.id")}
      FROM asset a JOIN job j ON j.id = a.job_id JOIN version v ON v.id = j.version_id AND v.asset_id = a.id
      WHERE j.status = 'completed' AND v.status = 'completed' AND a.current_version_id <> v.id`,
    mend: showMade,
  },
];

/** A version becomes current by completing. */
function* showMade({ assetId }: Broken, at: EpochMs): Mending<boolean> {
  if (assetId === null) return false;
  yield* rows(
    "UPDATE asset SET current_version_id = (SELECT version_id FROM job WHERE id = asset.job_id) WHERE id = $1",
    assetId,
  );
  yield* tellMend(assetId, at);
  return true;
}

/** The newest version that was made, else the newest there is. */
function* showNewest({ assetId }: Broken, at: EpochMs): Mending<boolean> {
  if (assetId === null) return false;
  const newest = yield* row<{ readonly id: VersionId }>(
    "SELECT id FROM version WHERE asset_id = $1 ORDER BY status = 'completed' DESC, number DESC LIMIT 1",
    assetId,
  );
  if (newest === undefined) return false;
  yield* rows("UPDATE asset SET current_version_id = $1 WHERE id = $2", newest.id, assetId);
  yield* tellMend(assetId, at);
  return true;
}
