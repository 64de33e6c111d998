import type { PrunePolicy, PruneReport } from "../../Store.ts";
import type { Session } from "../Session.ts";

/** How many events one call moves at most, so that no transaction is long. */
const EVENTS_AT_ONCE = 5_000;

/**
 * Removes what is past its period: events as a prefix of seq (their assets keep them as history), ended jobs, keys, and
 * deleted assets with nothing live that nothing else was made from (A8). Ledger and asset rows stay as they are (A4).
 */
export function prune(session: Session, policy: PrunePolicy): PruneReport {
  const { db } = session;
  const now = session.now();
  let events = 0;
  const workspaces = db.prepare("SELECT id, pruned_seq AS prunedSeq FROM workspace").all() as { id: string; prunedSeq: number }[];
  for (const { id, prunedSeq } of workspaces) {
    const kept = db
      .prepare("SELECT min(seq) FROM event WHERE workspace_id = ? AND at > ?")
      .pluck()
      .get(id, now - policy.eventsOlderThanMs) as number | null;
    const head = db.prepare("SELECT seq FROM workspace WHERE id = ?").pluck().get(id) as number;
    const until = Math.min(kept === null ? head : kept - 1, prunedSeq + EVENTS_AT_ONCE);
    if (until <= prunedSeq) continue;
    db.prepare("INSERT INTO history SELECT * FROM event WHERE workspace_id = ? AND seq <= ?").run(id, until);
    events += db.prepare("DELETE FROM event WHERE workspace_id = ? AND seq <= ?").run(id, until).changes;
    db.prepare("UPDATE workspace SET pruned_seq = ? WHERE id = ?").run(until, id);
  }
  return { events, jobs: pruneJobs(session, now - policy.jobsOlderThanMs), keys: pruneKeys(session, now - policy.keysOlderThanMs), assets: pruneBin(session, now - policy.binOlderThanMs) };
}

/** A recoverable job is the only way to what was paid for (P6); it stays as long as its asset does. */
function pruneJobs({ db }: Session, before: number): number {
  const old = `SELECT id FROM job WHERE ended_at < ${before} AND NOT recoverable`;
  db.exec(`UPDATE asset SET job_id = NULL WHERE job_id IN (${old})`);
  db.exec(`DELETE FROM submission WHERE job_id IN (${old})`);
  return db.prepare(`DELETE FROM job WHERE id IN (${old})`).run().changes;
}

function pruneKeys({ db }: Session, before: number): number {
  return db.prepare("DELETE FROM idempotency WHERE at < ?").run(before).changes;
}

function pruneBin({ db }: Session, before: number): number {
  const ids = db
    .prepare(
      `SELECT a.id FROM asset a WHERE a.deleted_at < ?
         AND NOT EXISTS (SELECT 1 FROM job j WHERE j.asset_id = a.id AND j.status IN ('pending', 'processing'))
         AND NOT EXISTS (SELECT 1 FROM version mine, version other, json_each(other.inputs) i
           WHERE mine.asset_id = a.id AND other.asset_id <> a.id AND json_extract(i.value, '$.versionId') = mine.id) LIMIT 200`,
    )
    .pluck()
    .all(before) as string[];
  for (const id of ids) {
    db.prepare("DELETE FROM submission WHERE job_id IN (SELECT id FROM job WHERE asset_id = ?)").run(id);
    db.prepare("DELETE FROM job WHERE asset_id = ?").run(id);
    db.prepare("DELETE FROM history WHERE asset_id = ?").run(id);
    db.prepare("DELETE FROM version WHERE asset_id = ?").run(id);
    db.prepare("DELETE FROM asset WHERE id = ?").run(id);
  }
  return ids.length;
}
