import type { Asset, LiveJob } from "./asset.ts";
import type { IconName, OverlayView, ProgressView } from "./assetView.ts";
import type { Phase } from "./status.ts";
import type { Words } from "./words/Words.ts";

/** What is under way, or null: a completed asset without a live job has no overlay (U2). */
export function overlayOf(asset: Asset, words: Words): OverlayView | null {
  const job = asset.liveJob;
  if (job === null) return null;
  const waiting = job.status === "pending";
  const stopping = job.cancelRequested;
  // Nobody stands in line for a model that is not there: its provider is asked about it soon, or it is about to fail.
  const inNoLine = job.phase === "queued" && asset.currentVersion.modelGone === true;
  return {
    tone: waiting ? "waiting" : "making",
    icon: stopping ? "circle-stop" : ICONS[job.phase],
    phase: job.phase,
    title: inNoLine && !stopping ? words.status.pending : titleOf(job, words),
    stopping,
    attempt: job.failures > 0 && !stopping ? words.tryOf(job.failures + 1, job.maxFailures) : null,
    queue: job.phase === "queued" && !stopping && !inNoLine ? inLine(job, words) : null,
    nextTry: job.phase === "backoff" && job.nextTryAt !== null ? { at: job.nextTryAt, label: words.nextTry } : null,
    progress: waiting ? null : progressView(job, words),
    overMedia: asset.currentVersion.media !== null,
    jobId: job.id,
  };
}

function titleOf(job: LiveJob, words: Words): string {
  if (job.cancelRequested) return job.openSubmission ? words.stoppingMayBeCharged : words.stopping;
  const [first, ...rest] = job.waitingFor;
  if (job.phase === "waiting_inputs" && first !== undefined) return words.waitingFor(first.name, rest.length);
  return words.phase[job.phase];
}

const ICONS = {
  waiting_inputs: "clock",
  queued: "list-ordered",
  backoff: "timer-reset",
  submitting: "sparkles",
  at_provider: "sparkles",
  fetching: "sparkles",
  storing: "sparkles",
} as const satisfies Record<Phase, IconName>;

function inLine({ queuePosition, startsIn }: LiveJob, words: Words): string {
  if (queuePosition === null) return words.farBackInLine;
  const place = queuePosition === 1 ? words.nextInLine : words.inLine(queuePosition);
  return startsIn === null
    ? place
    : `${place}${words.and}${words.startsIn(seconds(startsIn.low), seconds(startsIn.high))}`;
}

function progressView({ progress, startedAt }: LiveJob, words: Words): ProgressView {
  const { kind, fraction, low, high } = progress;
  if (kind === "measured" && fraction !== null) {
    // Rounded down: 100% is said when it is all there.
    const percent = Math.floor(fraction * 100);
    return { ...progress, percent, label: words.measured(percent), startedAt };
  }
  if (kind === "estimated" && low !== null && high !== null) {
    return { ...progress, percent: null, label: words.estimated(seconds(low), seconds(high)), startedAt };
  }
  return { kind: "unknown", fraction: null, low: null, high: null, percent: null, label: words.unknown, startedAt };
}

function seconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1000));
}
