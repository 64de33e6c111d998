import { PENDING_PHASES, PROCESSING_PHASES } from "../status.ts";
import type { AssetRows, JobRow } from "../rows.ts";

/**
 * Which rules of SPEC.md the rows of one asset break, each with its number; none for rows that `advance` made. Also for
 * rows read back from a store, after any sequence of commands.
 */
export function brokenRules(rows: AssetRows): readonly string[] {
  return [...assetRules(rows), ...(rows.job === null ? [] : jobRules(rows.job))].flatMap(([rule, holds]) =>
    holds ? [] : [rule],
  );
}

type Checked = readonly [rule: string, holds: boolean];

function assetRules({ asset, version, job, hold }: AssetRows): readonly Checked[] {
  const live = job !== null && (job.status === "pending" || job.status === "processing");
  const failed = asset.status === "failed";
  return [
    [
      "A2 the version has its job's status",
      job === null || (job.versionId === version.id && job.status === version.status),
    ],
    [
      "A2 the asset has the status of the job that makes its current version",
      job === null || asset.currentVersionId !== job.versionId || asset.status === job.status,
    ],
    [
      "A3 only a completed asset shows another version than its job's",
      version.id === asset.currentVersionId || asset.status === "completed",
    ],
    [
      "A4 failed keeps a code and a message",
      !failed || (asset.errorCode !== null && (asset.errorMessage ?? "").trim() !== ""),
    ],
    ["A4 what has not failed has no error", failed || (asset.errorCode === null && asset.errorMessage === null)],
    ["A5 completed has media", version.status !== "completed" || version.hasMedia],
    ["A5 only completed has media", version.status === "completed" || !version.hasMedia],
    ["A9 row versions count from 1", Number.isInteger(asset.rowVersion) && asset.rowVersion >= 1],
    ["C2 a live job's hold is held", !live || hold?.state === "held"],
    ["C2 a completed job's hold is captured", job?.status !== "completed" || hold?.state === "captured"],
    [
      "C2 a failed or cancelled job's hold is released",
      (job?.status !== "failed" && job?.status !== "cancelled") || hold?.state === "released",
    ],
    ["C3 a hold is never negative", hold === null || hold.amount >= 0],
  ];
}

function jobRules(job: JobRow): readonly Checked[] {
  const pending = job.status === "pending";
  const processing = job.status === "processing";
  const ended = !pending && !processing;
  const phases: readonly (string | null)[] = pending ? PENDING_PHASES : processing ? PROCESSING_PHASES : [null];
  return [
    ["J1 the phase belongs to the status", phases.includes(job.phase)],
    ["J2 only an attempt is processing, with a lease", processing === (job.leaseUntil !== null)],
    ["J2 an attempt has a number and a beginning", !processing || (job.attempt >= 1 && job.startedAt !== null)],
    ["J2 the first claim is remembered", job.attempt === 0 || job.firstClaimedAt !== null],
    ["J3 a fraction is a number from 0 to 1", job.fraction === null || (job.fraction >= 0 && job.fraction <= 1)],
    ["J3 only an attempt has a fraction", processing || job.fraction === null],
    ["J4 only an attempt completes", job.status !== "completed" || job.attempt >= 1],
    ["J5 a live job has failures left", ended || job.failures < job.maxFailures],
    ["J5 backoff has an end, and nothing else has one", (job.phase === "backoff") === (job.nextTryAt !== null)],
    [
      "J5 failed has a code and a message",
      job.status !== "failed" || (job.errorCode !== null && (job.errorMessage ?? "").trim() !== ""),
    ],
    ["J6 a live job has losses left", ended || job.losses < job.maxLosses],
    ["J6 budgets are not overdrawn", job.failures <= job.maxFailures && job.losses <= job.maxLosses],
    ["J7 after a wish there is no backoff", job.cancelRequestedAt === null || job.phase !== "backoff"],
    ["J7 cancelled was wished", job.status !== "cancelled" || job.cancelRequestedAt !== null],
    ["J8 terminal has an end, and nothing else has one", ended === (job.endedAt !== null)],
  ];
}
