import { backoff, errorEntry } from "@reelstate/lifecycle";
import { StoreUnavailable } from "@reelstate/db";
import { AttemptOver, mustBeOurs } from "./Attempt.ts";
import { span } from "../span.ts";
import { followSubmission } from "./followSubmission.ts";
import { holdInputs } from "./holdInputs.ts";
import { logTransition } from "./log.ts";
import { runSubmission } from "./runSubmission.ts";
import { storeOutput } from "./storeOutput.ts";
import type { AttemptFailure, AttemptOutcome, ClaimedJob, EndsSubmission } from "@reelstate/db";
import type { Attempt, AttemptDeps, ClaimedAttempt } from "./Attempt.ts";
import type { ClassifiedError, ProviderRequest, SubmissionRef } from "../providers/Provider.ts";

/**
 * One attempt, from its claim to what became of it. Every write names the attempt; the first that is refused ends it
 * here, silently, because it is another's work by now (J9).
 */
export async function runAttempt(deps: AttemptDeps, claimed: ClaimedAttempt): Promise<void> {
  const since = span(deps);
  const { job, progress, signal } = claimed;
  try {
    await using inputs = holdInputs(
      deps.storage,
      job.inputs.map(({ media }) => media.key),
    );
    const attempt: Attempt = { ...claimed, request: requestOf(job), inputPaths: inputs.paths };
    const submitted = await runSubmission(deps, attempt);
    if (submitted.state === "open") return await finish(attempt, submitted.submission);
    const ends = submitted.ends ? ({ ends: "never_arrived" } as const) : {};
    if (submitted.state === "withdrawn") await handBack(ends);
    else if (submitted.error === null) await settle(ends);
    else await fail(submitted.error, { ...ends, recoverable: submitted.recoverable ?? false });
  } catch (error) {
    if (error instanceof AttemptOver || signal.aborted) return;
    if (error instanceof StoreUnavailable) {
      // Neither can its end be kept now: its lease ends, and the next attempt finds whatever was paid for (P1).
      deps.log.warn({ job: job.jobId, attempt: job.attempt, err: error }, "an attempt could not be recorded");
      return;
    }
    deps.log.error({ job: job.jobId, attempt: job.attempt, err: error }, "an attempt ended in a bug");
    await fail({ ...BUG, detail: String(error) }).catch(() => {});
  } finally {
    await progress.close();
  }

  async function finish(attempt: Attempt, submission: SubmissionRef): Promise<void> {
    const followed = await followSubmission(deps, attempt, submission);
    switch (followed.state) {
      case "failed":
        // What may have been charged for, no provider says may be asked for again: what it says so of was free.
        return fail(followed.error, { ends: "failed", free: followed.error.retryable, cost: followed.cost });
      case "cancelled":
        return attempt.wish.aborted ? settle({ ends: "cancelled" }) : fail(CANCELLED_ELSEWHERE, { ends: "cancelled" });
      case "succeeded": {
        const { cost } = followed;
        const stored = await storeOutput(deps, attempt, submission);
        if (!stored.ok)
          return fail(stored.error, stored.error.gone === true ? { ends: "failed", cost } : { made: true });
        await progress.close();
        const outcome = await deps.store.complete({
          jobId: job.jobId,
          attempt: job.attempt,
          media: stored.media,
          cost,
        });
        // Left alone, the job would wait for its lease to end, time after time.
        if (!outcome.ok && outcome.why === "media_invalid") return fail(INVALID_MEDIA, { made: true });
        return tell(outcome, null);
      }
    }
  }

  async function fail(
    error: ClassifiedError,
    { recoverable, ...ends }: EndsSubmission & Pick<AttemptFailure, "recoverable" | "made"> = {},
  ): Promise<void> {
    await progress.close();
    const { code, message, detail } = error;
    const retryable = mayGoBetter(error);
    const tries = job.failures + 1;
    const last = !retryable || tries >= job.maxFailures;
    const outcome = await deps.store.fail({
      jobId: job.jobId,
      attempt: job.attempt,
      code,
      message: message.trim() === "" ? UNEXPLAINED : message,
      retryable,
      backoffMs: backoff({ tries, random: deps.random(), retryAfterMs: error.retryAfterMs ?? null }),
      ...(detail === undefined ? {} : { detail }),
      // Said only of what is left in the end: a later attempt may still find out that nothing arrived.
      ...(recoverable === true && last ? { recoverable } : {}),
      ...ends,
    });
    tell(outcome, code);
  }

  async function settle(ends: EndsSubmission): Promise<void> {
    await progress.close();
    tell(await deps.store.settle({ jobId: job.jobId, attempt: job.attempt, ...ends }), null);
  }

  async function handBack(ends: EndsSubmission): Promise<void> {
    await progress.close();
    tell(await deps.store.handBack({ jobId: job.jobId, attempt: job.attempt, ...ends }), null);
  }

  function tell(outcome: AttemptOutcome, code: string | null): void {
    const { transition } = mustBeOurs(outcome);
    if (transition !== null) logTransition(deps.log, { ...transition, assetId: job.assetId }, { code, ms: since() });
  }
}

function requestOf(job: ClaimedJob): ProviderRequest {
  const { model, type, prompt, params } = job;
  return { clientRef: `${job.jobId}-${job.attempt}`, model, type, prompt, params };
}

/**
 * What another attempt cannot help (the rules, the input, the balance, the key) is not tried again, whatever a provider
 * says of it (J5). An unconfirmed submit is asked about again, which is no other try.
 */
function mayGoBetter({ code, retryable }: ClassifiedError): boolean {
  return retryable && (code === "unconfirmed_submit" || errorEntry(code).retryable);
}

const UNEXPLAINED = "The provider gave no reason.";

const BUG: ClassifiedError = { code: "internal", message: "Something went wrong in the studio.", retryable: true };

const INVALID_MEDIA: ClassifiedError = {
  code: "provider_unavailable",
  message: "The provider delivered something that is not whole.",
  retryable: true,
};

/**
 * A cancel that we did not ask for: somebody at the provider, or the provider giving up. What ran until then may be charged, and a
 * person may have wished for the end there, so that another one is for a person to ask for. What a provider ends for free and of
 * itself, its adapter reports as a failure that may be tried again.
 */
const CANCELLED_ELSEWHERE: ClassifiedError = {
  code: "provider_unavailable",
  message: "The work was stopped at the provider, not from here. It may have been charged for.",
  retryable: false,
};
