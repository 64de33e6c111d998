import { INVARIANTS } from "./invariants.ts";
import type { Finding } from "../store/keeping.ts";
import type { Broken, Invariant } from "./Invariant.ts";

/** What the question for all invariants answers: a row for each broken thing, with the place of its invariant in the list. */
export interface BrokenRow extends Broken {
  readonly which: number;
}

/** The question for all invariants; `$1` is the database's clock. */
export function questionForAll(): string {
  return INVARIANTS.map(
    ({ sql }, which) => `SELECT ${which} AS which, subject, "workspaceId", "assetId" FROM (${sql}) AS q${which}`,
  ).join(" UNION ALL ");
}

/** The question whether one thing is (still) broken: `$1` is the database's clock, named in any case, `$2` the thing's id. */
export function questionForOne({ sql }: Invariant): string {
  return `SELECT subject, "workspaceId", "assetId" FROM (${sql}) AS q WHERE subject = $2 AND CAST($1 AS bigint) > 0 LIMIT 1`;
}

/**
 * One workspace's rows under the names of whole tables, so that the same questions can be asked of them alone. Each is read
 * once, and by an index where there is one. `table` names a whole table; `$2` is the workspace.
 */
export function ofOneWorkspace(table: (name: string) => string): string {
  return `WITH
  workspace AS MATERIALIZED (SELECT * FROM ${table("workspace")} WHERE id = $2),
  asset AS MATERIALIZED (SELECT * FROM ${table("asset")} WHERE workspace_id = $2),
  version AS MATERIALIZED (SELECT v.* FROM asset a CROSS JOIN ${table("version")} v WHERE v.asset_id = a.id),
  job AS MATERIALIZED (SELECT j.* FROM version v CROSS JOIN ${table("job")} j WHERE j.version_id = v.id),
  job_input AS MATERIALIZED (SELECT i.* FROM job j CROSS JOIN ${table("job_input")} i WHERE i.job_id = j.id),
  submission AS MATERIALIZED (SELECT s.* FROM job j CROSS JOIN ${table("submission")} s WHERE s.job_id = j.id),
  credit_entry AS MATERIALIZED (SELECT * FROM ${table("credit_entry")} WHERE workspace_id = $2),
  event AS MATERIALIZED (SELECT * FROM ${table("event")} WHERE workspace_id = $2)`;
}

export function toFindings(rows: readonly BrokenRow[]): readonly Finding[] {
  return rows.flatMap(({ which, ...broken }) => {
    const asked = INVARIANTS[which];
    if (asked === undefined) return [];
    const { name, rule, explanation, mend, move } = asked;
    return [{ check: name, rule, explanation, mendable: mend !== undefined || move !== undefined, ...broken }];
  });
}
