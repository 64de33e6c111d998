import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { Finding } from "../../Store.ts";

interface Invariant {
  readonly rule: string;
  readonly explanation: string;
  /** Gives one row, with `subject`, for everything that breaks the rule. `@now` is the database's clock. */
  readonly sql: string;
}

/** How long after its lease a job may still stand as processing: a sweep has had every chance by then. */
const SWEEP_GRACE_MS = 60_000;

const INVARIANTS: readonly Invariant[] = [
  {
    rule: "A1",
    explanation: "A generated asset that is being made has no live job.",
    sql: `SELECT a.id AS subject FROM asset a WHERE a.status IN ('pending', 'processing')
      AND NOT EXISTS (SELECT 1 FROM job j WHERE j.asset_id = a.id AND j.status IN ('pending', 'processing'))`,
  },
  {
    rule: "A2",
    explanation: "An asset's newest job and the version it makes do not have the same status.",
    sql: `SELECT a.id AS subject FROM asset a JOIN job j ON j.id = a.job_id JOIN version v ON v.id = j.version_id
      WHERE j.status <> v.status`,
  },
  {
    rule: "A2",
    explanation: "A live job is not the one that its asset knows.",
    sql: `SELECT j.id AS subject FROM job j JOIN asset a ON a.id = j.asset_id
      WHERE j.status IN ('pending', 'processing') AND a.job_id IS NOT j.id`,
  },
  {
    rule: "A2",
    explanation: "An asset and its current version do not have the same status.",
    sql: `SELECT a.id AS subject FROM asset a JOIN version v ON v.id = a.current_version_id WHERE a.status <> v.status`,
  },
  {
    rule: "A3",
    explanation: "An asset's current version belongs to another asset, or is not there.",
    sql: `SELECT a.id AS subject FROM asset a LEFT JOIN version v ON v.id = a.current_version_id
      WHERE v.id IS NULL OR v.asset_id <> a.id`,
  },
  {
    rule: "A4",
    explanation: "A failed asset does not say why.",
    sql: "SELECT id AS subject FROM asset WHERE status = 'failed' AND (error_code IS NULL OR COALESCE(error_message, '') = '')",
  },
  {
    rule: "A5",
    explanation: "A completed version has no whole media.",
    sql: `SELECT v.id AS subject FROM version v JOIN asset a ON a.id = v.asset_id WHERE v.status = 'completed'
      AND (v.media_key IS NULL OR COALESCE(v.bytes, 0) <= 0 OR length(v.sha256) <> 64 OR v.width <= 0 OR v.height <= 0
        OR v.poster_key IS NULL OR v.thumb_key IS NULL OR (a.asset_type = 'video' AND COALESCE(v.duration_ms, 0) <= 0))`,
  },
  {
    rule: "A7",
    explanation: "A job waits for inputs of which none is being made any more.",
    sql: `SELECT j.id AS subject FROM job j WHERE j.status = 'pending' AND j.phase = 'waiting_inputs' AND NOT EXISTS
      (SELECT 1 FROM job_input i JOIN version v ON v.id = i.version_id WHERE i.job_id = j.id AND v.status IN ('pending', 'processing'))`,
  },
  {
    rule: "C2",
    explanation: "A job's hold did not end with it as it should have.",
    sql: `SELECT id AS subject FROM job WHERE hold_state <> CASE status WHEN 'completed' THEN 'captured'
      WHEN 'failed' THEN 'released' WHEN 'cancelled' THEN 'released' ELSE 'held' END`,
  },
  {
    rule: "C2",
    explanation: "A job's lines in the ledger are not one hold and, once ended, one end.",
    sql: `SELECT j.id AS subject FROM job j LEFT JOIN credit_entry e ON e.job_id = j.id GROUP BY j.id
      HAVING j.quote > 0 AND (COALESCE(sum(e.kind = 'hold' AND e.held = j.quote), 0) <> 1
        OR COALESCE(sum(e.kind IN ('capture', 'release')), 0) <> (j.status IN ('completed', 'failed', 'cancelled')))`,
  },
  {
    rule: "C3",
    explanation: "The ledger does not sum to the workspace's balance and held credits.",
    sql: `SELECT w.id AS subject FROM workspace w LEFT JOIN credit_entry e ON e.workspace_id = w.id GROUP BY w.id
      HAVING w.balance <> COALESCE(sum(e.balance), 0) OR w.held <> COALESCE(sum(e.held), 0)`,
  },
  {
    rule: "C3",
    explanation: "The credits held are not those of the live jobs.",
    sql: `SELECT w.id AS subject FROM workspace w WHERE w.held <>
      (SELECT COALESCE(sum(quote), 0) FROM job j WHERE j.workspace_id = w.id AND j.hold_state = 'held')`,
  },
  {
    rule: "E1",
    explanation: "The workspace's events are not numbered densely up to its seq.",
    sql: `SELECT w.id AS subject FROM workspace w LEFT JOIN event e ON e.workspace_id = w.id GROUP BY w.id
      HAVING count(e.seq) <> w.seq - w.pruned_seq OR (count(e.seq) > 0 AND (max(e.seq) <> w.seq OR min(e.seq) <> w.pruned_seq + 1))`,
  },
  {
    rule: "J6",
    explanation: "A job stands as processing long after its lease has ended.",
    sql: `SELECT id AS subject FROM job WHERE status = 'processing' AND COALESCE(lease_until, 0) < @now - ${SWEEP_GRACE_MS}`,
  },
  {
    rule: "J11",
    explanation: "An asset has more than one live job.",
    sql: `SELECT asset_id AS subject FROM job WHERE status IN ('pending', 'processing') GROUP BY asset_id HAVING count(*) > 1`,
  },
  {
    rule: "P1",
    explanation: "A job has more than one submission that may be alive.",
    sql: `SELECT job_id AS subject FROM submission WHERE state <> 'ended' GROUP BY job_id HAVING count(*) > 1`,
  },
  {
    rule: "P1",
    explanation: "A job's row does not tell the state of its newest submission.",
    sql: `SELECT j.id AS subject FROM job j LEFT JOIN submission s ON s.job_id = j.id AND s.state <> 'ended'
      WHERE j.status IN ('pending', 'processing')
        AND COALESCE(s.state, 'none') <> CASE j.submission WHEN 'ended' THEN 'none' ELSE j.submission END`,
  },
];

