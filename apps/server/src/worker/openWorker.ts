import { backoff, durationMs } from "@reelstate/lifecycle";
import { logTransition } from "./log.ts";
import { openProgress } from "./openProgress.ts";
import { runAttempt } from "./runAttempt.ts";
import type { ClaimedJob } from "@reelstate/db";
import type { Attempt, AttemptDeps } from "./Attempt.ts";
import type { ProviderRequest } from "../providers/Provider.ts";

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

/** Finds the work when every wake is lost. */
const BACKSTOP_MS = 1_000;

export function openWorker(deps: AttemptDeps, options: WorkerOptions): Worker {
  const { store, log } = deps;
  const leaseMs = durationMs(options.leaseMs);
  const models = deps.catalogue.models.map(({ offer }) => offer.id);
  const running = new Map<string, Running>();
  let draining = false;
  let claiming: Promise<void> | null = null;
  let claimAgain = false;
  let aliveAt = deps.clock();

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
    try {
      const claimed = await store.claim({ workerId: options.workerId, limit, leaseMs, models });
      for (const job of claimed) start(job);
    } catch (error) {
      log.warn({ err: error }, "claiming failed; trying again");
    }
  }

  function start(job: ClaimedJob): void {
    const listed = deps.catalogue.find(job.model);
    if (listed === null) throw new Error(`Claimed a job of ${job.model}, which is not offered here.`);
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
    const progress = openProgress({ store, clock: deps.clock, lost: () => stop.abort() }, job);
    const done = requestOf(job)
      .then((request): Attempt => ({
        job,
        provider: listed.provider,
        request,
        signal: stop.signal,
        wish: wish.signal,
        progress,
      }))
      .then((attempt) => runAttempt(deps, attempt))
      .catch((error: unknown) =>
        log.error({ err: error, job: job.jobId }, "an attempt could not be ended; its lease will"),
      )
      .finally(() => {
        running.delete(job.jobId);
        claimSoon();
      });
    running.set(job.jobId, { job, stop, wish, done });
  }

  async function requestOf(job: ClaimedJob): Promise<ProviderRequest> {
    const inputPaths = await Promise.all(
      job.inputs.map(({ media }) => deps.storage.withLocalFile(media.key, async (path) => path)),
    );
    const clientRef = `${job.jobId}-${job.attempt}`;
    return { clientRef, model: job.model, type: job.type, prompt: job.prompt, params: job.params, inputPaths };
  }

  async function heartbeat(): Promise<void> {
    const before = deps.clock();
    const attempts = [...running.values()].map(({ job }) => ({ jobId: job.jobId, attempt: job.attempt }));
    if (attempts.length === 0) {
      aliveAt = before;
      return;
    }
    try {
      const beats = await store.heartbeat({ leaseMs, attempts });
      aliveAt = before;
      for (const { jobId, attempt, alive, cancelRequested } of beats) {
        const one = running.get(jobId);
        if (one === undefined || one.job.attempt !== attempt) continue;
        if (!alive) one.stop.abort();
        else if (cancelRequested) one.wish.abort();
      }
    } catch (error) {
      log.warn({ err: error }, "a heartbeat failed");
      // Whoever cannot prove that a job is still its own stops before another may take it.
      if (deps.clock() - aliveAt > leaseMs * 0.7) for (const one of running.values()) one.stop.abort();
    }
  }

  let beating: Promise<void> | null = null;
  function beatSoon(): void {
    beating ??= heartbeat().finally(() => {
      beating = null;
    });
  }

  const beats = setInterval(beatSoon, leaseMs / 3);
  const backstop = setInterval(claimSoon, BACKSTOP_MS);
  const stopListening = store.onWake(({ work }) => {
    if (!work) return;
    claimSoon();
    if (running.size > 0) beatSoon();
  });
  claimSoon();

  async function handBack(one: Running): Promise<void> {
    one.stop.abort();
    await one.done;
    const outcome = await store.handBack({ jobId: one.job.jobId, attempt: one.job.attempt });
    if (outcome.ok && outcome.transition !== null)
      logTransition(log, { ...outcome.transition, assetId: one.job.assetId });
  }

  return {
    running: () => running.size,
    drain: async (graceMs) => {
      draining = true;
      clearInterval(backstop);
      await claiming;
      const ended = Promise.all([...running.values()].map(({ done }) => done));
      await Promise.race([ended, deps.sleep(graceMs, new AbortController().signal)]);
      await Promise.all([...running.values()].map(handBack));
      clearInterval(beats);
      stopListening();
      await beating;
    },
  };
}

/** Draws a wait with the randomness handed in. */
export function drawBackoffWith(random: () => number) {
  return (tries: number) => backoff({ tries, random: random() });
}
