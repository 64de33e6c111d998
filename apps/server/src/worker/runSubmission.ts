import { span } from "../span.ts";
import { InputGone } from "../providers/InputGone.ts";
import { AttemptOver, mustBeOurs } from "./Attempt.ts";
import { inTime } from "./inTime.ts";
import { recordOpened } from "./recordOpened.ts";
import type { EpochMs, SubmissionId } from "@reelstate/lifecycle";
import type { Attempt, AttemptDeps } from "./Attempt.ts";
import type {
  ClassifiedError,
  Lookup,
  Provider,
  ProviderRequest,
  SubmissionRef,
  SubmitRequest,
} from "../providers/Provider.ts";

/** What there is to go on with: a request the provider has, or the reason why there is none. */
export type Submitted =
  | { readonly state: "open"; readonly submission: SubmissionRef }
  /** Nothing is alive at the provider: `error` says why, or null when a person wished it so. */
  | {
      readonly state: "none";
      readonly error: ClassifiedError | null;
      readonly ends: boolean;
      readonly recoverable?: boolean;
    }
  /** The call was not made (in time, or for want of room); `ends`: nor ever before. To be begun anew by another attempt. */
  | { readonly state: "withdrawn"; readonly ends: boolean };

/**
 * A process may be stopped between its intent and its call, long enough for another attempt to look the request up, not
 * find it, and submit its own; waking, it would call and pay a second time. So a call is made only this soon after its
 * intent was begun, and nobody concludes "never arrived" sooner than that, and the time on the way, after the intent.
 *
 * What this leaves open: a process that is stopped after the last look at its clock and before the provider has the
 * bytes, and for longer than `ON_ITS_WAY_MS` and its lease. No clock of ours can see that far.
 */
const CALL_WITHIN_MS = 3_000;
/** How long after the call a request may still be on its way to a provider that says it knows none. */
const ON_ITS_WAY_MS = 2_000;
/** How long a provider may take to accept a request before its reply counts as lost, unless its model says otherwise. */
const SUBMIT_PATIENCE_MS = 30_000;

/** Re-attaches to the submission that may be alive, or commits an intent and submits (P1, P2). */
export async function runSubmission(deps: AttemptDeps, attempt: Attempt): Promise<Submitted> {
  const alive = attempt.job.submission;
  if (alive === null) return intendAndSubmit(deps, attempt);
  const request = { ...attempt.request, clientRef: alive.clientRef };
  if (alive.providerRef !== null) return opened(attempt, request, alive.providerRef);
  return outcomeUnknown(deps, attempt, { id: alive.id, request }, { intendedAt: alive.intendedAt });
}

/** What is to be asked of the provider; `repeated` when it may have been asked before. */
interface Intended {
  readonly id: SubmissionId;
  readonly request: ProviderRequest;
  readonly repeated?: true;
}

function intendAndSubmit(deps: AttemptDeps, attempt: Attempt): Promise<Submitted> {
  if (attempt.wish.aborted) return Promise.resolve({ state: "none", error: null, ends: false });
  return submit(deps, attempt, { id: deps.newId<SubmissionId>(), request: attempt.request });
}

/**
 * Commits the intent and calls. The call is billable and cannot be taken back, so it is not broken off when the attempt
 * is over: what the provider answers is evidence, recorded by whoever hears it (P1).
 */
async function submit(deps: AttemptDeps, attempt: Attempt, intended: Intended): Promise<Submitted> {
  const { job, provider, signal } = attempt;
  // Claimed a moment before the disk was found full: what could not be kept is not bought (P6).
  if (!deps.hasRoom() && !attempt.wish.aborted) return { state: "withdrawn", ends: false };
  const inputs = await inputsOf(attempt);
  if (!inputs.ok) return { state: "none", error: inputs.error, ends: false, recoverable: intended.repeated === true };
  if (signal.aborted) throw new AttemptOver("stopped");
  const since = span(deps);
  const outcome = await deps.store.intendSubmission({
    jobId: job.jobId,
    attempt: job.attempt,
    submissionId: intended.id,
    clientRef: intended.request.clientRef,
    provider: provider.name,
  });
  if (!outcome.ok && outcome.why === "unsettled") return { state: "none", error: null, ends: false };
  // While this one looked, an earlier attempt has learnt its name: for the next one to take up.
  if (!outcome.ok && outcome.why === "submission_alive") return { state: "withdrawn", ends: false };
  mustBeOurs(outcome);
  if (since() > CALL_WITHIN_MS) {
    deps.log.warn({ job: job.jobId, attempt: job.attempt }, "too long after its intent, a call is not made");
    return { state: "withdrawn", ends: intended.repeated !== true };
  }
  let providerRef: string;
  try {
    ({ providerRef } = await call(deps, provider, { ...intended.request, inputPaths: inputs.paths }));
  } catch (cause) {
    const error = provider.classifyError(cause);
    if (error.notAccepted === true) return turnedAway(deps, attempt, intended, error);
    if (signal.aborted) throw new AttemptOver("stopped", { cause });
    deps.log.warn(
      { job: job.jobId, attempt: job.attempt, detail: error.detail ?? error.message },
      "the reply to a submit was lost",
    );
    return outcomeUnknown(deps, attempt, intended, { error });
  }
  // Outside: an error of our own database says nothing about what the provider accepted.
  await recordOpened(deps, job.jobId, { submissionId: intended.id, providerRef });
  if (signal.aborted) throw new AttemptOver("stopped");
  return opened(attempt, intended.request, providerRef);
}