/** One workspace's rows under the names of whole tables, so that the same questions can be asked of them alone. */
const OF_ONE_WORKSPACE = `WITH
  workspace AS (SELECT * FROM main.workspace WHERE id = @workspaceId),
  asset AS (SELECT * FROM main.asset WHERE workspace_id = @workspaceId),
  version AS (SELECT v.* FROM main.version v JOIN main.asset a ON a.id = v.asset_id WHERE a.workspace_id = @workspaceId),
  job AS (SELECT * FROM main.job WHERE workspace_id = @workspaceId),
  submission AS (SELECT s.* FROM main.submission s JOIN main.job j ON j.id = s.job_id WHERE j.workspace_id = @workspaceId),
  credit_entry AS (SELECT * FROM main.credit_entry WHERE workspace_id = @workspaceId),
  event AS (SELECT * FROM main.event WHERE workspace_id = @workspaceId)`;

/** Asks for every invariant that rows can show: of all workspaces, or of one. The answer is empty when all hold. */
export function prepareInvariants(
  db: Database,
): (now: EpochMs, scope?: { readonly workspaceId: WorkspaceId }) => readonly Finding[] {
  const everywhere = once(() => prepare((sql) => sql));
  const inOne = once(() => prepare((sql) => `${OF_ONE_WORKSPACE} ${sql}`));

  function prepare(scoped: (sql: string) => string) {
    return INVARIANTS.map(({ rule, explanation, sql }) => {
      const statement = db.prepare(scoped(sql)).pluck();
      const names = ["now", "workspaceId"].filter((name) => scoped(sql).includes(`@${name}`));
      return { rule, explanation, names, statement };
    });
  }
  return (now, scope) => {
    const given: Readonly<Record<string, unknown>> = { now, workspaceId: scope?.workspaceId };
    return (scope === undefined ? everywhere() : inOne()).flatMap(({ rule, explanation, names, statement }) => {
      const subjects = statement.all(Object.fromEntries(names.map((name) => [name, given[name]]))) as string[];
      return subjects.map((subject) => ({ rule, subject, explanation }));
    });
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
