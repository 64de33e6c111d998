/** What a workspace's columns say, and what its ledger's lines sum to (C3). */
export interface WorkspaceLedger {
  readonly id: string;
  readonly balance: number;
  readonly held: number;
  readonly lines: number;
  readonly linesBalance: number;
  readonly linesHeld: number;
}

/** The same question to both databases, answered in one order. */
export const LEDGERS = `SELECT w.id, w.balance, w.held, count(e.id) AS lines,
    COALESCE(sum(e.balance), 0) AS "linesBalance", COALESCE(sum(e.held), 0) AS "linesHeld"
  FROM workspace w LEFT JOIN credit_entry e ON e.workspace_id = w.id
  GROUP BY w.id, w.balance, w.held ORDER BY w.id`;

/** The first workspace whose lines do not sum to its columns, or null. */
export function unbalanced(ledgers: readonly WorkspaceLedger[]): WorkspaceLedger | null {
  return ledgers.find((one) => one.balance !== one.linesBalance || one.held !== one.linesHeld) ?? null;
}
