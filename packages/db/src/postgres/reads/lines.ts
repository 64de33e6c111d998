import { BACKOFF, QUEUED } from "../phases.ts";

/** Each workspace and model that has jobs queued, or in backoff, found by jumping from one to the next. */
export function linesIn(phase: "queued" | "backoff"): string {
  const from = `FROM job WHERE ${phase === "queued" ? QUEUED : BACKOFF}`;
  return `WITH RECURSIVE line (w, m, p) AS (
      (SELECT workspace_id, model, provider ${from} ORDER BY workspace_id, model LIMIT 1)
      UNION ALL
      SELECT next.* FROM line CROSS JOIN LATERAL (
        SELECT workspace_id, model, provider ${from} AND (workspace_id, model) > (line.w, line.m)
        ORDER BY workspace_id, model LIMIT 1) next)
    SELECT w AS "workspaceId", m AS model, p AS provider FROM line`;
}

/** The first of every line of one workspace, in its order: `$1` the workspace, `$2` how many of each. */
export const LINES_OF_WORKSPACE = `WITH RECURSIVE line (m, p) AS (
      (SELECT model, provider FROM job WHERE workspace_id = $1 AND ${QUEUED} ORDER BY model LIMIT 1)
      UNION ALL
      SELECT next.* FROM line CROSS JOIN LATERAL (
        SELECT model, provider FROM job WHERE workspace_id = $1 AND ${QUEUED} AND model > line.m ORDER BY model LIMIT 1) next)
    SELECT line.m AS model, line.p AS provider, first.asset_id AS "assetId", first.place::integer AS place
    FROM line CROSS JOIN LATERAL (
      SELECT asset_id, row_number() OVER (ORDER BY priority DESC, id) AS place FROM (
        SELECT asset_id, priority, id FROM job WHERE workspace_id = $1 AND model = line.m AND ${QUEUED}
        ORDER BY priority DESC, id LIMIT $2) one) first
    ORDER BY line.m, first.place`;

/** The places of the first of each of these lines: `$1` workspaces, `$2` their models, `$3` how many of each. */
export const PLACES = `SELECT first.id, first.place::integer AS place
    FROM unnest($1::text[], $2::text[]) AS line(w, m) CROSS JOIN LATERAL (
      SELECT id, row_number() OVER (ORDER BY priority DESC, id) AS place FROM (
        SELECT priority, id FROM job WHERE workspace_id = line.w AND model = line.m AND ${QUEUED}
        ORDER BY priority DESC, id LIMIT $3) one) first`;
