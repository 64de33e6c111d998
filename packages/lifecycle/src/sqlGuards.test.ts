import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { legalTransitions } from "./legalTransitions.ts";
import { GUARDED_TABLES } from "./oracle/guardedTables.ts";
import { sqlGuards } from "./sqlGuards.ts";
import { PENDING_PHASES, PROCESSING_PHASES, STATUSES } from "./status.ts";
import type { Status } from "./status.ts";

let db: DatabaseSync;

beforeEach(() => {
  db = new DatabaseSync(":memory:");
  db.exec(GUARDED_TABLES);
  for (const statement of sqlGuards("sqlite")) db.exec(statement);
  return () => db.close();
});

const PHASE = { pending: "queued", processing: "submitting", completed: null, failed: null, cancelled: null } as const;
const HOLD = {
  pending: "held",
  processing: "held",
  completed: "captured",
  failed: "released",
  cancelled: "released",
} as const;

/** The shortest legal way to each status. */
const WAYS: Readonly<Record<Status, readonly Status[]>> = {
  pending: [],
  processing: ["processing"],
  completed: ["processing", "completed"],
  failed: ["processing", "failed"],
  cancelled: ["cancelled"],
};

function bearJob(status: Status = "pending", id = "j1", asset = "a1"): void {
  db.prepare(
    "INSERT INTO job (id, asset_id, status, phase, attempt, hold_state, quote) VALUES (?, ?, 'pending', 'queued', 0, 'held', 6)",
  ).run(id, asset);
  for (const next of WAYS[status]) moveJob(next, id);
}

function moveJob(to: Status, id = "j1"): void {
  const { status, attempt } = db.prepare("SELECT status, attempt FROM job WHERE id = ?").get(id) as {
    status: Status;
    attempt: number;
  };
  const raised = status === "pending" && to === "processing" ? attempt + 1 : attempt;
  db.prepare("UPDATE job SET status = ?, phase = ?, attempt = ?, hold_state = ? WHERE id = ?").run(
    to,
    PHASE[to],
    raised,
    HOLD[to],
    id,
  );
}

function bear(table: "asset" | "version", status: Status = "pending"): void {
  if (table === "asset")
    db.exec("INSERT INTO asset (id, origin, status, row_version) VALUES ('a1', 'generated', 'pending', 1)");
  else db.exec("INSERT INTO version (id, asset_id, number, status) VALUES ('v1', 'a1', 1, 'pending')");
  for (const next of WAYS[status]) move(table, next);
}

function move(table: "asset" | "version", to: Status): void {
  db.prepare(`UPDATE ${table} SET status = ?${table === "asset" ? ", row_version = row_version + 1" : ""}`).run(to);
}

const pairs = STATUSES.flatMap((from) => STATUSES.filter((to) => to !== from).map((to) => [from, to] as const));

function legal(what: "job" | "asset" | "version", from: Status, to: Status): boolean {
  return legalTransitions()[what].some(([a, b]) => a === from && b === to);
}

