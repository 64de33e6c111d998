import { prepareLineStatements } from "./lineStatements.ts";
import { prepareMediaStatements } from "./mediaStatements.ts";
import { prepareSettingStatements } from "./settingStatements.ts";
import { FIRST_WORKSPACE } from "../rows/nameOfStudio.ts";
import { entryAtSql, spendingSql } from "../rows/spendingSql.ts";
import { named } from "./named.ts";
import { prepareUpdate } from "./prepareUpdate.ts";
import type { Database } from "better-sqlite3";
import type { Columns } from "./prepareUpdate.ts";

const ASSET_COLUMNS: Columns = [
  ["status", "status"],
  ["errorCode", "error_code"],
  ["errorMessage", "error_message"],
  ["currentVersionId", "current_version_id"],
  ["jobId", "job_id"],
  ["rowVersion", "row_version"],
  ["deletedAt", "deleted_at"],
  ["updatedAt", "updated_at"],
];

const JOB_COLUMNS: Columns = [
  ["status", "status"],
  ["phase", "phase"],
  ["attempt", "attempt"],
  ["failures", "failures"],
  ["losses", "losses"],
  ["fraction", "fraction"],
  ["leaseUntil", "lease_until"],
  ["workerId", "worker_id"],
  ["nextTryAt", "next_try_at"],
  ["startedAt", "started_at"],
  ["firstClaimedAt", "first_claimed_at"],
  ["cancelRequestedAt", "cancel_requested_at"],
  ["submission", "submission"],
  ["recoverable", "recoverable"],
  ["errorCode", "error_code"],
  ["errorMessage", "error_message"],
  ["holdState", "hold_state"],
  ["endedAt", "ended_at"],
];

const SPENT = spendingSql("workspace", "@spent", {
  at: "@capturedAt",
  day: "@day",
  dayEnds: "@dayEnds",
  month: "@month",
  monthEnds: "@monthEnds",
});

const SUMMARY = `SELECT j.id, j.asset_id AS assetId, j.version_id AS versionId, a.name AS assetName, j.model, j.status, j.phase,
  j.attempt, j.failures, j.error_code AS errorCode, j.quote, j.created_at AS createdAt, j.ended_at AS endedAt FROM job j`;
const NAMED = "CROSS JOIN asset a ON a.id = j.asset_id";
const NEWEST = "ORDER BY j.id DESC LIMIT +@limit";

/**
 * The statements of the hot path, prepared once. Each write by a worker names id, status and attempt (J9).
 *
 * A plus before a value in LIMIT, or before a column that a partial index compares with a word, keeps SQLite from planning by
 * the value that is bound: it would prepare the statement again each time.
 */
