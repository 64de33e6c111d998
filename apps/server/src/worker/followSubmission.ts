import { believableCost } from "../providers/believableCost.ts";
import { AttemptOver, pollDelay } from "./Attempt.ts";
import { inTime } from "./inTime.ts";
import type { Cost } from "@reelstate/lifecycle";
import type { Attempt, AttemptDeps } from "./Attempt.ts";
import type { ClassifiedError, ProviderStatus, SubmissionRef } from "../providers/Provider.ts";

export type Followed =
  | { readonly state: "succeeded"; readonly cost?: Cost | undefined }
  | { readonly state: "cancelled" }
  | { readonly state: "failed"; readonly error: ClassifiedError; readonly cost?: Cost | undefined };

/** However long a provider asks us to wait between two reads. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Reads the provider until it reports an end. A read that fails is no news (P3); an unknown status is waited on (P5);
 * deadlines are the sweeper's. A wish is passed on until the provider has heard it, and what the provider then reports
 * decides (J7).
 */
export async function followSubmission(
  deps: AttemptDeps,
  attempt: Attempt,
  submission: SubmissionRef,
): Promise<Followed> {
  const { provider, signal, wish, progress, job } = attempt;
  progress.phase("at_provider");
  let unanswered = 0;
  let askedToWait = 0;
  let strange: string | null = null;
  let toldToCancel = false;
  const eitherSignal = AbortSignal.any([signal, wish]);
  while (!signal.aborted) {
    const wished = wish.aborted;
    if (wished && !toldToCancel) toldToCancel = await askToCancel();
    const status = await read();
    if (status?.state === "cancelled") return status;
    if (status?.state === "succeeded" || status?.state === "failed")
      return { ...status, cost: believableCost(status.cost) };
    if (status?.state === "running" && status.fraction !== null) progress.fraction(status.fraction);
    if (status?.state === "unknown" && status.raw !== strange) {
      strange = status.raw;
      deps.log.warn(
        { job: job.jobId, provider: provider.name, status: status.raw.slice(0, 200) },
        "the provider reports a status that is not known; waiting",
      );
    }
    await deps.sleep(
      Math.max(askedToWait, pollDelay(provider.pollMs, unanswered)),
      // One that came during the read is passed on now, not after the wait.
      wished ? signal : eitherSignal,
    );
  }
  throw new AttemptOver("stopped");

  async function read(): Promise<ProviderStatus | null> {
    try {
      const status = await inTime(deps, provider.status(submission, signal));
      unanswered = 0;
      askedToWait = 0;
      return status;
    } catch (cause) {
      if (signal.aborted) throw new AttemptOver("stopped", { cause });
      unanswered += 1;
      const { detail, message, retryAfterMs } = provider.classifyError(cause);
      askedToWait = Math.min(LONGEST_WAIT_MS, retryAfterMs ?? 0);
      deps.log.debug({ job: job.jobId, provider: provider.name, detail: detail ?? message }, "a poll was not answered");
      return null;
    }
  }

  /** Whether the provider has answered, be it with no; a call that broke on the way is made again with the next read. */
  async function askToCancel(): Promise<boolean> {
    try {
      if (provider.cancel !== undefined) await inTime(deps, provider.cancel(submission, signal));
      return true;
    } catch (cause) {
      if (signal.aborted) throw new AttemptOver("stopped", { cause });
      const { detail, message, retryable } = provider.classifyError(cause);
      deps.log.info(
        { job: job.jobId, provider: provider.name, detail: detail ?? message },
        "the provider did not take the cancel",
      );
      return !retryable;
    }
  }
}
