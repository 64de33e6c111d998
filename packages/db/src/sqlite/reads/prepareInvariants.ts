import { INVARIANTS } from "../invariants/invariants.ts";
import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { Finding } from "../../store/keeping.ts";
import type { Broken } from "../invariants/Invariant.ts";

/**
 * One workspace's rows under the names of whole tables, so that the same questions can be asked of them alone. Each is
 * read once, and by an index where there is one.
 */
const OF_ONE_WORKSPACE = `WITH
  workspace AS MATERIALIZED (SELECT * FROM main.workspace WHERE id = @workspaceId),
  asset AS MATERIALIZED (SELECT * FROM main.asset WHERE workspace_id = @workspaceId),
  version AS MATERIALIZED (SELECT v.* FROM asset a CROSS JOIN main.version v ON v.asset_id = a.id),
  job AS MATERIALIZED (SELECT j.* FROM version v CROSS JOIN main.job j ON j.version_id = v.id),
  job_input AS MATERIALIZED (SELECT i.* FROM job j CROSS JOIN main.job_input i ON i.job_id = j.id),
  submission AS MATERIALIZED (SELECT s.* FROM job j CROSS JOIN main.submission s ON s.job_id = j.id),
  credit_entry AS MATERIALIZED (SELECT * FROM main.credit_entry WHERE workspace_id = @workspaceId),
  event AS MATERIALIZED (SELECT * FROM main.event WHERE workspace_id = @workspaceId)`;

/** Asks for every invariant that rows can show: of all workspaces, or of one. The answer is empty when all hold. */
export function prepareInvariants(
  db: Database,
): (now: EpochMs, scope?: { readonly workspaceId: WorkspaceId }) => readonly Finding[] {
  const questions = INVARIANTS.map(
    ({ sql }, which) => `SELECT ${which} AS which, subject, workspaceId, assetId FROM (${sql})`,
  );
  const all = questions.join(" UNION ALL ");
  const everywhere = once(() => db.prepare(all));
  const inOne = once(() => db.prepare(`${OF_ONE_WORKSPACE} ${all}`));
  return (now, scope) => {
    const rows = scope === undefined ? everywhere().all({ now }) : inOne().all({ now, workspaceId: scope.workspaceId });
    return (rows as (Broken & { readonly which: number })[]).flatMap(({ which, ...broken }) => {
      const asked = INVARIANTS[which];
      if (asked === undefined) return [];
      const { name, rule, explanation, mend } = asked;
      return [{ check: name, rule, explanation, mendable: mend !== undefined, ...broken }];
    });
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
