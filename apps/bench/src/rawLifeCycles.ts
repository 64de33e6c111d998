import Sqlite from "better-sqlite3";
import { benchRequest, idsOf, LEASE, MEDIA, MODEL, numberOf, WORKSPACE } from "./openBenchStore.ts";

/** Writes life cycles straight into a store's file, `group` transitions to a commit: same tables, indexes and triggers. */
export function openRawLifeCycles(file: string): {
  readonly run: (from: number, group: number) => void;
  readonly close: () => void;
} {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma("foreign_keys = ON");
  const sql = {
    asset: db.prepare(
      `INSERT INTO asset (id, workspace_id, project_id, name, asset_type, origin, status, current_version_id, job_id, row_version, created_at, updated_at)
       VALUES (?, ?, 'bench', ?, 'image', 'generated', 'pending', ?, ?, 1, ?, ?)`,
    ),
    version: db.prepare(
      `INSERT INTO version (id, asset_id, number, status, prompt, model, params, inputs, created_at) VALUES (?, ?, 1, 'pending', ?, ?, ?, '[]', ?)`,
    ),
    job: db.prepare(
      `INSERT INTO job (id, workspace_id, asset_id, version_id, status, phase, attempt, failures, max_failures, losses, max_losses,
         attempt_timeout_ms, job_timeout_ms, submission, recoverable, model, provider, priority, quote, hold_state, created_at)
       VALUES (?, ?, ?, ?, 'pending', 'queued', 0, 0, 3, 0, 10, 60000, 600000, 'none', 0, ?, 'bench', 0, 6, 'held', ?)`,
    ),
    count: db
      .prepare("UPDATE workspace SET seq = seq + 1, balance = balance + ?, held = held + ? WHERE id = ? RETURNING seq")
      .pluck(),
    entry: db.prepare(
      "INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    event: db.prepare(
      `INSERT INTO event (workspace_id, seq, at, event, asset_id, version_id, job_id, attempt, from_status, to_status, job_from, job_to)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    next: db
      .prepare(
        "SELECT id FROM job WHERE workspace_id = ? AND status = 'pending' AND phase = 'queued' AND model = ? ORDER BY priority DESC, id LIMIT 1",
      )
      .pluck(),
    claim: db.prepare(
      `UPDATE job SET status = 'processing', phase = 'submitting', attempt = attempt + 1, lease_until = ?, started_at = ?, first_claimed_at = ?, worker_id = 'raw'
       WHERE id = ? AND status = 'pending'`,
    ),
    moveVersion: db.prepare("UPDATE version SET status = ? WHERE id = ?"),
    moveAsset: db.prepare("UPDATE asset SET status = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?"),
    complete: db.prepare(
      `UPDATE job SET status = 'completed', phase = NULL, lease_until = NULL, started_at = NULL, hold_state = 'captured', ended_at = ?
       WHERE id = ? AND status = 'processing' AND attempt = 1`,
    ),
    media: db.prepare(
      `UPDATE version SET status = 'completed', media_key = @key, mime = @mime, bytes = @bytes, sha256 = @sha256, width = @width,
         height = @height, duration_ms = @durationMs, poster_key = @posterKey, thumb_key = @thumbKey, thumbhash = @thumbhash WHERE id = @id`,
    ),
  };
  const steps = [create, claim, complete];
  const commit = db.transaction((step: (number: number) => void, from: number, group: number) => {
    for (let number = from; number < from + group; number += 1) step(number);
  });

  function create(number: number): void {
    const at = Date.now();
    const asset = benchRequest(number).assets[0];
    if (asset === undefined) throw new Error("One asset to a request.");
    const { assetId, versionId, jobId } = asset;
    sql.asset.run(assetId, WORKSPACE, asset.name, versionId, jobId, at, at);
    sql.version.run(versionId, assetId, asset.prompt, MODEL, JSON.stringify(asset.params), at);
    sql.job.run(jobId, WORKSPACE, assetId, versionId, MODEL, at);
    const seq = sql.count.get(0, 6, WORKSPACE);
    sql.entry.run(WORKSPACE, at, "hold", 0, 6, jobId, assetId);
    sql.event.run(WORKSPACE, seq, at, "create", assetId, versionId, jobId, 0, null, "pending", null, "pending");
  }

  function claim(): void {
    const at = Date.now();
    const jobId = String(sql.next.get(WORKSPACE, MODEL));
    const { assetId, versionId } = idsOf(numberOf(jobId));
    sql.claim.run(at + LEASE, at, at, jobId);
    sql.moveVersion.run("processing", versionId);
    sql.moveAsset.run("processing", at, assetId);
    const seq = sql.count.get(0, 0, WORKSPACE);
    sql.event.run(
      WORKSPACE,
      seq,
      at,
      "claim",
      assetId,
      versionId,
      jobId,
      1,
      "pending",
      "processing",
      "pending",
      "processing",
    );
  }

  function complete(number: number): void {
    const at = Date.now();
    const { assetId, versionId, jobId } = idsOf(number);
    sql.complete.run(at, jobId);
    sql.media.run({ ...MEDIA, id: versionId });
    sql.moveAsset.run("completed", at, assetId);
    const seq = sql.count.get(-6, -6, WORKSPACE);
    sql.entry.run(WORKSPACE, at, "capture", -6, -6, jobId, assetId);
    sql.event.run(
      WORKSPACE,
      seq,
      at,
      "complete",
      assetId,
      versionId,
      jobId,
      1,
      "processing",
      "completed",
      "processing",
      "completed",
    );
  }

  return {
    run: (from, group) => {
      for (const step of steps) commit.immediate(step, from, group);
    },
    close: () => db.close(),
  };
}
