import { legalTransitions } from "./legalTransitions.ts";
import { PENDING_PHASES, PROCESSING_PHASES } from "./status.ts";
import type { Edge } from "./legalTransitions.ts";

export type SqlDialect = "sqlite" | "postgres";

/**
 * Statements that make the tables refuse what the machines refuse, whoever writes: a hand-typed UPDATE, an INSERT OR
 * REPLACE, a bug. To be run in order, in a migration. They speak of these columns:
 *
 * - `job(id, asset_id, status, phase, attempt, hold_state, quote)`
 * - `version(id, asset_id, number, status)`
 * - `asset(id, origin, status, row_version)`
 *
 * A refused write fails with a message that begins with `reelstate:` (on PostgreSQL with SQLSTATE 23514).
 */
export function sqlGuards(dialect: SqlDialect): readonly string[] {
  return dialect === "sqlite" ? tableGuards().flatMap(sqliteTriggers) : tableGuards().flatMap(postgresTrigger);
}

interface TableGuard {
  readonly table: "asset" | "job" | "version";
  /** Updates that set none of these are not looked at: a heartbeat costs nothing. */
  readonly columns: readonly string[];
  readonly insert: readonly Rule[];
  readonly update: readonly Rule[];
}

interface Rule {
  readonly message: string;
  /** True for what is refused. `NEW` and `OLD` mean the same on both databases. */
  readonly refuse: string;
}

function tableGuards(): readonly TableGuard[] {
  const legal = legalTransitions();
  return [
    {
      table: "job",
      columns: ["id", "asset_id", "status", "phase", "attempt", "hold_state", "quote"],
      insert: [
        {
          message: "a job is born pending, attempt 0, its hold held (J1)",
          refuse: "NEW.status <> 'pending' OR NEW.attempt <> 0 OR NEW.hold_state <> 'held'",
        },
        { message: "this job exists; it cannot be replaced (J8)", refuse: exists("job", "id = NEW.id") },
        {
          message: "the asset has a live job (J11)",
          refuse: exists("job", "asset_id = NEW.asset_id AND status IN ('pending', 'processing')"),
        },
        PHASE_FITS,
      ],
      update: [
        {
          message: "a job keeps its id, asset and quote",
          refuse: "NEW.id <> OLD.id OR NEW.asset_id <> OLD.asset_id OR NEW.quote <> OLD.quote",
        },
        illegalEdge("job", legal.job),
        {
          message: "a claim raises the attempt by one, and nothing else changes it (J2, J9)",
          refuse:
            "NEW.attempt <> OLD.attempt + CASE WHEN OLD.status = 'pending' AND NEW.status = 'processing' THEN 1 ELSE 0 END",
        },
        {
          message: "a hold ends with its job, once: captured when completed, else released (C2)",
          refuse:
            "NEW.hold_state <> CASE NEW.status WHEN 'completed' THEN 'captured' WHEN 'failed' THEN 'released' WHEN 'cancelled' THEN 'released' ELSE 'held' END",
        },
        PHASE_FITS,
        {
          message: "within an attempt phases only move forward (J3)",
          refuse: `OLD.status = 'processing' AND NEW.status = 'processing' AND ${rank("NEW")} < ${rank("OLD")}`,
        },
      ],
    },
    {
      table: "version",
      columns: ["id", "asset_id", "number", "status"],
      insert: [
        {
          message: "a version is born pending, or completed when uploaded",
          refuse: "NEW.status NOT IN ('pending', 'completed')",
        },
        {
          message: "this version exists; it cannot be replaced (J8)",
          refuse: exists("version", "id = NEW.id OR (asset_id = NEW.asset_id AND number = NEW.number)"),
        },
      ],
      update: [
        {
          message: "a version keeps its id, asset and number",
          refuse: "NEW.id <> OLD.id OR NEW.asset_id <> OLD.asset_id OR NEW.number <> OLD.number",
        },
        illegalEdge("version", legal.version),
      ],
    },
    {
      table: "asset",
      columns: ["id", "origin", "status", "row_version"],
      insert: [
        {
          message: "an asset is born pending, or completed when uploaded (A1)",
          refuse: "NEW.status <> CASE NEW.origin WHEN 'uploaded' THEN 'completed' ELSE 'pending' END",
        },
        { message: "this asset exists; it cannot be replaced (J8)", refuse: exists("asset", "id = NEW.id") },
      ],
      update: [
        { message: "an asset keeps its id and origin", refuse: "NEW.id <> OLD.id OR NEW.origin <> OLD.origin" },
        illegalEdge("asset", legal.asset),
        {
          message: "a change of status raises row_version, and nothing lowers it (A9)",
          refuse:
            "NEW.row_version < OLD.row_version OR (NEW.status <> OLD.status AND NEW.row_version = OLD.row_version)",
        },
      ],
    },
  ];
}

