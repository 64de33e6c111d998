import type { Timers } from "../Timers.ts";

/** How long a provider may take to answer a question before its answer counts as lost. */
const ANSWER_WITHIN_MS = 30_000;

/**
 * A provider's answer, or a rejection when it does not come: a connection that went silent is a question that was not answered
 * (P3), and does not keep the attempt until its deadline. What still hangs is let go with the attempt's signal.
 */
export async function inTime<T>({ after }: Pick<Timers, "after">, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const stopWaiting = after(ANSWER_WITHIN_MS, () =>
    late.reject(new DOMException("The provider did not answer in time.", "TimeoutError")),
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    stopWaiting();
  }
}
