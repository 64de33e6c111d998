import { isEnded, liveOf } from "./live.ts";
import { freeSlotIsUsed, noMoreThanSlots } from "./judgeSlots.ts";
import { GRANT } from "./openScene.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { FeedEvent } from "../../store/feed.ts";
import type { JobSummary } from "../../store/views.ts";
import type { Look } from "./look.ts";
import type { StepKind, Told } from "./Told.ts";

/** One step, seen from outside: before and after it, what was answered, and what the feed told in between. */
export interface Seen {
  readonly before: Look;
  readonly after: Look;
  readonly told: Told;
  readonly news: readonly FeedEvent[];
}

/** Says what is wrong with a step, in words that begin with the rule's number, or nothing. */
type Rule = (seen: Seen) => string | false;

/** Written in the name of an attempt, and so void once that is over (J9). The provider's answer is evidence and is not. */
const FENCED: ReadonlySet<StepKind> = new Set([
  "heartbeat",
  "progress",
  "intend",
  "complete",
  "fail",
  "hand_back",
  "settle",
]);
/** What is no event of its own, however well it went. */
const SILENT: ReadonlySet<StepKind> = new Set([
  "heartbeat",
  "progress",
  "intend",
  "time",
  "idle",
  "other_asset",
  "limits",
]);

/** What rows alone cannot show: how the rows of now follow from those of before and from what was asked. */
export function judge(seen: Seen): readonly string[] {
  return RULES.map((rule) => rule(seen)).filter((finding) => finding !== false);
}

const RULES: readonly Rule[] = [
  noMoreThanSlots,
  freeSlotIsUsed,
  function fence({ before, told }) {
    if (!FENCED.has(told.kind) || !told.done || told.by === undefined) return false;
    const { jobId, attempt } = told.by;
    const job = before.jobs.find(({ id }) => id === jobId);
    const live = job?.status === "processing" && job.attempt === attempt;
    return !live && `J9 a ${told.kind} of attempt ${attempt} was taken, which is not the live one`;
  },
  function refusalsChangeNothing(seen) {
    const { before, after, told, news } = seen;
    if (told.done || told.kind === "time") return false;
    // A sweep may have found something to do with the input, of which this asset shows nothing.
    const changed =
      told.kind === "sweep"
        ? ofTheAsset(seen).length > 0 ||
          !same(before.jobs, after.jobs) ||
          before.asset?.rowVersion !== after.asset?.rowVersion
        : news.length > 0 || !same(settled(before), settled(after));
    return changed && `J9 it was refused (${told.said}) and changed something`;
  },
  function endedStaysEnded({ before, after }) {
    const moved = before.jobs.find(
      (job) =>
        isEnded(job) &&
        !same(
          job,
          after.jobs.find(({ id }) => id === job.id),
        ),
    );
    return moved !== undefined && `J8 a job that had ended as ${moved.status} was changed`;
  },
  function onlyAClaimRaisesTheAttempt({ before, after, told }) {
    for (const job of after.jobs) {
      const old = before.jobs.find(({ id }) => id === job.id)?.attempt ?? 0;
      const claimed = told.kind === "claim" && told.done && told.by?.jobId === job.id;
      if (job.attempt !== old + (claimed ? 1 : 0)) return `J2 the attempt went from ${old} to ${job.attempt}`;
    }
    return false;
  },
  function onlyAClaimStarts({ before, after, told }) {
    const started = after.jobs.find(({ status }) => status === "processing");
    const was = before.jobs.find(({ id }) => id === started?.id)?.status;
    return started !== undefined && was !== "processing" && told.kind !== "claim" && `J2 a ${told.kind} started a job`;
  },
  function progressGoesForward({ before, after }) {
    const [old, now] = [liveOf(before.asset), liveOf(after.asset)];
    if (old === null || now === null || old.id !== now.id || old.attempt !== now.attempt) return false;
    if (old.status !== "processing" || now.status !== "processing") return false;
    const order = ["submitting", "at_provider", "fetching", "storing"];
    if (order.indexOf(now.phase) < order.indexOf(old.phase))
      return `J3 the phase went from ${old.phase} to ${now.phase}`;
    return (now.progress.fraction ?? 0) < (old.progress.fraction ?? 0) && "J3 the fraction fell";
  },
  function oneLiveJob({ after }) {
    return after.jobs.filter((job) => !isEnded(job)).length > 1 && "J11 the asset has two live jobs";
  },
  function completedStaysCompleted({ before, after }) {
    const lost = before.asset?.status === "completed" && after.asset !== null && after.asset.status !== "completed";
    return lost && `A6 a completed asset became ${after.asset?.status}`;
  },
  function assetFollowsItsJob({ after: { asset, jobs } }) {
    const [newest] = jobs;
    if (asset === null || newest === undefined || asset.currentVersion.id !== newest.versionId) return false;
    return asset.status !== newest.status && `A2 the asset is ${asset.status}, its job ${newest.status}`;
  },
  function failedSaysWhy({ after: { asset } }) {
    if (asset?.status !== "failed") return false;
    return (asset.errorCode === null || (asset.errorMessage ?? "") === "") && "A4 a failed asset does not say why";
  },
  function wishIsKept({ after: { asset } }) {
    const job = liveOf(asset);
    if (job === null || !job.cancelRequested || job.status !== "pending") return false;
    if (job.phase !== "queued") return `J7 a job that is to be cancelled waits in ${job.phase}`;
    return !job.openSubmission && "J7 a job that is to be cancelled waits, with nothing alive at the provider";
  },
  function wishIsNotForgotten({ before, after }) {
    const [old, now] = [liveOf(before.asset), liveOf(after.asset)];
    return old !== null && old.cancelRequested && old.id === now?.id && !now.cancelRequested && "J7 the wish is gone";
  },
  function rowVersionRises({ before, after }) {
    if (before.asset === null || after.asset === null) return false;
    const rise = after.asset.rowVersion - before.asset.rowVersion;
    if (rise < 0) return "A9 the row version fell";
    return rise === 0 && !same(visible(before.asset), visible(after.asset)) && "A9 the answer changed unnoticed";
  },
  function ledgerIsExact({ after: { credit, allJobs } }) {
    const sum = (jobs: readonly JobSummary[]): number => jobs.reduce((total, { quote }) => total + quote, 0);
    const held = sum(allJobs.filter((job) => !isEnded(job)));
    const balance = GRANT - sum(allJobs.filter(({ status }) => status === "completed"));
    const exact = credit.balance === balance && credit.held === held;
    return !exact && `C3 balance ${credit.balance} and held ${credit.held} should be ${balance} and ${held}`;
  },
  function seqIsDense({ before, after, news }) {
    const dense = news.length === after.seq - before.seq && news.every(({ seq }, at) => seq === before.seq + at + 1);
    return (
      !dense && `E1 after seq ${before.seq} came ${news.map(({ seq }) => seq).join(", ")}, the head is ${after.seq}`
    );
  },
  function oneEventForEachCommand(seen) {
    const promised = eventsPromised(seen);
    const told = ofTheAsset(seen).length;
    return promised !== told && `E1 the step should have told ${promised} events of the asset, and told ${told}`;
  },
  function eventSaysWhatHappened(seen) {
    const { before, after } = seen;
    const [event] = ofTheAsset(seen);
    if (event?.kind !== "transition" || before.asset === null || after.asset === null) return false;
    const right = event.from === before.asset.status && event.to === after.asset.status;
    return (
      !right && `E1 the event says ${event.from} to ${event.to}, it was ${before.asset.status} to ${after.asset.status}`
    );
  },
];