const PHASE_FITS: Rule = {
  message: "the phase does not belong to the status",
  refuse: `NOT (CASE NEW.status WHEN 'pending' THEN ${oneOf("COALESCE(NEW.phase, '')", PENDING_PHASES)} WHEN 'processing' THEN ${oneOf("COALESCE(NEW.phase, '')", PROCESSING_PHASES)} ELSE NEW.phase IS NULL END)`,
};

function rank(row: "NEW" | "OLD"): string {
  return `(CASE ${row}.phase ${PROCESSING_PHASES.map((phase, index) => `WHEN '${phase}' THEN ${index}`).join(" ")} END)`;
}

function illegalEdge(what: string, edges: readonly Edge<string>[]): Rule {
  return {
    message: `illegal ${what} transition (J8)`,
    refuse: `NEW.status <> OLD.status AND NOT (${legalFrom(edges)})`,
  };
}

function legalFrom(edges: readonly Edge<string>[]): string {
  const sources = [...new Set(edges.map(([from]) => from))];
  const targets = (source: string): readonly string[] => edges.filter(([from]) => from === source).map(([, to]) => to);
  return `CASE OLD.status ${sources.map((source) => `WHEN '${source}' THEN ${oneOf("NEW.status", targets(source))}`).join(" ")} ELSE 1 = 0 END`;
}

/** Comparisons, because SQLite builds a table for each longer IN list, every time it meets one. */
function oneOf(value: string, words: readonly string[]): string {
  return `(${words.map((word) => `${value} = '${word}'`).join(" OR ")})`;
}

function exists(table: string, where: string): string {
  return `EXISTS (SELECT 1 FROM ${table} WHERE ${where})`;
}

/**
 * One SELECT for all the rules of a trigger, because each costs what a whole statement costs.
 * BEFORE triggers see an INSERT OR REPLACE before it deletes, and RAISE(ABORT) undoes one statement of a group commit.
 */
function sqliteTriggers({ table, columns, insert, update }: TableGuard): readonly string[] {
  const body = (rules: readonly Rule[]): string => {
    const cases = rules.map(
      ({ message, refuse }) => `    WHEN ${refuse}\n      THEN RAISE(ABORT, 'reelstate: ${message}')`,
    );
    return `  SELECT CASE\n${cases.join("\n")}\n  END;`;
  };
  return [
    `CREATE TRIGGER ${table}_insert_guard BEFORE INSERT ON ${table} FOR EACH ROW\nBEGIN\n${body(insert)}\nEND;`,
    `CREATE TRIGGER ${table}_update_guard BEFORE UPDATE OF ${columns.join(", ")} ON ${table} FOR EACH ROW\nBEGIN\n${body(update)}\nEND;`,
  ];
}

function postgresTrigger({ table, columns, insert, update }: TableGuard): readonly string[] {
  const body = (rules: readonly Rule[]): string =>
    rules
      .map(
        ({ message, refuse }) =>
          `    IF (${refuse}) THEN\n      RAISE EXCEPTION 'reelstate: ${message}' USING ERRCODE = '23514';\n    END IF;`,
      )
      .join("\n");
  return [
    `CREATE OR REPLACE FUNCTION reelstate_${table}_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$\nBEGIN\n  IF TG_OP = 'INSERT' THEN\n${body(insert)}\n  ELSE\n${body(update)}\n  END IF;\n  RETURN NEW;\nEND\n$guard$;`,
    `CREATE TRIGGER ${table}_guard BEFORE INSERT OR UPDATE OF ${columns.join(", ")} ON ${table}\nFOR EACH ROW EXECUTE FUNCTION reelstate_${table}_guard();`,
  ];
}
