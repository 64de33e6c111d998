import { PROCESSING_PHASES } from "../status.ts";
import { credits, epochMs } from "../units.ts";
import {
  SAMPLE_ASSET,
  SAMPLE_BACKOFF,
  SAMPLE_LEASE,
  SAMPLE_START,
  sampleMedia,
  sampleNewJob,
  sampleVersionId,
} from "./samples.ts";
import { STEPS } from "./steps.ts";
import type { LifecycleEvent, NewJob, ProgressEvent, StartEvent } from "../events.ts";
import type { AssetRows, JobRow } from "../rows.ts";
import type { ProcessingPhase } from "../status.ts";
import type { EpochMs, JobId } from "../units.ts";
import type { Step } from "./steps.ts";

/** The event that a step means on these rows; null for the steps that are evidence about a submission. */
export function stepEvent(rows: AssetRows | null, step: Step): LifecycleEvent | null {
  const at = now(rows);
  const job = rows?.job ?? null;
  const attempt = job?.attempt ?? 1;
  switch (step) {
    case "create":
    case "create_waiting":
    case "create_unaffordable":
      return { type: "create", at, assetId: SAMPLE_ASSET, versionId: sampleVersionId(1), job: newJob(rows, step) };
    case "upload":
    case "upload_empty": {
      const media = sampleMedia(step === "upload" ? {} : { bytes: 0 });
      return { type: "upload", at, assetId: SAMPLE_ASSET, versionId: sampleVersionId(1), media };
    }
    case "ready":
    case "cancel":
    case "delete":
      return { type: step, at };
    case "reject":
      return { type: "reject", at, code: "input_not_ready", message: "An input failed." };
    case "claim":
      return { type: "claim", at: later(at, job?.nextTryAt), leaseMs: SAMPLE_LEASE };
    case "claim_early":
      return { type: "claim", at: before(job?.nextTryAt ?? at), leaseMs: SAMPLE_LEASE };
    case "progress_submitting":
    case "progress_at_provider":
    case "progress_fetching":
    case "progress_storing":
      return report(job, at, attempt, step.slice("progress_".length) as ProcessingPhase);
    case "progress_behind":
      return { type: "progress", at, attempt, ...behind(job) };
    case "progress_stale":
      return report(job, at, attempt - 1, "storing");
    case "complete":
      return { type: "complete", at, attempt, media: sampleMedia() };
    case "complete_stale":
      return { type: "complete", at, attempt: attempt - 1, media: sampleMedia() };
    case "complete_empty":
      return { type: "complete", at, attempt, media: sampleMedia({ bytes: 0 }) };
    case "fail_retryable":
    case "fail_final":
    case "fail_stale":
      return failure(at, step === "fail_stale" ? attempt - 1 : attempt, step !== "fail_final");
    case "lose":
      return { type: "lose", at: later(at, job?.leaseUntil), attempt, backoffMs: SAMPLE_BACKOFF };
    case "lose_early":
      return { type: "lose", at: before(job?.leaseUntil ?? at), attempt, backoffMs: SAMPLE_BACKOFF };
    case "expire_attempt":
    case "expire_attempt_early":
    case "expire_job":
    case "expire_job_early":
      return expiry(job, at, attempt, step);
    case "hand_back":
    case "settle":
      return { type: step, at, attempt };
    case "retry":
    case "retry_unaffordable":
    case "regenerate":
    case "recover":
      return start(rows, at, step);
    case "submission_intended":
    case "submission_open":
    case "submission_ended":
      return null;
  }
}

/** One millisecond after the latest thing that the rows remember having happened. */
function now(rows: AssetRows | null): EpochMs {
  const job = rows?.job;
  const known = [job?.startedAt, job?.firstClaimedAt, job?.cancelRequestedAt, job?.endedAt, rows?.asset.deletedAt];
  return epochMs(Math.max(SAMPLE_START, ...known.map((at) => at ?? 0)) + 1);
}

function later(at: EpochMs, due: EpochMs | null | undefined): EpochMs {
  return epochMs(Math.max(at, due ?? 0));
}

function before(at: EpochMs): EpochMs {
  return epochMs(at - 1);
}

function newJob(rows: AssetRows | null, step: Step): NewJob {
  const made = rows?.job === null || rows === null ? 0 : Number(rows.job.id.slice("job-".length));
  return sampleNewJob({
    id: `job-${made + 1}` as JobId,
    inputs: step === "create_waiting" ? "waiting" : "ready",
    ...(step.endsWith("_unaffordable") ? { available: credits(5) } : {}),
  });
}

function start(rows: AssetRows | null, at: EpochMs, step: Step): StartEvent {
  const type = STEPS[step] as StartEvent["type"];
  const last = rows?.version ?? { id: sampleVersionId(1), number: 1 };
  const versionNumber = type === "regenerate" ? last.number + 1 : last.number;
  const versionId = type === "regenerate" ? sampleVersionId(versionNumber) : last.id;
  return { type, at, versionId, versionNumber, job: newJob(rows, step) };
}

/** A measured report: a little further with every phase. */
function report(job: JobRow | null, at: EpochMs, attempt: number, phase: ProcessingPhase): ProgressEvent {
  const fraction = Math.max(job?.fraction ?? 0, PROCESSING_PHASES.indexOf(phase) / PROCESSING_PHASES.length);
  return { type: "progress", at, attempt, phase, fraction };
}

/** A phase before the present one; in the first, a fraction below the present one. */
function behind(job: JobRow | null): Pick<ProgressEvent, "phase" | "fraction"> {
  const place = (PROCESSING_PHASES as readonly (string | null)[]).indexOf(job?.phase ?? null);
  if (place > 0) return { phase: PROCESSING_PHASES[place - 1] ?? "submitting", fraction: null };
  return { phase: "submitting", fraction: job?.fraction === null || job === null ? -1 : job.fraction - 0.1 };
}

function failure(at: EpochMs, attempt: number, retryable: boolean): LifecycleEvent {
  const code = retryable ? "provider_unavailable" : "content_policy_input";
  return { type: "fail", at, attempt, code, message: `It failed: ${code}.`, retryable, backoffMs: SAMPLE_BACKOFF };
}

function expiry(job: JobRow | null, at: EpochMs, attempt: number, step: Step): LifecycleEvent {
  const scope = step.startsWith("expire_job") ? "job" : "attempt";
  const from = scope === "job" ? job?.firstClaimedAt : job?.startedAt;
  const span = scope === "job" ? job?.jobTimeoutMs : job?.attemptTimeoutMs;
  const due = from === null || from === undefined || span === undefined ? at : epochMs(from + span);
  const early = step.endsWith("_early");
  return { type: "expire", at: early ? before(due) : later(at, due), attempt, scope, backoffMs: SAMPLE_BACKOFF };
}
