import { Client } from "pg";
import { expect, it } from "vitest";
import { aWholeLife } from "../testing/aWholeLife.ts";
import { openStudio } from "../testing/openStudio.ts";
import { openTestDatabase } from "../testing/postgres/openTestDatabase.ts";
import { openPostgresPool, postgresConnection } from "./openPostgresPool.ts";
import { openPostgresStore } from "./openPostgresStore.ts";

/** What grows for as long as a studio is used. */
const GROWING = ["asset", "version", "job", "submission", "credit_entry", "event", "history", "idempotency"];
/** Indexes over as much as runs, waits for a reference or for another try at a time. */
const SMALL = ["job_processing", "job_waiting", "job_backoff", "submission_alive"];
/** So many of each that to read them all is the worst of all ways. */
const ROWS = 5_000;

/** Statements that read a whole table, and why they may. */
const MAY_SCAN: readonly (readonly [words: string, why: string])[] = [
  ["OR id IN (SELECT job_id FROM slot WHERE job_id IS NOT NULL))", "once, when a provider's first limit is set"],
  ["FROM (SELECT * FROM job ORDER BY id DESC LIMIT 500)", "the newest 500, every ten seconds"],
  [
    "AND NOT CASE WHEN submission IN ('intended', 'open')",
    "what nobody offers is looked for in the whole line, by each sweep",
  ],
  ["NOT EXISTS (SELECT 1 FROM unnest($2::text[]) AS word(pattern)", "a search reads what it searches"],
  ["due(id) AS MATERIALIZED", "versions are looked through only where something is due"],
];

/** A life, as old as these rows say, past the guards and the keys between tables. Ids are in the order of their time, as real ones are; the bin is empty. */
const GROWN = `SET session_replication_role = replica;
  DELETE FROM job;
  CREATE TEMP TABLE n AS SELECT n, lpad(n::text, 6, '0') AS id, 'w' || n % 200 AS w, 'p' || n % 200 AS p FROM generate_series(1, ${ROWS}) n;
  INSERT INTO workspace SELECT 'w' || n, 'W', 0, 0, 0, 0, 0 FROM generate_series(0, 199) n;
  INSERT INTO asset (id, workspace_id, project_id, name, asset_type, origin, status, current_version_id, job_id, row_version, created_at, updated_at)
    SELECT 'a' || id, w, p, 'A', 'image', 'generated', 'cancelled', 'v' || id, 'j' || id, 1, n, n FROM n;
  INSERT INTO version (id, asset_id, number, status, prompt, model, params, inputs, created_at)
    SELECT 'v' || id, 'a' || id, 1, 'cancelled', 'Fog', 'sim/image', '{}', '[]', n FROM n;
  INSERT INTO job (id, workspace_id, asset_id, version_id, status, attempt, failures, max_failures, losses, max_losses, attempt_timeout_ms,
      job_timeout_ms, submission, recoverable, model, provider, priority, quote, hold_state, first_claimed_at, created_at, ended_at)
    SELECT 'j' || id, w, 'a' || id, 'v' || id, 'cancelled', 1, 0, 3, 0, 10, 1, 1, 'ended', false, 'sim/image', 'sim', 0, 1, 'released', n, n, n FROM n;
  INSERT INTO submission (id, job_id, attempt, client_ref, provider, state, intended_at)
    SELECT 's' || id, 'j' || id, 1, 'c' || id, 'sim', 'ended', n FROM n;
  INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id)
    SELECT w, n, 'release', 0, -1, 'j' || id, 'a' || id FROM n;
  INSERT INTO event (workspace_id, seq, at, event, asset_id, version_id, attempt, to_status)
    SELECT w, n, n, 'cancel', 'a' || id, 'v' || id, 1, 'cancelled' FROM n;
  INSERT INTO history SELECT * FROM event;
  INSERT INTO idempotency SELECT w, 'k' || id, 'b', '[]', n FROM n`;
/** As much again in line. */
const QUEUED = `INSERT INTO job (id, workspace_id, asset_id, version_id, status, phase, attempt, failures, max_failures, losses, max_losses,
      attempt_timeout_ms, job_timeout_ms, submission, recoverable, model, provider, priority, quote, hold_state, created_at)
    SELECT 'q' || id, w, 'b' || id, 'w' || id, 'pending', 'queued', 0, 0, 3, 0, 10, 1, 1, 'none', false, 'sim/image', 'sim', 0, 1, 'held', n FROM n`;
