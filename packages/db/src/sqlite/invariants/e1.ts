import { beginFeedAnew } from "./beginFeedAnew.ts";
import type { Invariant } from "./Invariant.ts";

export const e1: readonly Invariant[] = [
  {
    name: "events_not_dense",
    rule: "E1",
    explanation: "The workspace's events are not numbered densely up to its seq.",
    sql: `SELECT w.id AS subject, w.id AS workspaceId, NULL AS assetId
      FROM workspace w LEFT JOIN event e ON e.workspace_id = w.id GROUP BY w.id
      HAVING count(e.seq) <> w.seq - w.pruned_seq
        OR (count(e.seq) > 0 AND (max(e.seq) <> w.seq OR min(e.seq) <> w.pruned_seq + 1))`,
    mend: (session, { workspaceId }) => {
      beginFeedAnew(session, workspaceId);
      return true;
    },
  },
];