export function prepareStatements(db: Database) {
  return {
    ...prepareLineStatements(db),
    ...prepareSettingStatements(db),
    ...prepareMediaStatements(db),
    insertAsset: named(
      db,
      `INSERT INTO asset (id, workspace_id, project_id, name, asset_type, origin, status, current_version_id, job_id, row_version, created_at, updated_at)
       VALUES (@id, @workspaceId, @projectId, @name, @type, @origin, @status, @currentVersionId, @jobId, @rowVersion, @createdAt, @updatedAt)`,
    ),
    updateAsset: prepareUpdate(db, "asset", ASSET_COLUMNS, "id = ? AND row_version = ?"),
    insertVersion: named(
      db,
      `INSERT INTO version (id, asset_id, number, status, prompt, model, params, inputs, media_key, mime, bytes, sha256, width, height,
         duration_ms, poster_key, thumb_key, thumbhash, created_at)
       VALUES (@id, @assetId, @number, @status, @prompt, @model, @params, @inputs, @mediaKey, @mime, @bytes, @sha256, @width, @height,
         @durationMs, @posterKey, @thumbKey, @thumbhash, @createdAt)`,
    ),
    updateVersion: db.prepare("UPDATE version SET status = ? WHERE id = ?"),
    addCost: db.prepare("UPDATE version SET cost_micros = COALESCE(cost_micros, 0) + ?, cost_basis = ? WHERE id = ?"),
    completeVersion: named(
      db,
      `UPDATE version SET status = 'completed', media_key = @key, mime = @mime, bytes = @bytes, sha256 = @sha256, width = @width,
         height = @height, duration_ms = @durationMs, poster_key = @posterKey, thumb_key = @thumbKey, thumbhash = @thumbhash
       WHERE id = @id`,
    ),
    insertJob: named(
      db,
      `INSERT INTO job (id, workspace_id, asset_id, version_id, status, phase, attempt, failures, max_failures, losses, max_losses,
         first_claimed_at, attempt_timeout_ms, job_timeout_ms, submission, recoverable, model, provider, priority, quote, hold_state,
         created_at)
       VALUES (@id, @workspaceId, @assetId, @versionId, @status, @phase, 0, 0, @maxFailures, 0, @maxLosses,
         @firstClaimedAt, @attemptTimeoutMs, @jobTimeoutMs, @submission, @recoverable, @model, @provider, @priority, @quote, @holdState, @createdAt)`,
    ),
    updateJob: prepareUpdate(db, "job", JOB_COLUMNS, "id = ? AND +status = ? AND attempt = ? AND lease_until IS ?"),
    updateProgress: named(
      db,
      `UPDATE job SET phase = @phase, fraction = @fraction, progress_at = @progressAt
       WHERE id = @id AND status = 'processing' AND attempt = @attempt`,
    ),
    setJobError: db.prepare("UPDATE job SET error_code = ?, error_message = ? WHERE id = ?"),
    setErrorDetail: db.prepare("UPDATE job SET error_detail = ? WHERE id = ?"),
    heartbeat: db.prepare(
      `UPDATE job SET lease_until = @leaseUntil WHERE id = @jobId AND status = 'processing' AND attempt = @attempt
       RETURNING cancel_requested_at IS NOT NULL AS wished`,
    ),

    countOnWorkspace: db.prepare("UPDATE workspace SET seq = seq + 1, held = held + ? WHERE id = ?"),
    /** The same for a capture, which alone takes from the balance, and is spending (C5). */
    countCapture: named(
      db,
      `UPDATE workspace SET balance = balance + @balance, held = held + @held, seq = seq + 1,
         ${Object.entries(SPENT)
           .map(([column, so]) => `${column} = ${so}`)
           .join(", ")} WHERE id = @workspaceId`,
    ),
    insertEntry: named(
      db,
      `INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id)
       VALUES (@workspaceId, ${entryAtSql("@kind", "@at", "@workspaceId")}, @kind, @balance, @held, @jobId, @assetId)`,
    ),
    /** Reads the number that its workspace has just counted: RETURNING it would build a table of its own for that one row. */
    insertEvent: named(
      db,
      `INSERT INTO event (workspace_id, seq, at, event, asset_id, version_id, job_id, attempt, from_status, to_status, job_from, job_to, code)
       VALUES (@workspaceId, (SELECT seq FROM workspace WHERE id = @workspaceId), @at, @event, @assetId, @versionId, @jobId, @attempt, @from, @to, @jobFrom, @jobTo, @code)`,
    ),
    insertWorkspace: db.prepare(
      "INSERT INTO workspace (id, name, balance, held, seq, pruned_seq, created_at) VALUES (@id, @name, @balance, 0, 0, 0, @at)",
    ),
    insertProject: db.prepare(
      "INSERT INTO project (id, workspace_id, name, created_at) VALUES (@id, @workspaceId, @name, @at)",
    ),
    firstWorkspace: db.prepare(FIRST_WORKSPACE),
    credit: db.prepare(
      `SELECT balance, held, budget_day AS budgetDay, budget_month AS budgetMonth, day_begun AS dayBegun,
         month_begun AS monthBegun, spent_in_day AS spentInDay, spent_in_month AS spentInMonth FROM workspace WHERE id = ?`,
    ),
    setBudgetDay: db.prepare("UPDATE workspace SET budget_day = ? WHERE id = ?"),
    setBudgetMonth: db.prepare("UPDATE workspace SET budget_month = ? WHERE id = ?"),
    workspace: db.prepare("SELECT balance, held, seq, pruned_seq AS prunedSeq FROM workspace WHERE id = ?"),

    nextTryAt: db
      .prepare(
        `SELECT next_try_at FROM job INDEXED BY job_backoff
         WHERE status = 'pending' AND phase = 'backoff' AND next_try_at > @since
           AND CASE WHEN submission IN ('intended', 'open') THEN provider IN (SELECT value FROM json_each(@providers))
             ELSE model IN (SELECT value FROM json_each(@models)) END
         ORDER BY next_try_at LIMIT 1`,
      )
      .pluck(),
    aliveSubmission: db.prepare(
      `SELECT id, client_ref AS clientRef, provider_ref AS providerRef, state, intended_at AS intendedAt
       FROM submission WHERE job_id = ? AND state <> 'ended'`,
    ),
    insertSubmission: named(
      db,
      `INSERT INTO submission (id, job_id, attempt, client_ref, provider, state, intended_at)
       VALUES (@submissionId, @jobId, @attempt, @clientRef, @provider, 'intended', @at)`,
    ),
    intendAgain: db.prepare(
      "UPDATE submission SET intended_at = @at WHERE id = @submissionId AND job_id = @jobId AND state = 'intended'",
    ),
    openSubmission: db.prepare(
      `UPDATE submission SET provider_ref = @providerRef, opened_at = @at, state = CASE state WHEN 'intended' THEN 'open' ELSE state END
         WHERE id = @submissionId AND provider_ref IS NULL RETURNING job_id AS jobId, state`,
    ),
    endSubmission: db
      .prepare(
        `UPDATE submission SET state = 'ended', outcome = @outcome, ended_at = @at
         WHERE id = @submissionId AND state <> 'ended' AND NOT (state = 'open' AND @outcome = 'never_arrived') RETURNING job_id`,
      )
      .pluck(),
    endSubmissionsOfJob: db.prepare(
      "UPDATE submission SET state = 'ended', outcome = @outcome, ended_at = @at WHERE job_id = @jobId AND state <> 'ended'",
    ),
    inheritSubmission: db.prepare("UPDATE submission SET job_id = @to WHERE job_id = @from AND state <> 'ended'"),
    setJobSubmission: db.prepare("UPDATE job SET submission = ? WHERE id = ?"),
    setJobRecoverable: db.prepare("UPDATE job SET recoverable = ? WHERE id = ?"),

    isProject: db.prepare("SELECT 1 FROM project WHERE id = ? AND workspace_id = ?").pluck(),
    firstProject: db.prepare("SELECT id FROM project WHERE workspace_id = ? ORDER BY created_at, id LIMIT 1").pluck(),
    keyUsed: db.prepare(
      "SELECT body_hash AS bodyHash, asset_ids AS assetIds, at FROM idempotency WHERE workspace_id = ? AND key = ?",
    ),
    rememberKey: named(
      db,
      `INSERT INTO idempotency (workspace_id, key, body_hash, asset_ids, at)
       VALUES (@workspaceId, @key, @bodyHash, @assetIds, @at)
       ON CONFLICT DO UPDATE SET body_hash = excluded.body_hash, asset_ids = excluded.asset_ids, at = excluded.at`,
    ),
    lastNumber: db.prepare("SELECT max(number) FROM version WHERE asset_id = ?").pluck(),

    insertJobInput: db.prepare("INSERT INTO job_input (version_id, job_id) VALUES (?, ?)"),
    dependantsOf: db.prepare("SELECT job_id FROM job_input WHERE version_id = ?").pluck(),
    waitsFor: db
      .prepare("SELECT v.status FROM job_input i JOIN version v ON v.id = i.version_id WHERE i.job_id = ?")
      .pluck(),
    waitsForAssets: db.prepare(
      `SELECT a.id AS assetId, a.name FROM job_input i JOIN version v ON v.id = i.version_id JOIN asset a ON a.id = v.asset_id
       WHERE i.job_id = ? AND v.status <> 'completed' ORDER BY i.version_id`,
    ),
    forgetInputs: db.prepare("DELETE FROM job_input WHERE job_id = ?"),

    eventsAfter: db.prepare(
      `SELECT seq, at, event, asset_id AS assetId, from_status AS "from", to_status AS "to"
       FROM event WHERE workspace_id = @workspaceId AND seq > @after ORDER BY seq LIMIT +@limit`,
    ),
    listJobs: db.prepare(`${SUMMARY} INDEXED BY job_newest ${NAMED} WHERE j.workspace_id = @workspaceId ${NEWEST}`),
    /** In the order of the table (the plus forbids the index): where few match, a look at each row by an index costs many times more. */
    listJobsOf: db.prepare(
      `${SUMMARY} ${NAMED} WHERE +j.workspace_id = @workspaceId AND +j.status = @status ${NEWEST}`,
    ),
    listJobsRunning: db.prepare(
      `${SUMMARY} INDEXED BY job_processing ${NAMED} WHERE j.workspace_id = @workspaceId AND j.status = 'processing' ${NEWEST}`,
    ),
    running: db.prepare(
      `SELECT asset_id AS assetId, id AS jobId, attempt, phase, fraction, model, COALESCE(progress_at, started_at) AS progressAt
       FROM job INDEXED BY job_processing WHERE workspace_id = ? AND status = 'processing'`,
    ),
    latestProgress: db
      .prepare(
        "SELECT max(progress_at) FROM job INDEXED BY job_processing WHERE workspace_id = ? AND status = 'processing'",
      )
      .pluck(),
    lostLeases: db
      .prepare("SELECT id FROM job WHERE status = 'processing' AND lease_until <= @now LIMIT +@limit")
      .pluck(),
    overdueAttempts: db
      .prepare(
        "SELECT id FROM job WHERE status = 'processing' AND started_at + attempt_timeout_ms <= @now LIMIT +@limit",
      )
      .pluck(),
    overdueJobs: db
      .prepare(
        `SELECT id FROM job INDEXED BY job_deadline WHERE first_claimed_at + job_timeout_ms <= @now AND first_claimed_at IS NOT NULL
           AND ended_at IS NULL AND phase <> 'waiting_inputs' LIMIT +@limit`,
      )
      .pluck(),
    waitingJobs: db
      .prepare(
        // Only those that a look at their inputs would move: of those that rightly wait there may be more than one sweep looks at.
        `SELECT i.job_id FROM job_input i JOIN version v ON v.id = i.version_id GROUP BY i.job_id
         HAVING max(v.status IN ('failed', 'cancelled')) OR min(v.status = 'completed') LIMIT +@limit`,
      )
      .pluck(),
    processingJobs: db.prepare("SELECT id FROM job WHERE status = 'processing'").pluck(),
    ping: db.prepare("UPDATE feed_boot SET at = ? WHERE id = ?"),
    bootNumber: db.prepare("SELECT number FROM feed_boot WHERE id = ?").pluck(),
    nextBootSeq: db
      .prepare(
        "SELECT seq FROM feed_boot_seq WHERE boot_number > @boot AND workspace_id = @workspaceId ORDER BY boot_number LIMIT 1",
      )
      .pluck(),

    runTimes: db
      .prepare(
        `SELECT ended_at - first_claimed_at FROM (SELECT * FROM job ORDER BY id DESC LIMIT 500)
         WHERE model = ? AND status = 'completed' AND attempt = 1 LIMIT 60`,
      )
      .pluck(),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
