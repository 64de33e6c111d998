import { assetFollows, reasonOf, versionFollows } from "./followStatus.ts";
import { tellMend } from "./tellMend.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";
import type { Broken, Invariant } from "./Invariant.ts";

export const a1: readonly Invariant[] = [
  {
    name: "no_live_job",
    rule: "A1",
    explanation: "A generated asset that is being made has no live job.",
    sql: `SELECT a.id AS subject, a.workspace_id AS workspaceId, a.id AS assetId FROM asset a
      WHERE a.status IN ('pending', 'processing')
        AND NOT EXISTS (SELECT 1 FROM job j WHERE j.asset_id = a.id AND j.status IN ('pending', 'processing'))`,
    mend: endWithJob,
  },
];

/** The asset ends as its last job did; where there is none, or where what that made is not there, it has failed. */
function endWithJob(session: Session, { assetId }: Broken): boolean {
  const asset = assetId === null ? undefined : session.row.asset(assetId);
  if (asset === undefined) return false;
  const lastJob = session.db.prepare("SELECT id FROM job WHERE asset_id = ? ORDER BY id DESC LIMIT 1").pluck();
  const jobId = (asset.jobId ?? lastJob.get(asset.id) ?? null) as JobId | null;
  const job = jobId === null ? undefined : session.row.job(jobId);
  const version = session.row.version(asset.currentVersionId);
  if (version === undefined) return false;
  const ended = job?.versionId === version.id ? job.status : version.status;
  const to = ended === "cancelled" || (ended === "completed" && version.mediaKey !== null) ? ended : "failed";
  const done = versionFollows(session, version, to) && assetFollows(session, asset, to, reasonOf(job));
  if (done) tellMend(session, asset.id, asset.status);
  return done;
}
