import type { AssetId, JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { PrunePolicy, PruneReport } from "../../store/keeping.ts";
import { about } from "../contradictions.ts";
import type { Session } from "../Session.ts";

/** A deleted asset has some rows of several kinds. */
const ROWS_OF_AN_ASSET = 10;

/**
 * Removes what is past its period, a bounded piece at a time: events as a prefix of seq (their assets keep them as
 * history), ended jobs, keys, and deleted assets with nothing live that nothing else was made from (A8). The ledger stays
 * whole, and a failed asset goes on saying why (A4).
 */
export function prune(session: Session, policy: PrunePolicy): PruneReport {
  const now = session.now();
  const { limit } = policy;
  return {
    events: pruneEvents(session, now - policy.eventsOlderThanMs, limit),
    jobs: pruneJobs(session, now - policy.jobsOlderThanMs, limit),
    keys: session.db
      .prepare(
        "DELETE FROM idempotency WHERE (workspace_id, key) IN (SELECT workspace_id, key FROM idempotency WHERE at < ? LIMIT ?)",
      )
      .run(now - policy.keysOlderThanMs, limit).changes,
    assets: pruneBin(session, now - policy.binOlderThanMs, Math.ceil(limit / ROWS_OF_AN_ASSET)),
  };
}

function pruneEvents({ db, aside }: Session, before: number, limit: number): number {
  const oldest = db.prepare("SELECT seq, at FROM event WHERE workspace_id = ? ORDER BY seq LIMIT ?");
  const remember = db.prepare(
    "INSERT INTO history SELECT * FROM event WHERE workspace_id = ? AND seq <= ? AND EXISTS (SELECT 1 FROM asset WHERE id = asset_id)",
  );
  const setPruned = db.prepare("UPDATE workspace SET pruned_seq = ? WHERE id = ?");
  const remove = db.prepare("DELETE FROM event WHERE workspace_id = ? AND seq <= ?");
  let events = 0;
  for (const id of db.prepare("SELECT id FROM workspace").pluck().all() as WorkspaceId[]) {
    if (aside.has(id)) continue;
    const piece = oldest.all(id, limit - events) as { readonly seq: number; readonly at: number }[];
    const firstKept = piece.findIndex(({ at }) => at > before);
    const until = (firstKept === -1 ? piece : piece.slice(0, firstKept)).at(-1)?.seq;
    if (until === undefined) continue;
    events += about({ kind: "workspace", id }, () => {
      remember.run(id, until);
      setPruned.run(until, id);
      return remove.run(id, until).changes;
    });
  }
  return events;
}

const HOLDS_NO_SLOT = "NOT EXISTS (SELECT 1 FROM slot WHERE slot.job_id = job.id)";

/**
 * A recoverable job is the only way to what was paid for (P6); it stays as long as its asset does. One that holds a slot may be
 * alive at the provider (P7): it stays until the sweeper has let go of that.
 */
function pruneJobs({ db, now, aside }: Session, before: number, limit: number): number {
  const found = db
    .prepare(
      `SELECT id, asset_id AS assetId FROM job WHERE ended_at < ? AND NOT recoverable AND ${HOLDS_NO_SLOT} LIMIT ?`,
    )
    .all(before, limit + aside.size()) as { readonly id: JobId; readonly assetId: AssetId }[];
  const old = found.filter(({ id }) => !aside.has(id));
  // An answer without its last job is another answer (A9).
  const forget = db.prepare(
    "UPDATE asset SET job_id = NULL, row_version = row_version + 1, updated_at = ? WHERE id = ? AND job_id = ?",
  );
  const removeSubmissions = db.prepare("DELETE FROM submission WHERE job_id = ?");
  const removeJob = db.prepare("DELETE FROM job WHERE id = ?");
  for (const { id, assetId } of old) {
    about({ kind: "job", id }, () => {
      forget.run(now(), assetId, id);
      removeSubmissions.run(id);
      removeJob.run(id);
    });
  }
  return old.length;
}

/**
 * What is due: deleted long enough ago, with nothing live and nothing that holds a slot. Of that, what something outside of it was made from is kept, and
 * what the kept was made from, and so on; the rest refers only to itself, in chains or in circles, and goes.
 */
const REMOVABLE = `WITH RECURSIVE
  due(id) AS MATERIALIZED (SELECT a.id FROM asset a WHERE a.deleted_at < ?
    AND NOT EXISTS (SELECT 1 FROM job j WHERE j.asset_id = a.id AND j.status IN ('pending', 'processing'))
    AND a.id NOT IN (SELECT j.asset_id FROM slot s CROSS JOIN job j ON j.id = s.job_id WHERE s.job_id IS NOT NULL)),
  due_version(id, asset) AS MATERIALIZED (SELECT v.id, due.id FROM due CROSS JOIN version v ON v.asset_id = due.id),
  uses(by_asset, asset) AS MATERIALIZED (
    SELECT v.asset_id, d.asset FROM version v CROSS JOIN json_each(v.inputs) i
      CROSS JOIN due_version d ON d.id = json_extract(i.value, '$.versionId')
    WHERE v.inputs <> '[]'),
  kept(id) AS (
    SELECT asset FROM uses WHERE by_asset NOT IN (SELECT id FROM due)
    UNION SELECT uses.asset FROM kept JOIN uses ON uses.by_asset = kept.id)
  SELECT id FROM due WHERE id NOT IN (SELECT id FROM kept) LIMIT ?`;

function pruneBin({ db, aside }: Session, before: number, limit: number): number {
  const found = db
    .prepare(REMOVABLE)
    .pluck()
    .all(before, limit + aside.size()) as AssetId[];
  const ids = found.filter((id) => !aside.has(id));
  const versions = "SELECT id FROM version WHERE asset_id = ?";
  const removals = [
    `DELETE FROM submission WHERE job_id IN (SELECT id FROM job WHERE version_id IN (${versions}))`,
    `DELETE FROM job WHERE version_id IN (${versions})`,
    "DELETE FROM history WHERE asset_id = ?",
    "DELETE FROM version WHERE asset_id = ?",
    "DELETE FROM asset WHERE id = ?",
  ].map((sql) => db.prepare(sql));
  for (const id of ids)
    about({ kind: "asset", id }, () => {
      for (const removal of removals) removal.run(id);
    });
  return ids.length;
}