type Inputs =
  | { readonly ok: true; readonly paths: readonly string[] }
  | { readonly ok: false; readonly error: ClassifiedError };

async function inputsOf({ inputPaths }: Attempt): Promise<Inputs> {
  try {
    return { ok: true, paths: await inputPaths() };
  } catch (error) {
    if (error instanceof InputGone) return { ok: false, error: error.classified };
    throw error;
  }
}

/** A call, and the time a provider has to answer it. */
async function call({ after }: AttemptDeps, provider: Provider, request: SubmitRequest) {
  const patience = new AbortController();
  const tooLate = new DOMException("The provider did not answer in time.", "TimeoutError");
  const offer = provider.models.find(({ id }) => id === request.model);
  const stopWaiting = after(offer?.submitPatienceMs ?? SUBMIT_PATIENCE_MS, () => patience.abort(tooLate));
  try {
    return await provider.submit(request, patience.signal);
  } finally {
    stopWaiting();
  }
}

/** The provider says for certain that it has taken nothing on. */
async function turnedAway(
  deps: AttemptDeps,
  { provider, signal }: Attempt,
  { id, request, repeated }: Intended,
  error: ClassifiedError,
): Promise<Submitted> {
  // Of a request that is asked for more than once, one answer says nothing about the other calls.
  const only = repeated !== true && !isIdempotent(provider, request);
  if (!signal.aborted)
    return repeated === true
      ? { state: "none", error, ends: false, recoverable: true }
      : { state: "none", error, ends: true };
  // The attempt is over, but its only call is known to have bought nothing: evidence, whoever has it (P1).
  if (only) await deps.store.endSubmission({ submissionId: id, outcome: "never_arrived" });
  throw new AttemptOver("stopped", { cause: error });
}

/** What is known of a call whose outcome is not: the error it just ended in, or when it was intended by an earlier attempt. */
type Called = { readonly error: ClassifiedError } | { readonly intendedAt: EpochMs };

/** P2: repeated only where the provider itself makes it one request, else looked up, else left to a person. */
async function outcomeUnknown(
  deps: AttemptDeps,
  attempt: Attempt,
  { id, request }: Intended,
  called: Called,
): Promise<Submitted> {
  const { provider, signal } = attempt;
  const error = "error" in called ? called.error : null;
  const repeatable = isIdempotent(provider, request);
  if (!repeatable || attempt.wish.aborted) return lookedUp();
  // It cannot be asked for again without its pictures; whether the provider has it can be asked all the same.
  if (!(await inputsOf(attempt)).ok) return lookedUp();
  if (error !== null) return { state: "none", error: { ...error, retryable: true }, ends: false, recoverable: true };
  return submit(deps, attempt, { id, request, repeated: true });

  async function lookedUp(): Promise<Submitted> {
    const found = await lookup();
    switch (found.state) {
      case "found":
        await recordOpened(deps, attempt.job.jobId, { submissionId: id, providerRef: found.providerRef });
        return opened(attempt, request, found.providerRef);
      case "absent":
        return { state: "none", error: error ?? NEVER_ARRIVED, ends: true };
      case "unsupported":
        // Asking for it once more is the only way to learn its name, and so to cancel it.
        if (repeatable && error === null) return submit(deps, attempt, { id, request, repeated: true });
        return { state: "none", error: UNCONFIRMED, ends: false, recoverable: repeatable };
      case "unanswered":
        return { state: "none", error: { ...NOT_FOUND_OUT, detail: found.detail }, ends: false, recoverable: true };
    }
  }

  async function lookup(): Promise<Lookup | { readonly state: "unanswered"; readonly detail: string }> {
    if (provider.lookup === undefined) return { state: "unsupported" };
    try {
      const first = await inTime(deps, provider.lookup(request, signal));
      if (first.state !== "absent") return first;
      const wait = await untilItArrived();
      if (wait > 0) await deps.sleep(wait, signal);
      if (signal.aborted) throw new AttemptOver("stopped");
      return await inTime(deps, provider.lookup(request, signal));
    } catch (cause) {
      if (signal.aborted) throw new AttemptOver("stopped", { cause });
      const { detail, message } = provider.classifyError(cause);
      return { state: "unanswered", detail: detail ?? message };
    }
  }

  /** How long until a request that the provider does not know now would have reached it. */
  async function untilItArrived(): Promise<number> {
    if ("error" in called) return ON_ITS_WAY_MS;
    const sentBy = called.intendedAt + CALL_WITHIN_MS + (provider.preparesWithinMs ?? 0);
    return sentBy + ON_ITS_WAY_MS - (await deps.store.now());
  }
}

function isIdempotent({ idempotentSubmit }: Provider, request: ProviderRequest): boolean {
  return typeof idempotentSubmit === "function" ? idempotentSubmit(request) : idempotentSubmit;
}

function opened({ inputPaths }: Attempt, request: ProviderRequest, providerRef: string): Submitted {
  return { state: "open", submission: { providerRef, request, inputPaths } };
}

const NEVER_ARRIVED: ClassifiedError = {
  code: "provider_unavailable",
  message: "The request never reached the provider.",
  retryable: true,
};

/** Whoever could not be asked now may be asked again: by the next attempt, and after the last one by a person (P2, P6). */
const NOT_FOUND_OUT: ClassifiedError = {
  code: "unconfirmed_submit",
  message: "The provider may have accepted the request, but its answer was lost and it could not be asked again yet.",
  retryable: true,
};

const UNCONFIRMED: ClassifiedError = {
  code: "unconfirmed_submit",
  message: "The provider may have accepted the request, but its answer was lost and it cannot be asked again.",
  retryable: false,
};
