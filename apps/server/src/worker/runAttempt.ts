import { backoff } from "@reelstate/lifecycle";
import { AttemptOver, mustBeOurs } from "./Attempt.ts";
import { followSubmission } from "./followSubmission.ts";
import { logTransition } from "./log.ts";
import { runSubmission } from "./runSubmission.ts";
import { storeOutput } from "./storeOutput.ts";
import type { AttemptOutcome, EndsSubmission } from "@reelstate/db";
import type { Attempt, AttemptDeps } from "./Attempt.ts";
import type { ClassifiedError, SubmissionRef } from "../providers/Provider.ts";

/**
 * One attempt, from its claim to what became of it. Every write names the attempt; the first that is refused ends it
 * here, silently, because it is another's work by now (J9).
 */
export async function runAttempt(deps: AttemptDeps, attempt: Attempt): Promise<void> {
  const startedAt = deps.clock();
  const { job } = attempt;
  try {
    const submitted = await runSubmission(deps, attempt);
    if (submitted.state === "none") {
      const ends = submitted.ends ? ({ ends: "never_arrived" } as const) : {};
      if (submitted.error === null) await settle(ends);
      else await fail(submitted.error, { ...ends, recoverable: submitted.recoverable ?? false });
      return;
    }
    await finish(submitted.submission);
  } catch (error) {
    if (error instanceof AttemptOver || attempt.signal.aborted) return;
    deps.log.error({ job: job.jobId, attempt: job.attempt, err: error }, "an attempt ended in a bug");
    await fail(
      { code: "internal", message: "Something went wrong in the studio.", detail: String(error), retryable: true },
      {},
    ).catch(() => {});
  } finally {
    await attempt.progress.close();
  }

  async function finish(submission: SubmissionRef): Promise<void> {
    const followed = await followSubmission(deps, attempt, submission);
    switch (followed.state) {
      case "failed":
        return fail(followed.error, { ends: "failed" });
      case "cancelled":
        return attempt.wish.aborted ? settle({ ends: "cancelled" }) : fail(CANCELLED_ELSEWHERE, { ends: "cancelled" });
      case "succeeded": {
        const stored = await storeOutput(deps, attempt, submission);
        if (!stored.ok) return fail(stored.error, {});
        await attempt.progress.close();
        return tell(await deps.store.complete({ jobId: job.jobId, attempt: job.attempt, media: stored.media }), null);
      }
    }
  }

  async function fail(
    error: ClassifiedError,
    ends: EndsSubmission & { readonly recoverable?: boolean },
  ): Promise<void> {
    await attempt.progress.close();
    const { code, message, detail, retryable } = error;
    const tries = job.failures + 1;
    const backoffMs = backoff({ tries, random: deps.random(), retryAfterMs: error.retryAfterMs ?? null });
    const outcome = await deps.store.fail({
      jobId: job.jobId,
      attempt: job.attempt,
      code,
      message,
      retryable,
      backoffMs,
      ...(detail === undefined ? {} : { detail }),
      ...ends,
    });
    tell(outcome, code);
  }

  async function settle(ends: EndsSubmission): Promise<void> {
    await attempt.progress.close();
    tell(await deps.store.settle({ jobId: job.jobId, attempt: job.attempt, ...ends }), null);
  }

  function tell(outcome: AttemptOutcome, code: string | null): void {
    const { transition } = mustBeOurs(outcome);
    if (transition !== null)
      logTransition(deps.log, { ...transition, assetId: job.assetId }, { code, ms: deps.clock() - startedAt });
  }
}

/** A cancel that we did not ask for is a provider giving up. */
const CANCELLED_ELSEWHERE: ClassifiedError = {
  code: "provider_unavailable",
  message: "The provider stopped the work without being asked to.",
  retryable: true,
};
