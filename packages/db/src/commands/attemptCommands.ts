import { advance } from "@reelstate/lifecycle";
import { loadRowsOfJob } from "./loadRows.ts";
import { storable } from "../rows/storable.ts";
import { mediaFacts } from "../rows/mediaFacts.ts";
import { disproved, leftOf } from "./submissionCommands.ts";
import { moveAsset } from "./moveAsset.ts";
import type { Decision, EpochMs, JobRow, LifecycleEvent, ProcessingPhase } from "@reelstate/lifecycle";
import type { AttemptFailure, AttemptOutcome, AttemptRef, Completed } from "../store/attempts.ts";
import type { EndsSubmission, IntendSubmission } from "../store/submissions.ts";
import type { StoredMedia } from "../store/keeping.ts";
import type { LoadedRows } from "../rows/loadedRows.ts";
import type { Desk } from "./Desk.ts";

/** J3. A latest value on the job's row, not an event (E4). */
export function reportProgress(
  desk: Desk,
  request: AttemptRef & { readonly phase: ProcessingPhase; readonly fraction: number | null },
): AttemptOutcome {
  const loaded = loadRowsOfJob(desk, request.jobId);
  if (loaded === null) return { ok: false, why: "not_found" };
  const at = desk.now();
  const { attempt, phase, fraction } = request;
  const decision = advance(loaded.rows, { type: "progress", at, attempt, phase, fraction });
  if (!decision.ok) return decision;
  const job = decision.next.job;
  if (loaded.job === null || job === null) return { ok: false, why: "not_found" };
  desk.writeProgress(loaded.job, { phase: job.phase, fraction: job.fraction, progressAt: at });
  desk.tell("feed");
  return { ok: true, transition: null, cancelRequested: wished(job) };
}

/** J4, A5, C2; the submission that made it ends with it (P1). */
export function completeAttempt(desk: Desk, request: AttemptRef & Completed): AttemptOutcome {
  const { attempt, media, cost } = request;
  return move(desk, request, { ends: "succeeded", cost }, (loaded, at) => ({
    event: { type: "complete", at, attempt, media: mediaFacts(loaded.asset.type, media) },
    media,
  }));
}

/** J5. */
export function failAttempt(desk: Desk, request: AttemptRef & AttemptFailure & EndsSubmission): AttemptOutcome {
  const { attempt, code, message, retryable, backoffMs } = request;
  const outcome = move(desk, request, request, (_loaded, at) => ({
    event: { type: "fail", at, attempt, code, message: storable(message), retryable, backoffMs },
    recoverable: request.recoverable ?? false,
  }));
  if (outcome.ok && request.made === true && outcome.transition?.jobTo === "failed") desk.freeSlots(request.jobId);
  const job = outcome.ok && request.detail !== undefined ? desk.job(request.jobId) : undefined;
  if (job !== undefined && request.detail !== undefined) desk.noteOnJob(job, { errorDetail: storable(request.detail) });
  return outcome;
}

export function handBackAttempt(desk: Desk, request: AttemptRef & EndsSubmission): AttemptOutcome {
  return move(desk, request, request, (_loaded, at) => ({
    event: { type: "hand_back", at, attempt: request.attempt },
  }));
}

/** J7. */
export function settleAttempt(desk: Desk, request: AttemptRef & EndsSubmission): AttemptOutcome {
  return move(desk, request, request, (_loaded, at) => ({
    event: { type: "settle", at, attempt: request.attempt },
  }));
}

interface Told {
  readonly event: LifecycleEvent;
  readonly media?: StoredMedia;
  readonly recoverable?: boolean;
}

/** An attempt tells what became of it; what it says about its submission is written only when it is believed. */
function move(
  desk: Desk,
  { jobId, attempt }: AttemptRef,
  { ends, free, cost }: EndsSubmission,
  tell: (loaded: LoadedRows, at: EpochMs) => Told,
): AttemptOutcome {
  const found = loadRowsOfJob(desk, jobId);
  if (found === null) return { ok: false, why: "not_found" };
  const at = desk.now();
  const { event, media, recoverable } = tell(found, at);
  const job = found.rows.job;
  // What an earlier attempt has heard of meanwhile has arrived, whatever this one did not find.
  const contradicted = ends === "never_arrived" && job?.submission === "open";
  const ended = ends !== undefined && job !== null && job.attempt === attempt && alive(job) && !contradicted;
  const loaded = withJob(found, {
    // What has ended at the provider cannot be taken up again (P6).
    ...(ended ? { submission: leftOf(ends, free), recoverable: false } : {}),
    ...(recoverable === true ? { recoverable: true } : {}),
  });
  // Of a submission that ends only here: told of one that goes on, it would be counted again.
  const decision = moveAsset(desk, loaded, event, { media, cost: ended ? cost : undefined });
  if (decision.ok && ended) desk.endSubmissionsOfJob({ jobId, outcome: ends, at });
  // The job failed while its last attempt was finding out: what that heard is evidence all the same, for nobody has asked since.
  if (!decision.ok && ends === "never_arrived" && job?.attempt === attempt && disproved(desk, jobId, at)) {
    desk.endSubmissionsOfJob({ jobId, outcome: ends, at });
    desk.freeSlots(jobId);
  }
  return outcomeOf(decision, job);
}

function withJob(loaded: LoadedRows, change: Partial<JobRow>): LoadedRows {
  const { job } = loaded.rows;
  return job === null ? loaded : { ...loaded, rows: { ...loaded.rows, job: { ...job, ...change } } };
}

function outcomeOf(decision: Decision, job: JobRow | null): AttemptOutcome {
  return decision.ok ? { ok: true, transition: decision.record, cancelRequested: wished(job) } : decision;
}

/** P1: the intent is committed before the call, by the live attempt, while no other request may be alive. */
export function intendSubmission(desk: Desk, request: AttemptRef & IntendSubmission): AttemptOutcome {
  const job = desk.job(request.jobId);
  if (job === undefined) return { ok: false, why: "not_found" };
  if (job.status !== "processing") return { ok: false, why: job.endedAt === null ? "stale_attempt" : "already_ended" };
  if (job.attempt !== request.attempt) return { ok: false, why: "stale_attempt" };
  const { submissionId, jobId, attempt, clientRef, provider } = request;
  const at = desk.now();
  if (alive(job)) {
    const again = desk.intendAgain({ submissionId, jobId, at });
    return again
      ? { ok: true, transition: null, cancelRequested: wished(job) }
      : { ok: false, why: "submission_alive" };
  }
  if (wished(job)) return { ok: false, why: "unsettled" };
  desk.insertSubmission({ submissionId, jobId, attempt, clientRef, provider, at });
  desk.noteOnJob(job, { submission: "intended" });
  return { ok: true, transition: null, cancelRequested: false };
}

function alive(job: JobRow): boolean {
  return job.submission === "intended" || job.submission === "open";
}

function wished(job: JobRow | null): boolean {
  return job !== null && job.cancelRequestedAt !== null;
}
