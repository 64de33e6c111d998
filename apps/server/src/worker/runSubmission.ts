import { AttemptOver, mustBeOurs } from "./Attempt.ts";
import type { OpenSubmission } from "@reelstate/db";
import type { SubmissionId } from "@reelstate/lifecycle";
import type { Attempt, AttemptDeps } from "./Attempt.ts";
import type { ClassifiedError, Provider, ProviderRequest, SubmissionRef } from "../providers/Provider.ts";

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

/** Re-attaches to the submission that may be alive, or commits an intent and submits (P1, P2). */
export async function runSubmission(deps: AttemptDeps, attempt: Attempt): Promise<Submitted> {
  const alive = attempt.job.submission;
  if (alive === null) return intendAndSubmit(deps, attempt);
  if (alive.providerRef !== null) return opened({ ...attempt.request, clientRef: alive.clientRef }, alive.providerRef);
  return resolveIntended(deps, attempt, alive);
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

async function submit(
  deps: AttemptDeps,
  attempt: Attempt,
  intended: { readonly id: SubmissionId; readonly request: ProviderRequest },
): Promise<Submitted> {
  const { provider, signal } = attempt;
  try {
    const { providerRef } = await provider.submit(intended.request, signal);
    // Evidence: worth recording even if this attempt has lost its lease in the meantime.
    await deps.store.openSubmission({ submissionId: intended.id, providerRef });
    return opened(intended.request, providerRef);
  } catch (cause) {
    if (signal.aborted) throw new AttemptOver("stopped", { cause });
    const error = provider.classifyError(cause);
    if (error.notAccepted === true) return { state: "none", error, ends: true };
    deps.log.warn(
      { job: attempt.job.jobId, attempt: attempt.job.attempt, detail: error.detail ?? error.message },
      "the reply to a submit was lost",
    );
    return outcomeUnknown(deps, attempt, { ...intended, intendedAt: deps.clock() }, error);
  }
}

async function resolveIntended(deps: AttemptDeps, attempt: Attempt, alive: OpenSubmission): Promise<Submitted> {
  const request = { ...attempt.request, clientRef: alive.clientRef };
  return outcomeUnknown(deps, attempt, { id: alive.id, request, intendedAt: alive.intendedAt }, null);
}

/** P2: repeated only where the provider itself makes it one request, else looked up, else left to a person. */
async function outcomeUnknown(
  deps: AttemptDeps,
  attempt: Attempt,
  intended: { readonly id: SubmissionId; readonly request: ProviderRequest; readonly intendedAt: number },
  error: ClassifiedError | null,
): Promise<Submitted> {
  const { provider, signal } = attempt;
  const { id, request } = intended;
  if (isIdempotent(provider, request)) {
    if (error !== null) return { state: "none", error: { ...error, retryable: true }, ends: false };
    if (attempt.wish.aborted) return lookedUp();
    return submit(deps, attempt, { id, request });
  }
  return lookedUp();

  async function lookedUp(): Promise<Submitted> {
    const found = provider.lookup === undefined ? ({ state: "unsupported" } as const) : await lookup(provider);
    switch (found.state) {
      case "found":
        await deps.store.openSubmission({ submissionId: id, providerRef: found.providerRef });
        return opened(request, found.providerRef);
      case "absent":
        return { state: "none", error: error ?? NEVER_ARRIVED, ends: true };
      case "unsupported":
        return { state: "none", error: UNCONFIRMED, ends: false, recoverable: false };
    }
  }

  async function lookup(at: Provider) {
    const first = await at.lookup?.(request, signal);
    if (first?.state !== "absent") return first ?? ({ state: "unsupported" } as const);
    const wait = intended.intendedAt + ON_ITS_WAY_MS - deps.clock();
    if (wait > 0) await deps.sleep(wait, signal);
    if (signal.aborted) throw new AttemptOver("stopped");
    return (await at.lookup?.(request, signal)) ?? ({ state: "unsupported" } as const);
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

const UNCONFIRMED: ClassifiedError = {
  code: "unconfirmed_submit",
  message: "The provider may have accepted the request, but its answer was lost and it cannot be asked again.",
  retryable: false,
};
