import { AttemptOver, mustBeOurs } from "./Attempt.ts";
import type { OpenSubmission } from "@reelstate/db";
import type { SubmissionId } from "@reelstate/lifecycle";
import type { Attempt, AttemptDeps } from "./Attempt.ts";
import type { ClassifiedError, Lookup, Provider, ProviderRequest, SubmissionRef } from "../providers/Provider.ts";

/** What there is to go on with: a request the provider has, or the reason why there is none. */
export type Submitted =
  | { readonly state: "open"; readonly submission: SubmissionRef }
  /** Nothing is alive at the provider: `error` says why, or null when a person wished it so. */
  | {
      readonly state: "none";
      readonly error: ClassifiedError | null;
      readonly ends: boolean;
      readonly recoverable?: boolean;
    };

/** How long after a lost reply a request may still be on its way to a provider that says it knows none. */
const ON_ITS_WAY_MS = 2_000;
/** How long a provider may take to accept a request before its reply counts as lost. */
const SUBMIT_PATIENCE_MS = 30_000;

/** Re-attaches to the submission that may be alive, or commits an intent and submits (P1, P2). */
export async function runSubmission(deps: AttemptDeps, attempt: Attempt): Promise<Submitted> {
  const alive = attempt.job.submission;
  if (alive === null) return intendAndSubmit(deps, attempt);
  if (alive.providerRef !== null) return opened({ ...attempt.request, clientRef: alive.clientRef }, alive.providerRef);
  return resolveIntended(deps, attempt, alive);
}

/** An intent that is committed; `repeated` when it may have been submitted before. */
interface Intended {
  readonly id: SubmissionId;
  readonly request: ProviderRequest;
  readonly repeated?: true;
}

async function intendAndSubmit(deps: AttemptDeps, attempt: Attempt): Promise<Submitted> {
  const { job, provider, request } = attempt;
  if (attempt.wish.aborted) return { state: "none", error: null, ends: false };
  const submissionId = deps.newId<SubmissionId>();
  const outcome = await deps.store.intendSubmission({
    jobId: job.jobId,
    attempt: job.attempt,
    submissionId,
    clientRef: request.clientRef,
    provider: provider.name,
  });
  if (!outcome.ok && outcome.why === "unsettled") return { state: "none", error: null, ends: false };
  mustBeOurs(outcome);
  return submit(deps, attempt, { id: submissionId, request });
}

/**
 * The call is billable and cannot be taken back, so it is not broken off when the attempt is over: what the provider
 * answers is evidence, recorded by whoever hears it (P1).
 */
async function submit(deps: AttemptDeps, attempt: Attempt, intended: Intended): Promise<Submitted> {
  const { provider, signal } = attempt;
  let providerRef: string;
  try {
    ({ providerRef } = await provider.submit(intended.request, AbortSignal.timeout(SUBMIT_PATIENCE_MS)));
  } catch (cause) {
    if (signal.aborted) throw new AttemptOver("stopped", { cause });
    const error = provider.classifyError(cause);
    if (error.notAccepted === true) {
      // A repeat that was turned away says nothing about the first call, which may have been accepted.
      return intended.repeated === true
        ? { state: "none", error, ends: false, recoverable: true }
        : { state: "none", error, ends: true };
    }
    deps.log.warn(
      { job: attempt.job.jobId, attempt: attempt.job.attempt, detail: error.detail ?? error.message },
      "the reply to a submit was lost",
    );
    return outcomeUnknown(deps, attempt, { ...intended, intendedAt: deps.clock() }, error);
  }
  // Outside: an error of our own database says nothing about what the provider accepted.
  await deps.store.openSubmission({ submissionId: intended.id, providerRef });
  if (signal.aborted) throw new AttemptOver("stopped");
  return opened(intended.request, providerRef);
}

async function resolveIntended(deps: AttemptDeps, attempt: Attempt, alive: OpenSubmission): Promise<Submitted> {
  const request = { ...attempt.request, clientRef: alive.clientRef };
  return outcomeUnknown(deps, attempt, { id: alive.id, request, intendedAt: alive.intendedAt }, null);
}

/** P2: repeated only where the provider itself makes it one request, else looked up, else left to a person. */
async function outcomeUnknown(
  deps: AttemptDeps,
  attempt: Attempt,
  intended: Intended & { readonly intendedAt: number },
  error: ClassifiedError | null,
): Promise<Submitted> {
  const { provider, signal } = attempt;
  const { id, request } = intended;
  const repeatable = isIdempotent(provider, request);
  if (!repeatable || attempt.wish.aborted) return lookedUp();
  if (error !== null) return { state: "none", error: { ...error, retryable: true }, ends: false, recoverable: true };
  return submit(deps, attempt, { id, request, repeated: true });

  async function lookedUp(): Promise<Submitted> {
    const found = await lookup();
    switch (found.state) {
      case "found":
        await deps.store.openSubmission({ submissionId: id, providerRef: found.providerRef });
        return opened(request, found.providerRef);
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
      const first = await provider.lookup(request, signal);
      if (first.state !== "absent") return first;
      const wait = intended.intendedAt + ON_ITS_WAY_MS - deps.clock();
      if (wait > 0) await deps.sleep(wait, signal);
      if (signal.aborted) throw new AttemptOver("stopped");
      return await provider.lookup(request, signal);
    } catch (cause) {
      if (signal.aborted) throw new AttemptOver("stopped", { cause });
      const { detail, message } = provider.classifyError(cause);
      return { state: "unanswered", detail: detail ?? message };
    }
  }
}

function isIdempotent({ idempotentSubmit }: Provider, request: ProviderRequest): boolean {
  return typeof idempotentSubmit === "function" ? idempotentSubmit(request) : idempotentSubmit;
}

function opened(request: ProviderRequest, providerRef: string): Submitted {
  return { state: "open", submission: { providerRef, request } };
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