function ofTheAsset({ news, before, after }: Seen): readonly FeedEvent[] {
  const id = before.jobs[0]?.assetId ?? after.jobs[0]?.assetId;
  return news.filter((event) => (event.kind === "removed" ? event.assetId : event.asset.id) === id);
}

function eventsPromised({ before, after, told }: Seen): number {
  const { kind, done, transitions } = told;
  if (kind === "sweep") return transitions?.length ?? 0;
  // The end of an input releases or rejects what waits for it, in the same transaction.
  if (kind === "other_asset") return same(before.jobs, after.jobs) ? 0 : 1;
  if (!done || SILENT.has(kind)) return 0;
  // A second wish while one stands changes nothing, and neither does deleting what is deleted.
  if (kind === "cancel") return liveOf(before.asset)?.cancelRequested === true ? 0 : 1;
  if (kind === "delete") return before.asset === null ? 0 : 1;
  // The provider's answer is news only where it makes a failed job recoverable (P6).
  if (kind === "open") return recoverable(after) && !recoverable(before) ? 1 : 0;
  return 1;
}

function recoverable({ asset }: Look): boolean {
  return asset?.lastJob?.recoverable ?? false;
}

/** When it may begin, and how long its model usually takes, change with time alone: both come from other jobs' runs. */
function settled({ asset, ...look }: Look): unknown {
  const job = liveOf(asset);
  if (job === null) return { ...look, asset };
  return { ...look, asset: { ...asset, liveJob: { ...job, startsIn: null, progress: job.progress.fraction } } };
}

/** An answer without its latest values and without what counts its changes. */
function visible({ rowVersion: _rowVersion, updatedAt: _updatedAt, liveJob, ...asset }: Asset): unknown {
  if (liveJob === null) return asset;
  const {
    progress: _progress,
    queuePosition: _queue,
    startsIn: _starts,
    openSubmission: _open,
    phase,
    ...job
  } = liveJob;
  // Within an attempt the phase is progress (E4).
  return { ...asset, liveJob: liveJob.status === "processing" ? job : { ...job, phase } };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
