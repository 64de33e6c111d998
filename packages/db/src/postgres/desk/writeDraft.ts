import { RowMoved } from "../../commands/Desk.ts";
import { capturedAt } from "../../rows/capturedAt.ts";
import { entryAtSql, spendingSql } from "../../rows/spendingSql.ts";
import { columnsOf, given, inserting, updating } from "../columns.ts";
import { XID } from "../openTransactions.ts";
import { asset, creditEntry, event, idempotency, job, jobInput, submission, version, workspace } from "../schema.ts";
import { FORGET_FREE_SURPLUS, SETTLE_SURPLUS } from "../slots/surplus.ts";
import type { Credits, JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { Transaction } from "../openTransactions.ts";
import type { Column } from "../columns.ts";
import type { Change, Draft, Round } from "./Draft.ts";

const ASSET = columnsOf(asset);
const VERSION = columnsOf(version);
const JOB = columnsOf(job);
const SUBMISSION = columnsOf(submission);
const KEY = columnsOf(idempotency);

const INSERT_ASSETS = inserting("asset", ASSET);
const INSERT_VERSIONS = inserting("version", VERSION);
const INSERT_JOBS = inserting("job", JOB);
const INSERT_SUBMISSIONS = inserting("submission", SUBMISSION);
const INSERT_WAITS = `${inserting("job_input", columnsOf(jobInput))} ON CONFLICT DO NOTHING`;

/** The fence (J9): a job is written only where status, attempt and lease are what the machine was asked about. */
const UPDATE_JOBS = updating("job", JOB, {
  key: "id",
  was: ["status", "attempt", "leaseUntil"],
  set: [
    "status",
    "phase",
    "attempt",
    "failures",
    "losses",
    "fraction",
    "progressAt",
    "leaseUntil",
    "workerId",
    "nextTryAt",
    "startedAt",
    "firstClaimedAt",
    "cancelRequestedAt",
    "submission",
    "recoverable",
    "errorCode",
    "errorMessage",
    "errorDetail",
    "holdState",
    "endedAt",
  ],
});
const UPDATE_ASSETS = updating("asset", ASSET, {
  key: "id",
  was: ["rowVersion"],
  set: ["status", "errorCode", "errorMessage", "currentVersionId", "jobId", "rowVersion", "deletedAt", "updatedAt"],
});
const UPDATE_VERSIONS = updating("version", VERSION, {
  key: "id",
  was: ["status"],
  set: [
    "status",
    "mediaKey",
    "mime",
    "bytes",
    "sha256",
    "width",
    "height",
    "durationMs",
    "posterKey",
    "thumbKey",
    "thumbhash",
    "costMicros",
    "costBasis",
  ],
});
const UPDATE_SUBMISSIONS = updating("submission", SUBMISSION, {
  key: "id",
  was: ["state"],
  set: ["jobId", "providerRef", "state", "outcome", "intendedAt", "openedAt", "endedAt"],
});
const FORGET_WAITS = "DELETE FROM job_input WHERE job_id = ANY($1)";
const FREE_SLOTS = "UPDATE slot SET job_id = NULL WHERE job_id = ANY($1)";
const INHERIT_SLOTS = `UPDATE slot SET job_id = r."to" FROM json_to_recordset($1::json) AS r("from" text, "to" text)
  WHERE slot.job_id = r."from"`;
const REMEMBER_KEYS = `${inserting("idempotency", KEY)}
  ON CONFLICT (workspace_id, key) DO UPDATE SET body_hash = excluded.body_hash, asset_ids = excluded.asset_ids, at = excluded.at`;

const COUNTED = columnsOf(workspace).filter(({ property }) => ["id", "seq", "balance", "held"].includes(property));
const LOCK_WORKSPACES = "SELECT id FROM workspace WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";
/** Numbers for so many events, and what their ledger lines come to: the last row that a transaction writes (E1, C3). */
const COUNT = `UPDATE workspace AS t SET seq = t.seq + r.seq, balance = t.balance + r.balance, held = t.held + r.held
  FROM ${given("$1", COUNTED)} WHERE t.id = r.id RETURNING t.id, ${XID} AS xid`;

const SPENT = columnsNamed("spent", "capturedAt", "day", "dayEnds", "month", "monthEnds");
const SPENDING = spendingSql("t", `r."spent"`, {
  at: `r."capturedAt"`,
  day: `r."day"`,
  dayEnds: `r."dayEnds"`,
  month: `r."month"`,
  monthEnds: `r."monthEnds"`,
});
/** The same where something is captured, which is spending too (C5). */
const COUNT_CAPTURES = `UPDATE workspace AS t SET seq = t.seq + r.seq, balance = t.balance + r.balance, held = t.held + r.held,
    ${Object.entries(SPENDING)
      .map(([column, so]) => `${column} = CASE WHEN r."spent" = 0 THEN t.${column} ELSE ${so} END`)
      .join(", ")}
  FROM ${given("$1", [...COUNTED, ...SPENT])} WHERE t.id = r.id RETURNING t.id, ${XID} AS xid`;

const EVENT = columnsOf(event);
const EVENT_GIVEN = EVENT.map((column) => (column.property === "seq" ? { ...column, property: "behind" } : column));
/** Dense up to the number that the workspace has come to. */
const INSERT_EVENTS = `INSERT INTO event (${EVENT.map(({ name }) => name).join(", ")})
  SELECT ${EVENT.map(({ property }) => (property === "seq" ? `w.seq - r."behind"` : `r."${property}"`)).join(", ")}
  FROM ${given("$1", EVENT_GIVEN)} JOIN workspace w ON w.id = r."workspaceId"`;
const ENTRY = columnsOf(creditEntry).filter(({ property }) => property !== "id");
const ENTRY_AT = entryAtSql(`r."kind"`, `r."at"`, `r."workspaceId"`);
const INSERT_ENTRIES = `INSERT INTO credit_entry (${ENTRY.map(({ name }) => name).join(", ")})
  SELECT ${ENTRY.map(({ property }) => (property === "at" ? ENTRY_AT : `r."${property}"`)).join(", ")}
  FROM ${given("$1", ENTRY)}`;

/** Writes what was decided, all of it sent together; tells whether slots became free. Throws `RowMoved` before anything is committed. */
export async function writeDraft(transaction: Transaction, draft: Draft): Promise<{ readonly freed: boolean }> {
  const written = draft.rounds.flatMap((round) => writeRound(transaction, round));
  const keys = draft.keys.length > 0 ? [transaction.run(REMEMBER_KEYS, JSON.stringify(draft.keys))] : [];
  const counted = draft.events.length > 0 ? count(transaction, draft) : [];
  const [freed] = await Promise.all([Promise.all(written), Promise.all(keys), Promise.all(counted)]);
  return { freed: freed.includes(true) };
}

function columnsNamed(...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ property: name, name, type: "bigint" }));
}

