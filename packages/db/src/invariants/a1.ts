import { assetFollows, reasonOf, versionFollows } from "./followStatus.ts";
import { subjectIs } from "./Invariant.ts";
import { row } from "./Mending.ts";
import { assetOf, jobOf, versionOf } from "./recorded.ts";
import { tellMend } from "./tellMend.ts";
import type { EpochMs, JobId } from "@reelstate/lifecycle";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const a1: readonly Invariant[] = [
  {
    name: "no_live_job",
    rule: "A1",
    explanation: "A generated asset that is being made has no live job.",
    sql: `${subjectIs("a.id", "a.workspace_id", "a.id")} FROM asset a
      WHERE a.status IN ('pending', 'processing')
        AND NOT EXISTS (SELECT 1 FROM job j WHERE j.asset_id = a.id AND j.status IN ('pending', 'processing'))`,
    mend: endWithJob,
  },
];

/** The asset ends as its last job did; where there is none, or where what that made is not there, it has failed. */
function* endWithJob({ assetId }: Broken, at: EpochMs): Mending<boolean> {
  const asset = yield* assetOf(assetId);
  if (asset === undefined) return false;
  const last = yield* row<{ readonly id: JobId }>(
    "SELECT id FROM job WHERE asset_id = $1 ORDER BY id DESC LIMIT 1",
    asset.id,
  );
  const job = yield* jobOf(asset.jobId ?? last?.id);
  const version = yield* versionOf(asset.currentVersionId);
  if (version === undefined) return false;
  const ended = job?.versionId === version.id ? job.status : version.status;
  const to = ended === "cancelled" || (ended === "completed" && version.mediaKey !== null) ? ended : "failed";
  if (!(yield* versionFollows(version, to))) return false;
  if (!(yield* assetFollows(asset, { to, why: reasonOf(job), at }))) return false;
  yield* tellMend(asset.id, at, asset.status);
  return true;
}
