const DAY_MS = 86_400_000;

const spentSince = (begun: string): string =>
  `(SELECT COALESCE(-sum(e.balance), 0) FROM credit_entry e WHERE e.workspace_id = workspace.id AND e.kind = 'capture'
    AND e.at >= ${begun} AND e.at < day_begun + ${DAY_MS})`;

/** Budgets, and what has been spent of them: of the last day and month in which anything was captured, as the ledger has it. */
export const BUDGETS: readonly string[] = [
  `ALTER TABLE workspace ADD COLUMN budget_day bigint, ADD COLUMN budget_month bigint,
     ADD COLUMN day_begun bigint NOT NULL DEFAULT 0, ADD COLUMN month_begun bigint NOT NULL DEFAULT 0,
     ADD COLUMN spent_in_day bigint NOT NULL DEFAULT 0, ADD COLUMN spent_in_month bigint NOT NULL DEFAULT 0`,
  `UPDATE workspace SET day_begun = COALESCE((SELECT e.at - e.at % ${DAY_MS} FROM credit_entry e
     WHERE e.workspace_id = workspace.id AND e.kind = 'capture' ORDER BY e.id DESC LIMIT 1), 0)`,
  `UPDATE workspace SET month_begun =
     1000 * extract(epoch FROM date_trunc('month', to_timestamp(day_begun / 1000) AT TIME ZONE 'UTC'))::bigint`,
  `UPDATE workspace SET spent_in_day = ${spentSince("day_begun")}, spent_in_month = ${spentSince("month_begun")}`,
];