function writeRound({ run }: Transaction, round: Round): Promise<boolean>[] {
  const insert = (sql: string, rows: readonly unknown[]): Promise<boolean>[] =>
    rows.length === 0 ? [] : [run(sql, JSON.stringify(rows)).then(() => false)];
  return [
    ...update(run, UPDATE_JOBS, round.jobs, ({ status, attempt, leaseUntil }) => ({
      was_status: status,
      was_attempt: attempt,
      was_leaseUntil: leaseUntil,
    })),
    ...insert(INSERT_ASSETS, round.newAssets),
    ...insert(INSERT_VERSIONS, round.newVersions),
    ...insert(INSERT_JOBS, round.newJobs),
    ...update(run, UPDATE_VERSIONS, round.versions, ({ status }) => ({ was_status: status })),
    ...update(run, UPDATE_ASSETS, round.assets, ({ rowVersion }) => ({ was_rowVersion: rowVersion })),
    ...(round.waitsNoMore.length === 0 ? [] : [run(FORGET_WAITS, round.waitsNoMore).then(() => false)]),
    ...insert(INSERT_WAITS, round.waits),
    ...update(run, UPDATE_SUBMISSIONS, round.submissions, ({ state }) => ({ was_state: state })),
    ...insert(INSERT_SUBMISSIONS, round.newSubmissions),
    ...free(run, round.freed),
    ...insert(INHERIT_SLOTS, round.heirs),
  ];
}

function free(run: Transaction["run"], jobs: readonly JobId[]): Promise<boolean>[] {
  if (jobs.length === 0) return [];
  const freed = run(FREE_SLOTS, jobs).then((rows) => rows > 0);
  return [freed, run(SETTLE_SURPLUS).then(() => false), run(FORGET_FREE_SURPLUS).then(() => false)];
}

function update<T extends { readonly id: string }>(
  run: Transaction["run"],
  sql: string,
  changes: ReadonlyMap<string, Change<T>>,
  was: (before: T) => object,
): Promise<boolean>[] {
  if (changes.size === 0) return [];
  const rows = [...changes.values()].map(({ before, after }) => ({ ...after, ...was(before) }));
  const ids = rows.map(({ id }) => id);
  return [
    run(sql, JSON.stringify(rows), ids).then((written) => {
      if (written === rows.length) return false;
      throw new RowMoved(`${rows.length - written} of ${ids.join(", ")} moved`);
    }),
  ];
}

interface Sum {
  readonly id: WorkspaceId;
  seq: number;
  balance: number;
  held: number;
  captured: number;
}

function count(transaction: Transaction, { events, at: now }: Draft): readonly Promise<unknown>[] {
  const sums = new Map<WorkspaceId, Sum>();
  const numbered = events.map(({ event: one, ledger }) => {
    const sum = sums.get(one.workspaceId) ?? { id: one.workspaceId, seq: 0, balance: 0, held: 0, captured: 0 };
    sums.set(one.workspaceId, sum);
    sum.balance += ledger?.balance ?? 0;
    sum.held += ledger?.held ?? 0;
    if (ledger?.kind === "capture") sum.captured += ledger.balance;
    sum.seq += 1;
    return { one, place: sum.seq };
  });
  const rows = numbered.map(({ one, place }) => ({ ...one, behind: (sums.get(one.workspaceId)?.seq ?? 0) - place }));
  const entries = events.flatMap(({ event: { workspaceId, assetId, at }, ledger }) =>
    ledger === null ? [] : [{ ...ledger, workspaceId, assetId, at }],
  );
  const counts = [...sums.values()];
  const spends = counts.some(({ captured }) => captured !== 0);
  return [
    ...(sums.size > 1 ? [transaction.rows(LOCK_WORKSPACES, [...sums.keys()])] : []),
    transaction
      .rows<{ readonly id: WorkspaceId; readonly xid: string }>(
        spends ? COUNT_CAPTURES : COUNT,
        JSON.stringify(
          counts.map((sum) => ({ ...sum, ...(spends ? capturedAt({ balance: sum.captured as Credits }, now) : {}) })),
        ),
      )
      .then((found) => {
        if (found.length !== sums.size) throw new Error(`There is no workspace ${[...sums.keys()].join(" or ")}.`);
        transaction.xid = found[0]?.xid ?? null;
      }),
    transaction.run(INSERT_EVENTS, JSON.stringify(rows)),
    ...(entries.length > 0 ? [transaction.run(INSERT_ENTRIES, JSON.stringify(entries))] : []),
  ];
}
