import { backoff, durationMs } from "@reelstate/lifecycle";
import { span } from "../span.ts";
import { logTransition } from "./log.ts";
import { openProgress } from "./openProgress.ts";
import { runAttempt } from "./runAttempt.ts";
import type { ClaimedJob } from "@reelstate/db";
import type { EpochMs } from "@reelstate/lifecycle";
import type { Catalogue } from "../providers/openCatalogue.ts";
import type { Provider } from "../providers/Provider.ts";
import type { AttemptDeps } from "./Attempt.ts";

/** Claims jobs and carries them out, several at a time, while it can prove that they are still its own. */
export interface Worker {
  readonly running: () => number;
  /** Stops claiming at once, lets what ends within the grace time end, and hands the rest back. */
  readonly drain: (graceMs: number) => Promise<void>;
}

export interface WorkerOptions {
  readonly workerId: string;
  readonly concurrency: number;
  readonly leaseMs: number;
}

interface Running {
  readonly job: ClaimedJob;
  readonly stop: AbortController;
  readonly wish: AbortController;
  readonly done: Promise<void>;
}

/** The share of a lease after which a worker that could not renew it stops; a tenth more may pass until it notices. */
const STOP_AT = 0.7;
/** How long a drain waits for an attempt that was told to stop: a submit under way is worth hearing out (P1). */
const STOP_PATIENCE_MS = 5_000;
/** Finds the work when every wake is lost. */
const BACKSTOP_MS = 1_000;
/** Longer than any backoff; a timer of more than 24 days would fire at once. */
const LONGEST_TIMER_MS = 3_600_000;

