import { STEPS_BACK_MS } from "@reelstate/lifecycle";

/** When a capture is, and the two spans of time that it falls into, each as SQL: where it begins, and where the next begins. */
interface Moment {
  readonly at: string;
  readonly day: string;
  readonly dayEnds: string;
  readonly month: string;
  readonly monthEnds: string;
}

/** What the captures of a workspace come to in a span, in SQL that both databases read. */
export function capturedSql(workspace: string, begins: string, ends: string): string {
  return `(SELECT COALESCE(-sum(e.balance), 0) FROM credit_entry e WHERE e.workspace_id = ${workspace} AND e.kind = 'capture'
    AND e.at >= ${begins} AND e.at < ${ends})`;
}

/**
 * What a workspace's row says of its spending once `spent` more is captured (C5): its day or month goes on, or a new one begins
 * with nothing. Where the clock steps back over midnight the day that has begun goes on, and the ledger's entry has to be of that
 * day, too: see `entryAtSql`. Where it went back further the ledger is asked what was spent before.
 */
export function spendingSql(
  workspace: string,
  spent: string,
  { at, day, dayEnds, month, monthEnds }: Moment,
): Readonly<Record<"day_begun" | "month_begun" | "spent_in_day" | "spent_in_month", string>> {
  const steppedBack = `${workspace}.day_begun > ${at} AND ${workspace}.day_begun - ${at} <= ${STEPS_BACK_MS}`;
  const begin = (begun: string, begins: string): string =>
    `CASE WHEN ${steppedBack} THEN ${workspace}.${begun} ELSE ${begins} END`;
  const so = (begun: string, counted: string, begins: string, ends: string): string =>
    `${spent} + CASE WHEN ${steppedBack} OR ${workspace}.${begun} = ${begins} THEN ${workspace}.${counted}
      WHEN ${workspace}.${begun} < ${begins} THEN 0 ELSE ${capturedSql(`${workspace}.id`, begins, ends)} END`;
  return {
    day_begun: begin("day_begun", day),
    month_begun: begin("month_begun", month),
    spent_in_day: so("day_begun", "spent_in_day", day, dayEnds),
    spent_in_month: so("month_begun", "spent_in_month", month, monthEnds),
  };
}

/** When the ledger says that an entry was: a capture in the day that it was counted in, which its workspace's row says by then. */
export function entryAtSql(kind: string, at: string, workspace: string): string {
  return `CASE WHEN ${kind} = 'capture'
    THEN (SELECT CASE WHEN w.day_begun > ${at} THEN w.day_begun ELSE ${at} END FROM workspace w WHERE w.id = ${workspace}) ELSE ${at} END`;
}
