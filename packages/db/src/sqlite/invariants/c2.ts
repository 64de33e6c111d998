import { beginFeedAnew } from "./beginFeedAnew.ts";
import { columnsFollowLedger } from "./columnsFollowLedger.ts";
import { tellMend } from "./tellMend.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";
import type { Broken, Invariant } from "./Invariant.ts";

const STATE_BY_STATUS = `CASE status WHEN 'completed' THEN 'captured'
        WHEN 'failed' THEN 'released' WHEN 'cancelled' THEN 'released' ELSE 'held' END`;

export const c2: readonly Invariant[] = [
  {
    name: "hold_state_wrong",
    rule: "C2",
    explanation: "A job's hold did not end with it as it should have.",
    sql: `SELECT id AS subject, workspace_id AS workspaceId, asset_id AS assetId FROM job
      WHERE hold_state <> ${STATE_BY_STATUS}`,
    mend: (session, { subject, assetId }) => {
      session.db.prepare(`UPDATE job SET hold_state = ${STATE_BY_STATUS} WHERE id = ?`).run(subject);
      if (assetId !== null) tellMend(session, assetId);
      return true;
    },
  },
  {
    name: "ledger_lines_wrong",
    rule: "C2",
    explanation: "A job's lines in the ledger are not one hold and, once ended, one end.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId
      FROM job j LEFT JOIN credit_entry e ON e.job_id = j.id GROUP BY j.id
      HAVING j.quote > 0 AND (COALESCE(sum(e.kind = 'hold' AND e.held = j.quote), 0) <> 1
        OR COALESCE(sum(e.kind IN ('capture', 'release')), 0) <> (j.status IN ('completed', 'failed', 'cancelled')))`,
    mend: writeMissingLines,
  },
];

/** Lines that are missing follow from the job; lines that are too many are nobody's to strike out. */
function writeMissingLines(session: Session, { subject, workspaceId, assetId }: Broken): boolean {
  const job = session.row.job(subject as JobId);
  if (job === undefined) return false;
  const kinds = session.db.prepare("SELECT kind FROM credit_entry WHERE job_id = ?").pluck().all(job.id) as string[];
  const wanted = ["hold", ...endOf(job.status)];
  if (kinds.some((kind, index) => !wanted.includes(kind) || kinds.indexOf(kind) !== index)) return false;
  const { quote } = job;
  for (const kind of wanted.filter((one) => !kinds.includes(one))) {
    const balance = kind === "capture" ? -quote : 0;
    const held = kind === "hold" ? quote : -quote;
    session.sql.insertEntry.run({ workspaceId, at: session.now(), kind, balance, held, jobId: job.id, assetId });
  }
  if (!columnsFollowLedger(session, workspaceId)) return false;
  beginFeedAnew(session, workspaceId);
  return true;
}

function endOf(status: string): readonly string[] {
  if (status === "completed") return ["capture"];
  return status === "failed" || status === "cancelled" ? ["release"] : [];
}
