import { assetFollows, reasonOf, versionFollows } from "./followStatus.ts";
import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import { assetOf, jobOf, liveJobsOf, versionOf } from "./recorded.ts";
import { tellMend } from "./tellMend.ts";
import type { EpochMs } from "@reelstate/lifecycle";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const a2: readonly Invariant[] = [
  {
    name: "job_and_version_differ",
    rule: "A2",
    explanation: "An asset's newest job and the version it makes do not have the same status.",
    sql: `${subjectIs("a.id", "a.workspace_id", "a.id")}
      FROM asset a JOIN job j ON j.id = a.job_id JOIN version v ON v.id = j.version_id
      WHERE j.status <> v.status`,
    mend: versionFollowsJob,
  },
  {
    name: "unknown_live_job",
    rule: "A2",
    explanation: "A live job is not the one that its asset knows.",
    sql: `${subjectIs("j.id", "j.workspace_id", "a.id")}
      FROM job j JOIN asset a ON a.id = j.asset_id
      WHERE j.status IN ('pending', 'processing') AND a.job_id IS DISTINCT FROM j.id`,
    mend: knowLiveJob,
  },
  {
    name: "asset_and_version_differ",
    rule: "A2",
    explanation: "An asset and its current version do not have the same status.",
    sql: `${subjectIs("a.id", "a.workspace_id", "a.id")}
      FROM asset a JOIN version v ON v.id = a.current_version_id
      WHERE a.status <> v.status`,
    mend: assetFollowsVersion,
  },
];

/** The job is what was done; the version that it makes follows, and with it the asset that shows it. */
function* versionFollowsJob({ assetId }: Broken, at: EpochMs): Mending<boolean> {
  const asset = yield* assetOf(assetId);
  const job = yield* jobOf(asset?.jobId);
  const version = yield* versionOf(job?.versionId);
  if (asset === undefined || job === undefined || version === undefined) return false;
  if (!(yield* versionFollows(version, job.status))) return false;
  if (asset.currentVersionId === version.id) yield* assetFollows(asset, { to: job.status, why: reasonOf(job), at });
  yield* tellMend(asset.id, at, asset.status);
  return true;
}

function* assetFollowsVersion({ assetId }: Broken, at: EpochMs): Mending<boolean> {
  const asset = yield* assetOf(assetId);
  const version = yield* versionOf(asset?.currentVersionId);
  if (asset === undefined || version === undefined) return false;
  const job = yield* jobOf(asset.jobId);
  const said = job?.versionId === version.id ? job : undefined;
  if (!(yield* assetFollows(asset, { to: version.status, why: reasonOf(said), at }))) return false;
  yield* tellMend(asset.id, at, asset.status);
  return true;
}

function* knowLiveJob({ subject, assetId }: Broken, at: EpochMs): Mending<boolean> {
  if (assetId === null) return false;
  // Which of two is the right one is a question of its own (J11).
  if ((yield* liveJobsOf(assetId)).length !== 1) return false;
  yield* rows("UPDATE asset SET job_id = $1 WHERE id = $2", subject, assetId);
  yield* tellMend(assetId, at);
  return true;
}
