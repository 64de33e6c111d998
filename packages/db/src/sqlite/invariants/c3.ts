import type { Invariant } from "./Invariant.ts";

export const c3: readonly Invariant[] = [
  {
    name: "ledger_sum_wrong",
    rule: "C3",
    explanation: "The ledger does not sum to the workspace's balance and held credits.",
    sql: `SELECT w.id AS subject, w.id AS workspaceId, NULL AS assetId
      FROM workspace w LEFT JOIN credit_entry e ON e.workspace_id = w.id GROUP BY w.id
      HAVING w.balance <> COALESCE(sum(e.balance), 0) OR w.held <> COALESCE(sum(e.held), 0)`,
  },
  {
    name: "held_sum_wrong",
    rule: "C3",
    explanation: "The credits held are not those of the live jobs.",
    sql: `SELECT w.id AS subject, w.id AS workspaceId, NULL AS assetId FROM workspace w
      WHERE w.held <>
        (SELECT COALESCE(sum(quote), 0) FROM job j WHERE j.workspace_id = w.id AND j.hold_state = 'held')`,
  },
];
