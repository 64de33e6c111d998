import { isAhead, mergeProgress } from "./mergeProgress.ts";
import type { Asset, AssetVersion, LiveJob } from "./asset.ts";

/** Whether `incoming` tells something that `current` does not know yet (A9, E5). */
export function isNewer(
  current: Pick<Asset, "rowVersion"> | null | undefined,
  incoming: Pick<Asset, "rowVersion">,
): boolean {
  return current === null || current === undefined || incoming.rowVersion > current.rowVersion;
}

/**
 * The truer of two answers about one asset, in whatever order they arrive: the higher row version, and of the same
 * attempt the progress that is further (E4, E5). Gives back `current` itself when nothing changes, so that nothing is
 * drawn again.
 */
export function mergeAsset(current: Asset | null | undefined, incoming: Asset): Asset {
  if (current === null || current === undefined) return incoming;
  if (current.id !== incoming.id) throw new Error(`Asset ${incoming.id} cannot be merged into ${current.id}.`);
  if (isNewer(current, incoming)) return keepFurther(incoming, current);
  if (isNewer(incoming, current)) return current;
  return withLatestValues(current, incoming);
}

/** News of the row may have been read before the last progress was. */
function keepFurther(news: Asset, old: Asset): Asset {
  const job = old.liveJob;
  return job === null ? news : mergeProgress(news, { ...job, jobId: job.id });
}

/**
 * At the same row version only latest values can differ: whether the model is still offered, progress, the place in line and
 * when it starts, what it waits for, and whether a submission is open. Progress has an order; of the others, what was heard
 * last is kept.
 */
function withLatestValues(before: Asset, incoming: Asset): Asset {
  const current = withOffer(before, incoming.currentVersion);
  const [was, is] = [current.liveJob, incoming.liveJob];
  if (was === null || is === null || was.id !== is.id) return current;
  const { queuePosition, startsIn, openSubmission } = is;
  // A job only ever waits for less.
  const waitingFor = is.waitingFor.length < was.waitingFor.length ? is.waitingFor : was.waitingFor;
  const latest = { ...was, queuePosition, startsIn, waitingFor, openSubmission };
  const moved = sameLatest(was, latest) ? current : { ...current, liveJob: latest };
  return isAhead(was, is) ? mergeProgress(moved, { ...is, jobId: is.id }) : moved;
}

function withOffer(asset: Asset, { modelGone }: AssetVersion): Asset {
  if (asset.currentVersion.modelGone === modelGone) return asset;
  const { modelGone: _was, ...version } = asset.currentVersion;
  return { ...asset, currentVersion: modelGone === undefined ? version : { ...version, modelGone } };
}

/** Whether the latest values of both, progress aside, say the same. */
export function sameLatest(was: LiveJob, is: LiveJob): boolean {
  return (
    was.queuePosition === is.queuePosition &&
    was.startsIn?.low === is.startsIn?.low &&
    was.startsIn?.high === is.startsIn?.high &&
    was.waitingFor.length === is.waitingFor.length &&
    was.waitingFor.every(({ assetId }, at) => assetId === is.waitingFor[at]?.assetId) &&
    was.openSubmission === is.openSubmission
  );
}
