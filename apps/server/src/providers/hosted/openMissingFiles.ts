import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import type { ClassifiedError } from "../Provider.ts";

const MOST_REMEMBERED = 2_000;
const FORBIDDEN = 403;

export interface MissingFiles {
  /**
   * What a download's error means; null where it was no refusal, and speaks for itself. Whoever saw the key may forbid the account,
   * and says nothing of the file by that.
   */
  readonly classify: (
    providerRef: string,
    error: unknown,
    shown?: { readonly keyed: boolean },
  ) => ClassifiedError | null;
}

/**
 * Finished files that a provider refuses to give. One that is not there may only be late on its way to where it is served from: it is
 * tried again, and only the second refusal is believed, by which the request is over. Anything else that is said in place of a
 * file is trouble that passes, whatever it would mean of a request: what was made was paid for (P3, P6).
 */
export function openMissingFiles({
  gone,
  away,
  makeAnew = false,
}: {
  readonly gone: string;
  readonly away: ReadonlySet<number>;
  /** Where another one costs nothing, it is made by itself in place of one that is gone. */
  readonly makeAnew?: boolean;
}): MissingFiles {
  const refused = new Set<string>();

  return {
    classify: (providerRef, error, { keyed } = { keyed: false }) => {
      if (!(error instanceof RefusedAnswer)) return null;
      const { status, message: detail, retryAfterMs } = error;
      const code = "provider_unavailable";
      if (away.has(status) && !(keyed && status === FORBIDDEN)) {
        if (refused.has(providerRef)) return { code, message: gone, detail, retryable: makeAnew, gone: true };
        refused.add(providerRef);
        const [oldest] = refused;
        if (refused.size > MOST_REMEMBERED && oldest !== undefined) refused.delete(oldest);
      }
      return {
        code,
        message: "The finished file could not be fetched.",
        detail,
        retryable: true,
        ...(retryAfterMs === null ? {} : { retryAfterMs }),
      };
    },
  };
}
