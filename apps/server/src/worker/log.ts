import type { AssetId, EventRecord } from "@reelstate/lifecycle";
import type { Logger } from "pino";

/** One line per transition: job, asset, attempt, from, to, code, and how long it took. */
export function logTransition(
  log: Logger,
  record: EventRecord & { readonly assetId: AssetId },
  more: { readonly code?: string | null; readonly ms?: number } = {},
): void {
  const { jobId, assetId, attempt, jobFrom, jobTo, event } = record;
  if (jobFrom === jobTo) return;
  const line = {
    job: jobId,
    asset: assetId,
    attempt,
    from: jobFrom,
    to: jobTo,
    event,
    code: more.code ?? null,
    ms: more.ms,
  };
  if (jobTo === "failed") log.warn(line, "transition");
  else log.info(line, "transition");
}
