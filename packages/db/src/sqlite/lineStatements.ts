import type { Database } from "better-sqlite3";

const QUEUED = "status = 'pending' AND phase = 'queued'";
const BACKOFF = "status = 'pending' AND phase = 'backoff'";
const WAITING = "status = 'pending' AND phase = 'waiting_inputs'";
const READY_JOB = "id, workspace_id AS workspaceId, priority, model, provider";
/** Something of it may be at a provider: that one alone can go on with it, and needs no offer to do so (P1). */
const HELD = "submission IN ('intended', 'open')";
const THEIRS = "provider IN (SELECT value FROM json_each(@providers))";
const NOT_OFFERED = "NOT IN (SELECT value FROM json_each(@models))";
/** Its provider is set up, though nobody can say now what it offers. */
const AWAITED = "provider IN (SELECT value FROM json_each(@awaited))";
/** Of a line whose model is offered (1) or not (0). */
const OURS = `CASE WHEN ${HELD} THEN ${THEIRS} ELSE @offered END`;

/**
 * What stands in line: everything here walks an index of only that, however many jobs wait for something else. A plus in LIMIT
 * keeps SQLite from preparing the statement again for each value.
 */
export function prepareLineStatements(db: Database) {
  return {
    /** Each workspace and model that has jobs queued, found by jumping from one to the next. */
    queuedLines: db.prepare(allLines("job_queued", QUEUED)),
    backoffLines: db.prepare(allLines("job_due", BACKOFF)),
    queuedJobs: db.prepare(
      `SELECT ${READY_JOB} FROM job INDEXED BY job_queued
       WHERE workspace_id = @workspaceId AND model = @model AND ${QUEUED} AND ${OURS}
       ORDER BY priority DESC, id LIMIT +@limit`,
    ),
    /** What waits for its wish to be settled is always queued, and holds a submission (J7). */
    jobsToSettle: db.prepare(
      `SELECT ${READY_JOB} FROM job INDEXED BY job_queued
       WHERE workspace_id = @workspaceId AND model = @model AND ${QUEUED} AND cancel_requested_at IS NOT NULL AND ${OURS}
       ORDER BY priority DESC, id LIMIT +@limit`,
    ),
    dueJobs: db.prepare(
      `SELECT ${READY_JOB} FROM job INDEXED BY job_due
       WHERE workspace_id = @workspaceId AND model = @model AND ${BACKOFF} AND next_try_at <= @now AND ${OURS}
       ORDER BY next_try_at LIMIT +@limit`,
    ),
    /** CROSS: slots first, which are few, and not every job there is. */
    holdingJobs: db.prepare(
      `SELECT DISTINCT j.id, j.workspace_id AS workspaceId, j.priority, j.model, j.provider
       FROM slot s CROSS JOIN job j ON j.id = s.job_id
       WHERE s.job_id IS NOT NULL AND j.workspace_id = @workspaceId AND j.model = @model AND j.status = 'pending'
         AND (j.next_try_at IS NULL OR j.next_try_at <= @now) AND ${THEIRS}`,
    ),
    lineOf: db
      .prepare(
        `SELECT asset_id FROM job INDEXED BY job_queued WHERE workspace_id = ? AND model = ? AND ${QUEUED}
         ORDER BY priority DESC, id LIMIT +?`,
      )
      .pluck(),
    /** How many stand before a job, counted no further than `limit`: each half from the index alone, without comparing a row. */
    linePosition: db
      .prepare(
        `SELECT count(*) FROM (${standingBefore("priority > @priority")}
         UNION ALL ${standingBefore("priority = @priority AND id < @id")} LIMIT +@limit)`,
      )
      .pluck(),
    /** Nobody's, whatever they wait for: of a model that is not offered, or held by a provider that is not here (P6). */
    unofferedJobs: db
      .prepare(
        `${unofferedIn("job_queued", QUEUED)} UNION ALL ${unofferedIn("job_due", BACKOFF)}
         UNION ALL SELECT id FROM job INDEXED BY job_waiting WHERE ${WAITING} AND NOT ${HELD} AND model ${NOT_OFFERED}
           AND NOT ${AWAITED}
         UNION ALL SELECT j.id FROM submission s INDEXED BY submission_alive CROSS JOIN job j ON j.id = s.job_id
           WHERE s.state <> 'ended' AND j.status = 'pending' AND NOT j.${THEIRS}
         LIMIT +@limit`,
      )
      .pluck(),
    countWaiting: db
      .prepare(
        `SELECT (SELECT count(*) FROM job INDEXED BY job_queued WHERE workspace_id = @workspaceId AND ${QUEUED})
          + (SELECT count(*) FROM job INDEXED BY job_due WHERE workspace_id = @workspaceId AND ${BACKOFF})
          + (SELECT count(*) FROM job INDEXED BY job_waiting WHERE workspace_id = @workspaceId AND ${WAITING})`,
      )
      .pluck(),
  };
}

function standingBefore(which: string): string {
  return `SELECT 1 FROM job INDEXED BY job_queued WHERE workspace_id = @workspaceId AND model = @model AND ${QUEUED} AND ${which}`;
}

/** Of the lines whose model nobody offers, all that no provider may hold. */
function unofferedIn(index: string, where: string): string {
  return `SELECT * FROM (${linesIn(index, where)}
    SELECT id FROM line CROSS JOIN job INDEXED BY ${index} ON workspace_id = w AND model = m
    WHERE m ${NOT_OFFERED} AND ${where} AND NOT ${HELD} AND NOT ${AWAITED})`;
}

function allLines(index: string, where: string): string {
  return `${linesIn(index, where)}
    SELECT w AS workspaceId, m AS model,
      (SELECT provider FROM job INDEXED BY ${index} WHERE ${where} AND workspace_id = w AND model = m LIMIT 1) AS provider
    FROM line WHERE m IS NOT NULL`;
}

/** From a workspace to the next, and in each from a model to the next: one look into the index for each, however long the lines. */
function linesIn(index: string, where: string): string {
  const least = (column: string, of: string): string =>
    `(SELECT ${column} FROM job INDEXED BY ${index} WHERE ${where} AND ${of} ORDER BY ${column} LIMIT 1)`;
  return `WITH RECURSIVE
    in_line(w) AS (
      SELECT ${least("workspace_id", "workspace_id >= ''")}
      UNION ALL SELECT ${least("workspace_id", "workspace_id > w")} FROM in_line WHERE w IS NOT NULL),
    line(w, m) AS (
      SELECT w, ${least("model", "workspace_id = w AND model >= ''")} FROM in_line WHERE w IS NOT NULL
      UNION ALL SELECT w, ${least("model", "workspace_id = w AND model > m")} FROM line WHERE m IS NOT NULL)`;
}
