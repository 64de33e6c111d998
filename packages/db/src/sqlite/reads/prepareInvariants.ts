import { INVARIANTS } from "../invariants/invariants.ts";
import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { Finding } from "../../Store.ts";
import type { Broken } from "../invariants/Invariant.ts";

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
    return INVARIANTS.map(({ name, rule, explanation, sql, mend }) => {
      const statement = db.prepare(scoped(sql));
      const names = ["now", "workspaceId"].filter((name) => scoped(sql).includes(`@${name}`));
      return { check: name, rule, explanation, mendable: mend !== undefined, names, statement };
    });
  }
  return (now, scope) => {
    const given: Readonly<Record<string, unknown>> = { now, workspaceId: scope?.workspaceId };
    return (scope === undefined ? everywhere() : inOne()).flatMap(({ names, statement, ...told }) => {
      const broken = statement.all(Object.fromEntries(names.map((name) => [name, given[name]]))) as Broken[];
      return broken.map((one) => ({ ...told, ...one }));
    });
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
