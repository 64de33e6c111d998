import { durationMs } from "@reelstate/lifecycle";
import { loadRowsOfJob } from "../commands/loadRows.ts";
import { moveAsset } from "../commands/moveAsset.ts";
import { subjectIs } from "./Invariant.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Desk } from "../commands/Desk.ts";
import type { Broken, Invariant } from "./Invariant.ts";

/** How long after its lease a job may still stand as processing: a sweep has had every chance by then. */
const SWEEP_GRACE_MS = 60_000;

export const j6: readonly Invariant[] = [
  {
    name: "job_stuck",
    rule: "J6",
    explanation: "A job stands as processing long after its lease has ended.",
    sql: `${subjectIs("id", "workspace_id", "asset_id")} FROM job
      WHERE status = 'processing' AND COALESCE(lease_until, 0) + ${SWEEP_GRACE_MS} < $1`,
    move: takeBack,
  },
];

/**
 * What the sweeper would have done: the attempt is lost, and the job goes on or ends as the machine says. Whoever found it stuck
 * may have asked before its worker spoke again: what counts is what is here now.
 */
function takeBack(desk: Desk, { subject }: Broken): boolean {
  const loaded = loadRowsOfJob(desk, subject as JobId);
  const job = loaded?.rows.job;
  if (loaded === null || job === null || job === undefined) return false;
  const at = desk.now();
  if (job.status !== "processing" || (job.leaseUntil ?? 0) + SWEEP_GRACE_MS >= at) return false;
  const over = { ...loaded, rows: { ...loaded.rows, job: { ...job, leaseUntil: at } } };
  return moveAsset(desk, over, { type: "lose", at, attempt: job.attempt, backoffMs: durationMs(0) }).ok;
}
