import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { aWholeLife } from "../testing/aWholeLife.ts";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { openStudio } from "../testing/openStudio.ts";
import type { Database } from "better-sqlite3";
import type { Studio } from "../testing/openStudio.ts";

/** What grows for as long as a studio is used, or as long as its line is. */
const GROWING = ["asset", "version", "job", "submission", "credit_entry", "event", "history", "idempotency"];
/** Indexes over as much as runs or waits for a reference at a time. */
const SMALL = ["job_processing", "job_waiting", "submission_alive"];

/** Statements that read a whole table, and why they may. */
const MAY_SCAN: readonly (readonly [words: string, why: string])[] = [
  ["SELECT media_key FROM version", "every file that is referred to, once an hour, is a question about every version"],
  ["SELECT count(*) FROM version", "asked by a doctor"],
  ["FROM (SELECT * FROM job ORDER BY id DESC LIMIT 500)", "the newest 500, every ten seconds"],
  [
    "SELECT (SELECT count(*) FROM job INDEXED BY job_queued",
    "how many wait, at most once a second, from the index alone",
  ],
  ["WHERE +j.workspace_id = @workspaceId", "jobs of a status that no page asks for, as far back as jobs are kept"],
  ["(status = 'processing' OR (status = 'pending' AND submission IN", "once, when a provider's first limit is set"],
  ["ELSE (SELECT COALESCE(-sum(e.balance), 0) FROM credit_entry", "once, when a clock went back past midnight"],
  ["WITH RECURSIVE\n  due(id)", "versions are looked through only where something is due"],
];

/** Everything a store prepares while a studio lives, with what it asked for. */
async function liveAndListen(live: (studio: Studio) => Promise<void>): Promise<readonly Asked[]> {
  const db = new Sqlite(":memory:");
  const prepare = db.prepare.bind(db);
  const asked = new Set<string>();
  db.prepare = (sql: string) => {
    asked.add(sql);
    return prepare(sql);
  };
  await using studio = await openStudio(() => openSqliteForTest({ connection: db }));
  await live(studio);
  return [...asked]
    .filter((sql) => /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)/i.test(sql))
    .map((sql) => ({ sql, plan: planOf(db, sql) }));
}

interface Asked {
  readonly sql: string;
  /** The lines of its plan, with the names of tables for their short names. */
  readonly plan: readonly string[];
}

function planOf(db: Database, sql: string): readonly string[] {
  const bare = sql.replaceAll(/@\w+/g, "NULL").replaceAll("?", "NULL");
  const lines = db.prepare(`EXPLAIN QUERY PLAN ${bare}`).all() as { readonly detail: string }[];
  return lines.map(({ detail }) =>
    detail.replace(/^(SCAN|SEARCH) (\w+)/, (_all, how: string, name: string) => `${how} ${tableOf(sql, name)}`),
  );
}

function tableOf(sql: string, name: string): string {
  return new RegExp(`\\b(?:FROM|JOIN|,)\\s*(\\w+) ${name}\\b`).exec(sql)?.[1] ?? name;
}

it("[J2] [J6] no question that is asked again and again reads a table that grows from its beginning to its end", async () => {
  const asked = await liveAndListen(aWholeLife);
  expect(asked.length).toBeGreaterThan(80);
  const scans = asked
    .filter(({ sql }) => !MAY_SCAN.some(([words]) => sql.includes(words)))
    .flatMap(({ sql, plan }) => plan.filter((line) => readsAllThatGrows(line, sql)).map((line) => ({ line, sql })));
  expect(scans).toEqual([]);
  // Whoever may is still asked: an exception that nothing needs any more hides the next scan.
  for (const [words] of MAY_SCAN) expect(asked.filter(({ sql }) => sql.includes(words)).length, words).toBe(1);
});

it("[J2] a claim goes from one model's line to the next by one look into the index, however long the lines are", async () => {
  const asked = await liveAndListen(aWholeLife);
  const lines = asked.filter(({ sql }) => sql.includes("AS workspaceId, m AS model"));
  expect(lines).toHaveLength(2);
  for (const { plan } of lines) {
    const looks = plan.filter((line) => line.startsWith("SEARCH job"));
    expect(looks.every((line) => /\(workspace_id>\?\)$|\(workspace_id=\? AND model[>=]\?\)$/.test(line))).toBe(true);
    // Only who looks for another workspace may pass over its lines, and looks no further than the first of them.
    expect(looks.filter((line) => line.includes("(workspace_id>?)"))).toHaveLength(2);
  }
});

it("[J2] nothing that every life asks is prepared again each time it is asked, as SQLite does when a bound value could change its plan", async () => {
  const asked = await liveAndListen(async (studio) => void (await studio.made()));
  expect(asked.length).toBeGreaterThan(80);
  expect(asked.flatMap(({ sql }) => plannedByItsValues(sql)).toSorted()).toEqual([]);
});

/**
 * The values that SQLite looks at when it plans, so that binding another one makes it plan anew: those of a LIMIT, and those
 * compared with a column that a partial index compares with a word, which it might match. A plus before either hides them.
 */
function plannedByItsValues(sql: string): readonly string[] {
  const asking = sql.replaceAll(/\bSET\b.*?(?=\bWHERE\b|$)/gs, "");
  return asking.match(/\bLIMIT [?@]\w*|(?<![+\w.])(?:\w+\.)?(?:status|phase|state) (?:=|<>|IS|IS NOT) [?@]\w*/g) ?? [];
}

/** A table, or all that a workspace has in it; the first few of a workspace are another thing. */
function readsAllThatGrows(line: string, sql: string): boolean {
  const [, table = ""] = /^SCAN (\w+)/.exec(line) ?? /^SEARCH (\w+) .* \(workspace_id=\?\)$/.exec(line) ?? [];
  const few = line.startsWith("SEARCH") && /order by .* limit/i.test(sql);
  return GROWING.includes(table) && !few && !SMALL.some((index) => line.includes(index));
}