/** What the server may know of a studio that has grown, by when it last looked. */
const LOOKED_AT = {
  "after a night in which nothing was live": `${GROWN}; VACUUM (ANALYZE)`,
  "while the line was as long as all that had ended": `${QUEUED}; VACUUM (ANALYZE)`,
};

interface Scan {
  readonly when: string;
  readonly line: string;
  readonly sql: string;
}

it(
  "[J2] [J6] no question that is asked again and again reads a table that grows from its beginning to its end: nor, as claims once did, all that is live, because nothing was when the server last looked",
  { timeout: 120_000 },
  async () => {
    await using database = await openTestDatabase();
    const statements = await statementsOfALife(database.url);
    expect(statements.length).toBeGreaterThan(60);
    const scans = (await plansOnceGrown(database.url, statements)).flatMap(({ when, sql, plan }) =>
      scansIn(plan).map((line): Scan => ({ when, line, sql })),
    );
    expect(scans.filter(({ sql }) => !MAY_SCAN.some(([words]) => sql.includes(words)))).toEqual([]);
    // An exception that nothing needs any more hides the next scan.
    for (const [words] of MAY_SCAN)
      expect(
        scans.filter(({ sql }) => sql.includes(words)),
        words,
      ).not.toEqual([]);
  },
);

/** On the database's own clock, for which no index can be asked as it is. */
async function statementsOfALife(url: string): Promise<readonly string[]> {
  const pool = openPostgresPool({ url, connections: 4 });
  const asked = new Set<string>();
  pool.on("connect", (client) => {
    const ask = client.query.bind(client) as (statement: string | { readonly text: string }) => unknown;
    const listened = (statement: string | { readonly text: string }): unknown => {
      asked.add(typeof statement === "string" ? statement : statement.text);
      return ask(statement);
    };
    client.query = listened as typeof client.query;
  });
  const store = await openPostgresStore({ url, pool, alone: true, mediaUrl: (key) => key });
  await using studio = await openStudio(async () => ({
    store,
    owned: false,
    advanceClock: () => undefined,
    async [Symbol.asyncDispose]() {
      await store.close();
      await pool.end();
    },
  }));
  await aWholeLife(studio);
  return [...asked].filter((sql) => /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)/i.test(sql));
}

/** As the server plans them without knowing what is asked for, which is how it does what it has prepared. */
async function plansOnceGrown(url: string, statements: readonly string[]) {
  const client = new Client(postgresConnection({ url }));
  await client.connect();
  try {
    const plans: { readonly when: string; readonly sql: string; readonly plan: readonly string[] }[] = [];
    for (const [when, happened] of Object.entries(LOOKED_AT)) {
      for (const step of happened.split(";")) await client.query(step);
      for (const sql of statements) {
        const { rows } = await client.query<Record<"QUERY PLAN", string>>(`EXPLAIN (GENERIC_PLAN) ${sql}`);
        plans.push({ when, sql, plan: rows.map((row) => row["QUERY PLAN"].trim()) });
      }
    }
    return plans;
  } finally {
    await client.end();
  }
}

/** Tables that are read whole, and indexes that are walked from one end to the other. */
function scansIn(plan: readonly string[]): readonly string[] {
  return plan.filter((line, at) => {
    const [, whole] = /Seq Scan on (\w+)/.exec(line) ?? [];
    if (whole !== undefined) return GROWING.includes(whole);
    const [, index = "", table = ""] = /Index (?:Only )?Scan (?:Backward )?using (\w+) on (\w+)/.exec(line) ?? [];
    const [, inBitmap = index] = /Bitmap Index Scan on (\w+)/.exec(line) ?? [];
    if (inBitmap === "" || SMALL.includes(inBitmap) || !(GROWING.includes(table) || line.includes("Bitmap")))
      return false;
    const next = plan.slice(at + 1).findIndex((later) => later.startsWith("->"));
    return !plan.slice(at + 1, next === -1 ? undefined : at + 1 + next).some((later) => later.startsWith("Index Cond"));
  });
}
