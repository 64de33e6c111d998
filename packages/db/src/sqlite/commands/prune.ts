import type { AssetId, JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { PrunePolicy, PruneReport } from "../../Store.ts";
import type { Session } from "../Session.ts";

/** How much one call moves at most, so that no transaction is long; the next call goes on. */
const EVENTS_AT_ONCE = 5_000;
const JOBS_AT_ONCE = 2_000;
const ASSETS_AT_ONCE = 200;

/**
 * Removes what is past its period: events as a prefix of seq (their assets keep them as history), ended jobs, keys, and
 * deleted assets with nothing live that nothing else was made from (A8). The ledger stays whole, and a failed asset goes
 * on saying why (A4).
 */
export function prune(session: Session, policy: PrunePolicy): PruneReport {
  const now = session.now();
  return {
    events: pruneEvents(session, now - policy.eventsOlderThanMs),
    jobs: pruneJobs(session, now - policy.jobsOlderThanMs),
    keys: session.db.prepare("DELETE FROM idempotency WHERE at < ?").run(now - policy.keysOlderThanMs).changes,
    assets: pruneBin(session, now - policy.binOlderThanMs),
  };
}

function pruneEvents({ db }: Session, before: number): number {
  const firstKept = db.prepare("SELECT min(seq) FROM event WHERE workspace_id = ? AND at > ?").pluck();
  const remember = db.prepare(
    "INSERT INTO history SELECT * FROM event WHERE workspace_id = ? AND seq <= ? AND EXISTS (SELECT 1 FROM asset WHERE id = asset_id)",
  );
  const setPruned = db.prepare("UPDATE workspace SET pruned_seq = ? WHERE id = ?");
  const remove = db.prepare("DELETE FROM event WHERE workspace_id = ? AND seq <= ?");
  const workspaces = db.prepare("SELECT id, seq, pruned_seq AS prunedSeq FROM workspace").all() as {
    readonly id: WorkspaceId;
    readonly seq: number;
    readonly prunedSeq: number;
  }[];
  let events = 0;
  for (const { id, seq, prunedSeq } of workspaces) {
    const kept = firstKept.get(id, before) as number | null;
    const until = Math.min(kept === null ? seq : kept - 1, prunedSeq + EVENTS_AT_ONCE);
    if (until <= prunedSeq) continue;
    remember.run(id, until);
    setPruned.run(until, id);
    events += remove.run(id, until).changes;
  }
  return events;
}

/** A recoverable job is the only way to what was paid for (P6); it stays as long as its asset does. */
function pruneJobs({ db, now }: Session, before: number): number {
  const old = db
    .prepare("SELECT id, asset_id AS assetId FROM job WHERE ended_at < ? AND NOT recoverable LIMIT ?")
    .all(before, JOBS_AT_ONCE) as { readonly id: JobId; readonly assetId: AssetId }[];
  // An answer without its last job is another answer (A9).
  const forget = db.prepare(
    "UPDATE asset SET job_id = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND job_id = ?",
  );
  const removeSubmissions = db.prepare("DELETE FROM submission WHERE job_id = ?");
  const removeJob = db.prepare("DELETE FROM job WHERE id = ?");
  for (const { id, assetId } of old) {
    forget.run(now(), assetId, id);
    removeSubmissions.run(id);
    removeJob.run(id);
  }
  return old.length;
}

function pruneBin({ db }: Session, before: number): number {
  const ids = db
    .prepare(
      `WITH used(version_id, by_asset) AS MATERIALIZED (
         SELECT json_extract(i.value, '$.versionId'), v.asset_id FROM version v, json_each(v.inputs) i WHERE v.inputs <> '[]')
       SELECT a.id FROM asset a WHERE a.deleted_at < ?
         AND NOT EXISTS (SELECT 1 FROM job j WHERE j.asset_id = a.id AND j.status IN ('pending', 'processing'))
         AND NOT EXISTS (SELECT 1 FROM version mine JOIN used ON used.version_id = mine.id
           WHERE mine.asset_id = a.id AND used.by_asset <> a.id) LIMIT ?`,
    )
    .pluck()
    .all(before, ASSETS_AT_ONCE) as AssetId[];
  const versions = "SELECT id FROM version WHERE asset_id = ?";
  const removals = [
    `DELETE FROM submission WHERE job_id IN (SELECT id FROM job WHERE version_id IN (${versions}))`,
    `DELETE FROM job WHERE version_id IN (${versions})`,
    "DELETE FROM history WHERE asset_id = ?",
    "DELETE FROM version WHERE asset_id = ?",
    "DELETE FROM asset WHERE id = ?",
  ].map((sql) => db.prepare(sql));
  for (const id of ids) for (const removal of removals) removal.run(id);
  return ids.length;
}
