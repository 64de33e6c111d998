/** What the two databases write differently. */
export interface Dialect {
  /** Numbers from one to another, as the table `series(n)`, for the beginning of a statement. */
  readonly series: (from: number, to: number) => string;
  /** A number as so many digits. */
  readonly digits: (number: string, count: number) => string;
}

export interface Finished {
  /** How many are there already. */
  readonly from: number;
  readonly count: number;
  /** They are spread evenly over the workspaces `bench0`, `bench1`, …, whose number divides both. */
  readonly workspaces: number;
  readonly model: string;
}

const QUOTE = 6;
const DAY_MS = 86_400_000;

/**
 * Statements that write jobs which have run their whole course, with everything that the store would have written of them: to the
 * same tables and columns, in bulk. Whoever runs them has switched the guards off, which judge every row by itself.
 */
export function finishedJobs(
  { series, digits }: Dialect,
  { from, count, workspaces, model }: Finished,
): readonly string[] {
  if (from % workspaces !== 0 || count % workspaces !== 0)
    throw new Error(`${from} and ${count} jobs cannot be spread evenly over ${workspaces} workspaces.`);
  const each = count / workspaces;
  const rows = series(from, from + count - 1);
  // As long as those of the jobs that are measured: else two shorter ones would find room where one of these did not.
  const number = digits("n", 12);
  const hash = digits("n", 64);
  // As long as the studio's ids, and before those that a measurement makes.
  const id = (kind: string): string => `'01a00000-0000-7000-${kind}000-' || ${number}`;
  const [asset, version, job] = [id("8"), id("9"), id("a")];
  const workspace = `'bench' || (n % ${workspaces})`;
  const ids = Array.from({ length: workspaces }, (_, index) => `'bench${index}'`).join(", ");
  // Of its workspace, in this filling.
  const place = `((n - ${from}) / ${workspaces})`;
  // The last of them a moment ago, so that the ledger's days follow each other with what is measured before and after (C5).
  const at = Date.now() - from - count;
  const last = at + from + count - 1;
  const day = last - (last % DAY_MS);
  const month = Date.UTC(new Date(last).getUTCFullYear(), new Date(last).getUTCMonth(), 1);
  const captured = (since: number): string =>
    `(SELECT COALESCE(-sum(e.balance), 0) FROM credit_entry e WHERE e.workspace_id = workspace.id AND e.kind = 'capture' AND e.at >= ${since})`;
  const steps = [
    { event: "create", attempt: 0, from: "NULL", to: "pending" },
    { event: "claim", attempt: 1, from: "'pending'", to: "processing" },
    { event: "complete", attempt: 1, from: "'processing'", to: "completed" },
  ];
  return [
    `${rows} INSERT INTO asset (id, workspace_id, project_id, name, asset_type, origin, status, current_version_id, job_id, row_version, created_at, updated_at)
     SELECT ${asset}, ${workspace}, ${workspace}, 'A lighthouse at dusk', 'image', 'generated', 'completed', ${version}, ${job}, 3, ${at} + n, ${at} + n FROM series`,
    `${rows} INSERT INTO version (id, asset_id, number, status, prompt, model, params, inputs, media_key, mime, bytes, sha256, width, height, poster_key, thumb_key, thumbhash, created_at)
     SELECT ${version}, ${asset}, 1, 'completed', 'A lighthouse on a rocky coast at dusk, slow push in', '${model}', '{"aspectRatio":"16:9","seed":1}', '[]',
       ${hash} || '.png', 'image/png', 70000, ${hash}, 1280, 720, ${hash} || '-poster.webp', ${hash} || '-thumb.webp', '1QcSHQRnh493V4dIh4eXh1h4kJUI', ${at} + n FROM series`,
    `${rows} INSERT INTO job (id, workspace_id, asset_id, version_id, status, attempt, failures, max_failures, losses, max_losses, worker_id, first_claimed_at,
       attempt_timeout_ms, job_timeout_ms, submission, recoverable, model, provider, priority, quote, hold_state, created_at, ended_at)
     SELECT ${job}, ${workspace}, ${asset}, ${version}, 'completed', 1, 0, 3, 0, 10, 'bench', ${at} + n, 60000, 600000, 'none', FALSE, '${model}', 'bench', 0,
       ${QUOTE}, 'captured', ${at} + n, ${at} + n FROM series`,
    `${rows} INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id) SELECT ${workspace}, ${at} + n, 'hold', 0, ${QUOTE}, ${job}, ${asset} FROM series`,
    `${rows} INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id) SELECT ${workspace}, ${at} + n, 'capture', -${QUOTE}, -${QUOTE}, ${job}, ${asset} FROM series`,
    ...steps.map(
      (step, index) =>
        `${rows} INSERT INTO event (workspace_id, seq, at, event, asset_id, version_id, job_id, attempt, from_status, to_status, job_from, job_to)
         SELECT w.id, w.seq + ${index + 1} + 3 * ${place}, ${at} + n, '${step.event}', ${asset}, ${version}, ${job}, ${step.attempt}, ${step.from}, '${step.to}', ${step.from}, '${step.to}'
         FROM series JOIN workspace w ON w.id = ${workspace}`,
    ),
    `UPDATE workspace SET seq = seq + ${3 * each}, balance = balance - ${QUOTE * each}, day_begun = ${day}, month_begun = ${month},
       spent_in_day = ${captured(day)}, spent_in_month = ${captured(month)} WHERE id IN (${ids})`,
  ];
}
