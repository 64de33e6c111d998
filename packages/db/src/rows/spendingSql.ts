/** Two spans of time that a capture falls into, each as SQL: where it begins, and where the next begins. */
interface Spans {
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
 * with nothing. Where the clock went back the ledger is asked what was spent before.
 */
export function spendingSql(
  workspace: string,
  spent: string,
  { day, dayEnds, month, monthEnds }: Spans,
): Readonly<Record<"day_begun" | "month_begun" | "spent_in_day" | "spent_in_month", string>> {
  const so = (begun: string, counted: string, begins: string, ends: string): string =>
    `${spent} + CASE WHEN ${workspace}.${begun} = ${begins} THEN ${workspace}.${counted} WHEN ${workspace}.${begun} < ${begins} THEN 0
      ELSE ${capturedSql(`${workspace}.id`, begins, ends)} END`;
  return {
    day_begun: day,
    month_begun: month,
    spent_in_day: so("day_begun", "spent_in_day", day, dayEnds),
    spent_in_month: so("month_begun", "spent_in_month", month, monthEnds),
  };
}
