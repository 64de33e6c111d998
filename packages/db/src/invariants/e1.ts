import { beginFeedAnew } from "./beginFeedAnew.ts";
import { subjectIs } from "./Invariant.ts";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const e1: readonly Invariant[] = [
  {
    name: "events_not_dense",
    rule: "E1",
    explanation: "The workspace's events are not numbered densely up to its seq.",
    sql: `${subjectIs("w.id", "w.id", "NULL")}
      FROM workspace w LEFT JOIN event e ON e.workspace_id = w.id GROUP BY w.id, w.seq, w.pruned_seq
      HAVING count(e.seq) <> w.seq - w.pruned_seq
        OR (count(e.seq) > 0 AND (max(e.seq) <> w.seq OR min(e.seq) <> w.pruned_seq + 1))`,
    mend: beginAnew,
  },
];

function* beginAnew({ workspaceId }: Broken): Mending<boolean> {
  yield* beginFeedAnew(workspaceId);
  return true;
}