export function openWorker(deps: AttemptDeps, options: WorkerOptions): Worker {
  const { store, log } = deps;
  const leaseMs = durationMs(options.leaseMs);
  const running = new Map<string, Running>();
  let draining = false;
  let claiming: Promise<void> | null = null;
  let claimAgain = false;
  let sinceAlive = span(deps);
  let forgetRetry = (): void => {};
  let askedAt: EpochMs | null = null;

  function claimSoon(): void {
    if (draining || running.size >= options.concurrency) return;
    if (claiming !== null) {
      claimAgain = true;
      return;
    }
    claimAgain = false;
    claiming = claim().finally(() => {
      claiming = null;
      if (claimAgain) claimSoon();
    });
  }

  async function claim(): Promise<void> {
    const limit = options.concurrency - running.size;
    // What is offered may change while the store is asked: what is claimed is made by whom it was claimed for.
    const { offered, ...offering } = { ...deps.catalogue };
    try {
      const claimed = await store.claim({
        workerId: options.workerId,
        limit,
        leaseMs,
        ...offered,
        onlyToSettle: !deps.hasRoom(),
      });
      if (draining) return void (await Promise.all(claimed.map(giveBack)));
      for (const job of claimed) start(job, providerOf(job, offering));
      if (running.size < options.concurrency) await awaitRetry();
    } catch (error) {
      log.warn({ err: error }, "claiming failed; trying again");
    }
  }

  /** A try begins when its time comes, not when somebody happens to look; also one whose time came since the claim before this. */
  async function awaitRetry(): Promise<void> {
    const { now, ms } = await store.nextTry({ ...deps.catalogue.offered, since: askedAt });
    askedAt = now;
    forgetRetry();
    if (ms !== null && !draining) forgetRetry = deps.after(Math.min(ms, LONGEST_TIMER_MS), claimSoon);
  }

  function start(job: ClaimedJob, provider: Provider): void {
    logTransition(log, {
      event: "claim",
      from: "pending",
      to: "processing",
      jobId: job.jobId,
      versionId: job.versionId,
      attempt: job.attempt,
      jobFrom: "pending",
      jobTo: "processing",
      assetId: job.assetId,
    });
    const stop = new AbortController();
    const wish = new AbortController();
    if (job.cancelRequested) wish.abort();
    const progress = openProgress({ ...deps, lost: () => stop.abort() }, job);
    // Whoever has lost the attempt says nothing more of it, whatever it still waits for (J9).
    stop.signal.addEventListener("abort", () => void progress.close(), { once: true });
    const attempt = { job, provider, signal: stop.signal, wish: wish.signal, progress };
    const done = runAttempt(deps, attempt)
      .catch((error: unknown) =>
        log.error({ err: error, job: job.jobId }, "an attempt could not be ended; its lease will"),
      )
      .finally(() => {
        if (running.get(job.jobId)?.done === done) running.delete(job.jobId);
        claimSoon();
      });
    // An earlier attempt of the same job may still be unwinding here; it is over (J9).
    running.get(job.jobId)?.stop.abort();
    running.set(job.jobId, { job, stop, wish, done });
  }

  async function heartbeat(): Promise<void> {
    const since = span(deps);
    const kept = [...running.values()].filter(({ stop }) => draining || !stop.signal.aborted);
    const attempts = kept.map(({ job }) => ({ jobId: job.jobId, attempt: job.attempt }));
    if (attempts.length === 0) {
      sinceAlive = since;
      return;
    }
    try {
      const beats = await store.heartbeat({ leaseMs, attempts });
      sinceAlive = since;
      for (const { jobId, attempt, alive, cancelRequested } of beats) {
        const one = running.get(jobId);
        if (one === undefined || one.job.attempt !== attempt) continue;
        if (!alive) one.stop.abort();
        else if (cancelRequested) one.wish.abort();
      }
    } catch (error) {
      log.warn({ err: error }, "a heartbeat failed");
    }
  }

  let sinceWatched = span(deps);
  /**
   * Whoever cannot prove that a job is still its own stops before another may take it. Watched apart from the beats: one
   * that hangs tells nothing. After a pause of the whole process the next beat is waited for first.
   */
  function watch(): void {
    const paused = sinceWatched() > leaseMs / 2;
    sinceWatched = span(deps);
    if (paused) return beatSoon();
    if (sinceAlive() <= leaseMs * STOP_AT || running.size === 0) return;
    log.warn({ jobs: running.size }, "no heartbeat got through; stopping before the leases end");
    for (const one of running.values()) one.stop.abort();
  }

  let beating: Promise<void> | null = null;
  function beatSoon(): void {
    beating ??= heartbeat().finally(() => {
      beating = null;
    });
  }

  const stopBeats = deps.every(leaseMs / 3, beatSoon);
  const stopWatching = deps.every(leaseMs / 10, watch);
  const stopBackstop = deps.every(BACKSTOP_MS, claimSoon);
  const stopListening = store.onWake(({ work }) => {
    if (!work) return;
    claimSoon();
    if (running.size > 0) beatSoon();
  });
  claimSoon();

  async function handBack(one: Running): Promise<void> {
    one.stop.abort();
    await within(STOP_PATIENCE_MS, one.done);
    await within(STOP_PATIENCE_MS, giveBack(one.job));
  }

  /** One that cannot be given back now is found by its lease. */
  async function giveBack({ jobId, attempt, assetId }: ClaimedJob): Promise<void> {
    try {
      const outcome = await store.handBack({ jobId, attempt });
      if (outcome.ok && outcome.transition !== null) logTransition(log, { ...outcome.transition, assetId });
    } catch (error) {
      log.warn({ err: error, job: jobId }, "a job could not be handed back; its lease will end");
    }
  }

  async function within(ms: number, work: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    await Promise.race([work, deps.sleep(ms, over.signal)]);
    over.abort();
  }

  return {
    running: () => running.size,
    drain: async (graceMs) => {
      draining = true;
      stopBackstop();
      forgetRetry();
      await within(graceMs, Promise.all([...running.values()].map(({ done }) => done)));
      // A claim that was on its way gives back what it gets.
      await Promise.all([...[...running.values()].map(handBack), within(STOP_PATIENCE_MS, Promise.resolve(claiming))]);
      stopBeats();
      stopWatching();
      stopListening();
      await within(STOP_PATIENCE_MS, Promise.resolve(beating));
    },
  };
}

/** Whoever has its submission, though its model may no longer be there; else whoever makes its model, be it off by now (P1, P6). */
function providerOf(
  { submission, provider: name, model }: ClaimedJob,
  { known, provider }: Pick<Catalogue, "known" | "provider">,
): Provider {
  const found = submission === null ? (known(model)?.provider ?? null) : provider(name);
  if (found === null) throw new Error(`Claimed a job of ${model} at ${name}, which is not here.`);
  return found;
}

/** Draws a wait with the randomness handed in. */
export function drawBackoffWith(random: () => number) {
  return (tries: number) => backoff({ tries, random: random() });
}
