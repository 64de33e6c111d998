import { beginFeedAnew } from "./beginFeedAnew.ts";
import { columnsFollowLedger } from "./columnsFollowLedger.ts";
import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import { jobOf } from "./recorded.ts";
import { tellMend } from "./tellMend.ts";
import { writeEntry } from "./writeEntry.ts";
import type { EpochMs, JobId } from "@reelstate/lifecycle";
import type { CreditEntry } from "../store/views.ts";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

const STATE_BY_STATUS = `CASE status WHEN 'completed' THEN 'captured'
        WHEN 'failed' THEN 'released' WHEN 'cancelled' THEN 'released' ELSE 'held' END`;

export const c2: readonly Invariant[] = [
  {
    name: "hold_state_wrong",
    rule: "C2",
    explanation: "A job's hold did not end with it as it should have.",
    sql: `${subjectIs("id", "workspace_id", "asset_id")} FROM job
      WHERE hold_state <> ${STATE_BY_STATUS}`,
    mend: followStatus,
  },
  {
    name: "ledger_lines_wrong",
    rule: "C2",
    explanation: "A job's lines in the ledger are not one hold and, once ended, one end.",
    sql: `${subjectIs("j.id", "j.workspace_id", "j.asset_id")}
      FROM job j LEFT JOIN credit_entry e ON e.job_id = j.id GROUP BY j.id, j.workspace_id, j.asset_id, j.quote, j.status
      HAVING j.quote > 0 AND (count(CASE WHEN e.kind = 'hold' AND e.held = j.quote THEN 1 END) <> 1
        OR count(CASE WHEN e.kind IN ('capture', 'release') THEN 1 END)
          <> CASE WHEN j.status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END)`,
    mend: writeMissingLines,
  },
];

function* followStatus({ subject, assetId }: Broken, at: EpochMs): Mending<boolean> {
  yield* rows(`UPDATE job SET hold_state = ${STATE_BY_STATUS} WHERE id = $1`, subject);
  if (assetId !== null) yield* tellMend(assetId, at);
  return true;
}

/** Lines that are missing follow from the job; lines that are too many are nobody's to strike out. */
function* writeMissingLines({ subject, workspaceId, assetId }: Broken, at: EpochMs): Mending<boolean> {
  const job = yield* jobOf(subject as JobId);
  if (job === undefined) return false;
  const lines = yield* rows<Pick<CreditEntry, "kind">>("SELECT kind FROM credit_entry WHERE job_id = $1", job.id);
  const kinds = lines.map(({ kind }) => kind);
  const wanted: readonly CreditEntry["kind"][] = ["hold", ...endOf(job.status)];
  if (kinds.some((kind, index) => !wanted.includes(kind) || kinds.indexOf(kind) !== index)) return false;
  const { quote } = job;
  for (const kind of wanted.filter((one) => !kinds.includes(one))) {
    const balance = kind === "capture" ? -quote : 0;
    const held = kind === "hold" ? quote : -quote;
    yield* writeEntry({ workspaceId, at, kind, balance, held, jobId: job.id, assetId });
  }
  if (!(yield* columnsFollowLedger(workspaceId))) return false;
  yield* beginFeedAnew(workspaceId);
  return true;
}

function endOf(status: string): readonly CreditEntry["kind"][] {
  if (status === "completed") return ["capture"];
  return status === "failed" || status === "cancelled" ? ["release"] : [];
}
