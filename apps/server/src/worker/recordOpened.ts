import type { JobId, SubmissionId } from "@reelstate/lifecycle";
import type { AttemptDeps } from "./Attempt.ts";

interface Opened {
  readonly submissionId: SubmissionId;
  readonly providerRef: string;
}

/** About two minutes in all: longer than a lock is held or a disk is full for a moment. */
const MOST_TRIES = 30;
const LONGEST_WAIT_MS = 5_000;

/**
 * Writes down the provider's id of a request that was paid for (P1). While our own database cannot take it, it is tried
 * again, also once the attempt is over, because nobody else knows it; in the end it stands at least in the log.
 */
export async function recordOpened(
  { store, sleep, log }: Pick<AttemptDeps, "store" | "sleep" | "log">,
  job: JobId,
  opened: Opened,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.openSubmission(opened);
    } catch (error) {
      const line = { err: error, job, submission: opened.submissionId, providerRef: opened.providerRef };
      if (tries === MOST_TRIES) {
        log.error(line, "the id of an accepted request could not be kept");
        throw error;
      }
      log.warn(line, "the id of an accepted request is not kept yet; trying again");
      await sleep(Math.min(LONGEST_WAIT_MS, 100 * 2 ** Math.min(tries - 1, 10)), NEVER);
    }
  }
}

const NEVER = new AbortController().signal;
