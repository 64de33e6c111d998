import type { AssetId, EpochMs, JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { PrunePolicy, PruneReport } from "../../store/keeping.ts";
import { eachByItself } from "../contradictions.ts";
import type { Session } from "../Session.ts";

/** A deleted asset has some rows of several kinds. */
const ROWS_OF_AN_ASSET = 10;

/**
 * Removes what is past its period, a bounded piece at a time, each kind in transactions of its own: events as a prefix of seq
 * (their assets keep them as history), ended jobs, keys, and deleted assets with nothing live that nothing else was made from
 * (A8). The ledger stays whole, and a failed asset goes on saying why (A4). Of several processes that prune at one moment each
 * removes what the others do not.
 */
export async function prune(session: Session, policy: PrunePolicy): Promise<PruneReport> {
  const [clock] = await session.db.read(({ rows }) =>
    rows<{ readonly now: EpochMs }>(`SELECT ${session.clock()} AS now`),
  );
  if (clock === undefined) throw new Error("The database did not answer.");
  const { now } = clock;
  const { limit } = policy;
  return {
    events: await pruneEvents(session, { before: now - policy.eventsOlderThanMs, limit }),
    jobs: await pruneJobs(session, { before: now - policy.jobsOlderThanMs, limit }),
    keys: await pruneKeys(session, { before: now - policy.keysOlderThanMs, limit }),
    assets: await pruneBin(session, {
      before: now - policy.binOlderThanMs,
      limit: Math.ceil(limit / ROWS_OF_AN_ASSET),
    }),
  };
}

interface Piece {
  readonly before: number;
  readonly limit: number;
}

const OLDEST_IS_OLD = `SELECT w.id FROM workspace w
  CROSS JOIN LATERAL (SELECT at FROM event WHERE workspace_id = w.id ORDER BY seq LIMIT 1) AS oldest
  WHERE oldest.at <= $1 ORDER BY w.id LIMIT $2`;
/** The last of the oldest events before which none is too young: what is pruned is a prefix (E3). */
const UNTIL = `WITH piece AS (SELECT seq, at FROM event WHERE workspace_id = $1 ORDER BY seq LIMIT $3)
  SELECT max(seq) AS until FROM piece WHERE NOT EXISTS (SELECT 1 FROM piece young WHERE young.at > $2 AND young.seq <= piece.seq)`;

async function pruneEvents({ db, aside }: Session, { before, limit }: Piece): Promise<number> {
  const workspaces = await db.read(({ rows }) =>
    rows<{ readonly id: WorkspaceId }>(OLDEST_IS_OLD, before, limit + aside.size()),
  );
  let events = 0;
  for (const { id } of workspaces) {
    if (events >= limit) break;
    if (aside.has(id)) continue;
    const piece = { before, limit: limit - events };
    events += await eachByItself(aside, { kind: "workspace", during: "prune", ids: [id] }, () =>
      pruneEventsOf(db, id, piece),
    );
  }
  return events;
}

function pruneEventsOf(db: Session["db"], id: WorkspaceId, { before, limit }: Piece): Promise<number> {
  return db.write(async ({ rows, run }) => {
    await run("SELECT 1 FROM workspace WHERE id = $1 FOR NO KEY UPDATE", id);
    const [piece] = await rows<{ readonly until: number | null }>(UNTIL, id, before, limit);
    const until = piece?.until ?? null;
    if (until === null) return 0;
    const [, , removed] = await Promise.all([
      run(
        `INSERT INTO history SELECT * FROM event
         WHERE workspace_id = $1 AND seq <= $2 AND (SELECT id FROM asset WHERE id = asset_id) IS NOT NULL`,
        id,
        until,
      ),
      run("UPDATE workspace SET pruned_seq = $2 WHERE id = $1", id, until),
      run("DELETE FROM event WHERE workspace_id = $1 AND seq <= $2", id, until),
    ]);
    return removed;
  });
}

const PRUNABLE = "NOT recoverable AND NOT EXISTS (SELECT 1 FROM slot WHERE slot.job_id = job.id)";

/**
 * A recoverable job is the only way to what was paid for (P6); it stays as long as its asset does. One that holds a slot may be
 * alive at the provider (P7): it stays until the sweeper has let go of that.
 */
async function pruneJobs(session: Session, { before, limit }: Piece): Promise<number> {
  const { db, aside } = session;
  const found = await db.read(({ rows }) =>
    rows<{ readonly id: JobId }>(
      `SELECT id FROM job WHERE ended_at < $1 AND ${PRUNABLE} AND id <> ALL($3) ORDER BY ended_at, id LIMIT $2`,
      before,
      limit,
      aside.ids(),
    ),
  );
  const due = { kind: "job", during: "prune", ids: found.map(({ id }) => id) } as const;
  return eachByItself(aside, due, (ids) => removeJobs(session, ids, before));
}

function removeJobs({ db, clock }: Session, wanted: readonly JobId[], before: number): Promise<number> {
  return db.write(async ({ rows, run }) => {
    const old = await rows<{ readonly id: JobId; readonly assetId: AssetId }>(
      `SELECT id, asset_id AS "assetId" FROM job WHERE id = ANY($1) AND ended_at < $2 AND ${PRUNABLE}
       ORDER BY id FOR UPDATE SKIP LOCKED`,
      wanted,
      before,
    );
    if (old.length === 0) return 0;
    const ids = old.map(({ id }) => id);
    await Promise.all([
      run(
        "SELECT 1 FROM asset WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        old.map(({ assetId }) => assetId),
      ),
      // An answer without its last job is another answer (A9).
      run(
        `UPDATE asset SET job_id = NULL, row_version = row_version + 1, updated_at = ${clock()}
         WHERE id = ANY($1) AND job_id = ANY($2)`,
        old.map(({ assetId }) => assetId),
        ids,
      ),
      run("DELETE FROM submission WHERE job_id = ANY($1)", ids),
      run("DELETE FROM job WHERE id = ANY($1)", ids),
    ]);
    return ids.length;
  });
}

async function pruneKeys({ db }: Session, { before, limit }: Piece): Promise<number> {
  return db.write(({ run }) =>
    run(
      // By the place where a row lies, which its lock keeps: by its key all keys would be looked through.
      `DELETE FROM idempotency WHERE ctid = ANY (ARRAY
         (SELECT ctid FROM idempotency WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
      before,
      limit,
    ),
  );
}

/**
 * What is due: deleted long enough ago, with nothing live and nothing that holds a slot. Of that, what something outside of it was made from is kept, and
 * what the kept was made from, and so on; the rest refers only to itself, in chains or in circles, and goes.
 */
const REMOVABLE = `WITH RECURSIVE
  due(id) AS MATERIALIZED (SELECT a.id FROM asset a WHERE a.deleted_at < $1
    AND NOT EXISTS (SELECT 1 FROM job j WHERE j.asset_id = a.id AND j.status IN ('pending', 'processing'))
    AND a.id NOT IN (SELECT j.asset_id FROM slot s JOIN job j ON j.id = s.job_id)),
  uses(by_asset, asset) AS MATERIALIZED (
    SELECT v.asset_id, used.asset_id FROM version v CROSS JOIN LATERAL json_array_elements(v.inputs) AS i
      JOIN version used ON used.id = i->>'versionId'
    WHERE v.inputs::text <> '[]' AND used.asset_id IN (SELECT id FROM due)),
  kept(id) AS (
    SELECT asset FROM uses WHERE by_asset NOT IN (SELECT id FROM due)
    UNION SELECT uses.asset FROM kept JOIN uses ON uses.by_asset = kept.id)
  SELECT id FROM due WHERE id NOT IN (SELECT id FROM kept) LIMIT $2`;
const ANY_DUE = "SELECT 1 FROM asset WHERE deleted_at < $1 ORDER BY deleted_at LIMIT 1";
const VERSIONS = "SELECT id FROM version WHERE asset_id = ANY($1)";
const REMOVALS = [
  `DELETE FROM submission WHERE job_id IN (SELECT id FROM job WHERE version_id IN (${VERSIONS}))`,
  `DELETE FROM job WHERE version_id IN (${VERSIONS})`,
  "DELETE FROM history WHERE asset_id = ANY($1)",
  "DELETE FROM version WHERE asset_id = ANY($1)",
];

/** Nothing can begin on what is deleted, so what was found to be due stays so until it is locked. */
async function pruneBin({ db, aside }: Session, { before, limit }: Piece): Promise<number> {
  const found = await db.read(async ({ rows }) => {
    // What uses what is looked up in all versions, and only for something.
    if ((await rows(ANY_DUE, before)).length === 0) return [];
    return rows<{ readonly id: AssetId }>(REMOVABLE, before, limit + aside.size());
  });
  const ids = found.flatMap(({ id }) => (aside.has(id) ? [] : [id]));
  return eachByItself(aside, { kind: "asset", during: "prune", ids }, (due) =>
    db.write(async ({ run }) => {
      const removals = REMOVALS.map((sql) => run(sql, due));
      const [removed] = await Promise.all([run("DELETE FROM asset WHERE id = ANY($1)", due), ...removals]);
      return removed;
    }),
  );
}