describe("the tables refuse what the machine refuses", () => {
  it.each(pairs)("[model] [J8] a job may go from %s to %s only if its machine may", (from, to) => {
    bearJob(from);
    if (legal("job", from, to)) expect(() => moveJob(to)).not.toThrow();
    else expect(() => moveJob(to)).toThrow("reelstate: illegal job transition");
  });

  it.each(pairs)("[model] [A2] an asset may go from %s to %s only if its machine may", (from, to) => {
    bear("asset", from);
    if (legal("asset", from, to)) expect(() => move("asset", to)).not.toThrow();
    else expect(() => move("asset", to)).toThrow("reelstate: illegal asset transition");
  });

  it.each(pairs)("[model] [A2] a version may go from %s to %s only if its machine may", (from, to) => {
    bear("version", from);
    if (legal("version", from, to)) expect(() => move("version", to)).not.toThrow();
    else expect(() => move("version", to)).toThrow("reelstate: illegal version transition");
  });

  it("[J8] the story of the old studio: a hand-typed UPDATE cannot wake a failed job or asset", () => {
    bearJob("failed");
    bear("asset", "failed");
    expect(() => db.exec("UPDATE job SET status = 'pending', phase = 'queued', hold_state = 'held'")).toThrow(
      "illegal job transition",
    );
    expect(() => db.exec("UPDATE asset SET status = 'processing', row_version = row_version + 1")).toThrow(
      "illegal asset transition",
    );
  });

  it.each(["pending", "processing", "completed", "failed", "cancelled"] as const)(
    "[J8] INSERT OR REPLACE cannot overwrite what is %s",
    (status) => {
      bearJob(status);
      bear("asset", status);
      bear("version", status);
      for (const insert of [
        "INSERT OR REPLACE INTO job (id, asset_id, status, phase, attempt, hold_state, quote) VALUES ('j1', 'a9', 'pending', 'queued', 0, 'held', 6)",
        "REPLACE INTO asset (id, origin, status, row_version) VALUES ('a1', 'generated', 'pending', 1)",
        "INSERT OR REPLACE INTO version (id, asset_id, number, status) VALUES ('v2', 'a1', 1, 'pending')",
        "INSERT OR REPLACE INTO version (id, asset_id, number, status) VALUES ('v1', 'a1', 2, 'pending')",
      ]) {
        expect(() => db.exec(insert)).toThrow("cannot be replaced");
      }
      expect(
        db
          .prepare("SELECT status FROM job UNION ALL SELECT status FROM asset UNION ALL SELECT status FROM version")
          .all(),
      ).toEqual([{ status }, { status }, { status }]);
    },
  );

  it.each([
    ["'processing', 'submitting', 0, 'held'", "born pending"],
    ["'completed', NULL, 0, 'captured'", "born pending"],
    ["'pending', 'queued', 1, 'held'", "born pending"],
    ["'pending', 'queued', 0, 'released'", "born pending"],
    ["'pending', 'storing', 0, 'held'", "phase does not belong"],
    ["'pending', NULL, 0, 'held'", "phase does not belong"],
  ])("[J1] a job cannot be born as %s", (born, why) => {
    expect(() =>
      db.exec(
        `INSERT INTO job (id, asset_id, status, phase, attempt, hold_state, quote) VALUES ('j1', 'a1', ${born}, 6)`,
      ),
    ).toThrow(why);
  });

  it.each([
    ["generated", "completed"],
    ["generated", "failed"],
    ["uploaded", "pending"],
    ["uploaded", "failed"],
  ])("[A1] an asset that is %s cannot be born %s", (origin, status) => {
    expect(() =>
      db.exec(`INSERT INTO asset (id, origin, status, row_version) VALUES ('a1', '${origin}', '${status}', 1)`),
    ).toThrow("born pending");
    expect(() =>
      db.exec(`INSERT INTO version (id, asset_id, number, status) VALUES ('v1', 'a1', 1, 'failed')`),
    ).toThrow("born pending");
    expect(() =>
      db.exec(`INSERT INTO asset (id, origin, status, row_version) VALUES ('a2', 'uploaded', 'completed', 1)`),
    ).not.toThrow();
  });

  it("[J2] [J9] only a claim raises the attempt, by one", () => {
    bearJob("pending");
    const claim = (attempt: number) =>
      db.exec(`UPDATE job SET status = 'processing', phase = 'submitting', attempt = ${attempt}`);
    expect(() => claim(0)).toThrow("a claim raises the attempt by one");
    expect(() => claim(2)).toThrow("a claim raises the attempt by one");
    claim(1);
    for (const attempt of [0, 2])
      expect(() => db.exec(`UPDATE job SET attempt = ${attempt}`)).toThrow("a claim raises the attempt by one");
  });

  it.each(["completed", "failed", "cancelled"] as const)(
    "[C2] a job's end as %s ends its hold, as what it makes of it, in the same write",
    (status) => {
      bearJob("processing");
      for (const hold of ["held", "captured", "released"]) {
        if (hold === HOLD[status]) continue;
        expect(() => db.exec(`UPDATE job SET status = '${status}', phase = NULL, hold_state = '${hold}'`)).toThrow(
          "a hold ends with its job",
        );
      }
      expect(() => db.exec("UPDATE job SET hold_state = 'released'")).toThrow("a hold ends with its job");
      moveJob(status);
      for (const hold of ["held", status === "completed" ? "released" : "captured"]) {
        expect(() => db.exec(`UPDATE job SET hold_state = '${hold}'`)).toThrow("a hold ends with its job");
      }
    },
  );

  it("[J3] within an attempt phases only move forward, on disk too", () => {
    bearJob("processing");
    for (const [index, phase] of PROCESSING_PHASES.entries()) {
      db.exec(`UPDATE job SET phase = '${phase}'`);
      for (const before of PROCESSING_PHASES.slice(0, index))
        expect(() => db.exec(`UPDATE job SET phase = '${before}'`)).toThrow("only move forward");
    }
    for (const phase of PENDING_PHASES)
      expect(() => db.exec(`UPDATE job SET phase = '${phase}'`)).toThrow("phase does not belong");
    expect(() => db.exec("UPDATE job SET phase = NULL")).toThrow("phase does not belong");
    moveJob("pending");
    moveJob("processing");
    expect(db.prepare("SELECT phase, attempt FROM job").get()).toEqual({ phase: "submitting", attempt: 2 });
  });

  it("[J11] a second live job of an asset is refused; after the first has ended it is welcome", () => {
    bearJob("processing");
    expect(() => bearJob("pending", "j2")).toThrow("the asset has a live job");
    expect(() => bearJob("pending", "j3", "a2")).not.toThrow();
    moveJob("completed");
    expect(() => bearJob("pending", "j2")).not.toThrow();
  });

  it("[A9] a change of status raises row_version, and nothing lowers it", () => {
    bear("asset");
    expect(() => db.exec("UPDATE asset SET status = 'processing'")).toThrow("raises row_version");
    expect(() => db.exec("UPDATE asset SET row_version = 0")).toThrow("raises row_version");
    expect(() => db.exec("UPDATE asset SET row_version = 2")).not.toThrow();
  });

  it.each([
    "UPDATE job SET quote = 0",
    "UPDATE job SET asset_id = 'a2'",
    "UPDATE job SET id = 'j9'",
    "UPDATE asset SET origin = 'uploaded'",
    "UPDATE asset SET id = 'a9'",
    "UPDATE version SET number = 9",
    "UPDATE version SET asset_id = 'a9'",
  ])("[J8] %s is refused: a row keeps what it is", (sql) => {
    bearJob();
    bear("asset");
    bear("version");
    expect(() => db.exec(sql)).toThrow("keeps its");
  });

  it("[J9] a heartbeat and a new name are not looked at", () => {
    bearJob("completed");
    bear("asset", "completed");
    expect(() => db.exec("UPDATE job SET lease_until = 1; UPDATE asset SET name = 'x'")).not.toThrow();
  });
});

describe("on PostgreSQL", () => {
  it("[model] [J8] the same rules, with the SQLSTATE of a check", () => {
    const messages = (sql: string): readonly string[] => [
      ...new Set([...sql.matchAll(/reelstate: [^']+/g)].map(([said]) => said)),
    ];
    const [sqlite, postgres] = [sqlGuards("sqlite").join("\n"), sqlGuards("postgres").join("\n")];
    expect(messages(postgres)).toEqual(messages(sqlite));
    expect(messages(postgres).length).toBe(18);
    expect(postgres.match(/RAISE EXCEPTION/g)?.length).toBe(postgres.match(/ERRCODE = '23514'/g)?.length);
    expect(postgres.match(/CREATE TRIGGER/g)).toHaveLength(3);
  });
});
