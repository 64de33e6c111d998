import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { GUARDED_TABLES } from "./oracle/guardedTables.ts";
import { sqlGuards } from "./sqlGuards.ts";
import { explore } from "./testing/explore.ts";
import type { AssetRows } from "./rows.ts";

let db: DatabaseSync;

beforeEach(() => {
  db = new DatabaseSync(":memory:");
  db.exec(GUARDED_TABLES);
  for (const statement of sqlGuards("sqlite")) db.exec(statement);
  return () => db.close();
});

describe("the tables take what the machine takes", () => {
  it("[model] every transition of every reachable state is written without complaint", () => {
    const written = new Set<string>();
    for (const { rows, outcomes } of explore().values()) {
      for (const { decision } of Object.values(outcomes)) {
        if (decision === null || !decision.ok) continue;
        const change = `${columns(rows)} > ${columns(decision.next)}`;
        if (written.has(change)) continue;
        written.add(change);
        db.exec("DELETE FROM job; DELETE FROM asset; DELETE FROM version;");
        if (rows !== null) place(rows);
        write(rows, decision.next);
      }
    }
    expect(written.size).toBeGreaterThan(100);
  });
});

/** What the triggers can tell apart. */
function columns(rows: AssetRows | null): string {
  if (rows === null) return "";
  const { asset, version, job, hold } = rows;
  return [
    asset.origin,
    asset.status,
    version.id,
    version.status,
    job?.id,
    job?.status,
    job?.phase,
    (job?.attempt ?? 0) > 0,
    hold?.state,
  ].join(" ");
}

/** Puts rows where they are by stepping around the triggers, as time would have. */
function place({ asset, version, job, hold }: AssetRows): void {
  db.exec("DROP TRIGGER asset_insert_guard; DROP TRIGGER job_insert_guard; DROP TRIGGER version_insert_guard;");
  insert({ asset, version, job, hold });
  for (const statement of sqlGuards("sqlite")) if (/_insert_guard /.test(statement)) db.exec(statement);
}

function insert({ asset, version, job, hold }: AssetRows): void {
  db.prepare("INSERT INTO asset (id, origin, status, row_version) VALUES (?, ?, ?, ?)").run(
    asset.id,
    asset.origin,
    asset.status,
    asset.rowVersion,
  );
  insertVersion(version);
  insertJob(asset, job, hold);
}

function insertVersion(version: AssetRows["version"]): void {
  db.prepare("INSERT INTO version (id, asset_id, number, status) VALUES (?, 'asset-1', ?, ?)").run(
    version.id,
    version.number,
    version.status,
  );
}

function insertJob(asset: AssetRows["asset"], job: AssetRows["job"], hold: AssetRows["hold"]): void {
  if (job === null) return;
  db.prepare(
    "INSERT INTO job (id, asset_id, status, phase, attempt, hold_state, quote) VALUES (?, ?, ?, ?, ?, ?, ?)",
  ).run(job.id, asset.id, job.status, job.phase, job.attempt, hold?.state ?? "", hold?.amount ?? 0);
}

/** Through the triggers, as a store would. */
function write(before: AssetRows | null, { asset, version, job, hold }: AssetRows): void {
  if (before === null) return insert({ asset, version, job, hold });
  db.prepare("UPDATE asset SET status = ?, row_version = ? WHERE id = ?").run(asset.status, asset.rowVersion, asset.id);
  if (version.id !== before.version.id) insertVersion(version);
  else db.prepare("UPDATE version SET status = ? WHERE id = ?").run(version.status, version.id);
  if (job === null) return;
  if (job.id !== before.job?.id) return insertJob(asset, job, hold);
  const changed = db
    .prepare("UPDATE job SET status = ?, phase = ?, attempt = ?, hold_state = ? WHERE id = ?")
    .run(job.status, job.phase, job.attempt, hold?.state ?? "", job.id);
  expect(changed.changes).toBe(1);
}
