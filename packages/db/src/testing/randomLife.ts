import { credits, durationMs } from "@reelstate/lifecycle";
import fc from "fast-check";
import { LEASE } from "./openStudio.ts";
import { sampleMedia, samplePlan } from "./samples.ts";
import type { AssetId, DurationMs, ProcessingPhase, SubmissionId, VersionId } from "@reelstate/lifecycle";
import type { ClaimedJob } from "../store/attempts.ts";
import type { StartJob } from "../store/people.ts";
import type { Studio } from "./openStudio.ts";

/** One thing that happens to a studio. `which` chooses among the assets or attempts there are, stale ones included. */
export interface Happening {
  readonly kind: HappeningKind;
  readonly which: number;
}

type HappeningKind = keyof ReturnType<typeof happenings>;

const MAX_ASSETS = 6;
const DAY = 86_400_000;
const PHASES: readonly ProcessingPhase[] = ["submitting", "at_provider", "fetching", "storing"];

/** What is known from outside: every asset made, every attempt ever claimed, every submission ever intended. */
interface Known {
  readonly assets: AssetId[];
  readonly attempts: ClaimedJob[];
  readonly submissions: SubmissionId[];
}

/** Plays happenings on a studio, in any order, whether they are legal there or not. `crash` opens the store anew. */
export function randomLife(studio: Studio, crash: () => Promise<void>): (happening: Happening) => Promise<void> {
  const play = happenings(studio, { assets: [], attempts: [], submissions: [] }, crash);
  return async ({ kind, which }) => {
    await play[kind](which);
  };
}

function happenings(studio: Studio, known: Known, crash: () => Promise<void>) {
  const { store, workspaceId, ids } = studio;
  const backoffMs = durationMs(1_000);
  const on = async (which: number, work: (assetId: AssetId) => Promise<unknown>): Promise<void> => {
    const assetId = at(known.assets, which);
    if (assetId !== undefined) await work(assetId);
  };
  /** Mostly the newest attempts; now and then one that was lost long ago. */
  const by = async (which: number, work: (job: ClaimedJob) => Promise<unknown>): Promise<void> => {
    const job = at(which % 4 === 0 ? known.attempts : known.attempts.slice(-4), which);
    if (job !== undefined) await work(job);
  };
  const start = (kind: StartJob["kind"]) => (which: number) =>
    on(which, (assetId) => studio.startJob(kind, assetId, { plan: () => planOf(which) }));
  const sweepAfter = (ms: DurationMs) => () => {
    studio.advanceClock(ms);
    return studio.sweep(backoffMs);
  };

  return {
    create: async (which: number) => {
      if (known.assets.length >= MAX_ASSETS) return;
      const input = which % 2 === 0 ? at(known.assets.slice(-2), which) : undefined;
      const asset = studio.newAsset({ plan: planOf(which), inputs: input === undefined ? [] : [input] });
      const request = {
        workspaceId,
        projectId: null,
        idempotency: { key: `key-${which % 7}`, bodyHash: `${which % 2}` },
      };
      const outcome = await store.createAssets({ ...request, assets: [asset] });
      if (outcome.ok && !known.assets.includes(asset.assetId)) known.assets.push(...outcome.assets.map(({ id }) => id));
    },
    upload: async () => {
      if (known.assets.length >= MAX_ASSETS) return;
      const [assetId, versionId] = [ids<AssetId>(), ids<VersionId>()];
      const media = sampleMedia();
      await store.addUpload({ workspaceId, projectId: null, assetId, versionId, type: "image", name: "Upload", media });
      known.assets.push(assetId);
    },
    claim: async (which: number) => void known.attempts.push(...(await studio.claim(1 + (which % 3)))),
    progress: (which: number) =>
      by(which, ({ jobId, attempt }) =>
        store.progress({
          jobId,
          attempt,
          phase: PHASES[which % 4] ?? "storing",
          fraction: which % 2 === 0 ? null : (which % 10) / 10,
        }),
      ),
    complete: (which: number) => by(which, (job) => studio.complete(job)),
    failRetryable: (which: number) =>
      by(which, (job) => studio.fail(job, { backoffMs, ...(which % 2 === 0 ? {} : { ends: "failed" }) })),
    failFinal: (which: number) =>
      by(which, (job) => studio.fail(job, { retryable: false, recoverable: which % 2 === 0 })),
    handBack: (which: number) => by(which, ({ jobId, attempt }) => store.handBack({ jobId, attempt })),
    settle: (which: number) =>
      by(which, ({ jobId, attempt }) =>
        store.settle({ jobId, attempt, ...(which % 2 === 0 ? {} : { ends: "cancelled" as const }) }),
      ),
    heartbeat: async () => void (await store.heartbeat({ leaseMs: LEASE, attempts: known.attempts })),
    intend: (which: number) =>
      by(which, async ({ jobId, attempt }) => {
        const submissionId = ids<SubmissionId>();
        const outcome = await store.intendSubmission({
          jobId,
          attempt,
          submissionId,
          clientRef: submissionId,
          provider: "sim",
        });
        if (outcome.ok) known.submissions.push(submissionId);
      }),
    openSubmission: async (which: number) => {
      const submissionId = at(known.submissions, which);
      if (submissionId !== undefined) await store.openSubmission({ submissionId, providerRef: `ref-${submissionId}` });
    },
    endSubmission: async (which: number) => {
      const submissionId = at(known.submissions, which);
      if (submissionId !== undefined) await store.endSubmission({ submissionId, outcome: "never_arrived" });
    },
    cancel: (which: number) => on(which, (assetId) => studio.cancel(assetId)),
    retry: start("retry"),
    regenerate: start("regenerate"),
    recover: start("recover"),
    delete: (which: number) => on(which, (assetId) => studio.remove(assetId)),
    wait: async () => studio.advanceClock(backoffMs),
    loseLease: sweepAfter(LEASE),
    expireAttempt: sweepAfter(durationMs(60_000)),
    expireJob: sweepAfter(durationMs(300_000)),
    prune: async (which: number) => {
      const [period, never] = [durationMs(DAY / 2), durationMs(1_000 * DAY)];
      await store.prune({
        eventsOlderThanMs: period,
        jobsOlderThanMs: which % 2 === 0 ? never : period,
        keysOlderThanMs: period,
        binOlderThanMs: period,
        limit: 1_000,
      });
      // Afterwards: what ends in this sweep is seen before the next round takes it away.
      studio.advanceClock(DAY);
      await studio.sweep(backoffMs);
    },
    crash: async () => {
      await crash();
      await store.takeBackPredecessors();
    },
  };
}

function planOf(which: number) {
  return samplePlan({ quote: credits([6, 0, 130, 400][which % 4] ?? 6), priority: which % 3 });
}

function at<T>(things: readonly T[], which: number): T | undefined {
  return things[which % Math.max(1, things.length)];
}

/** More of what carries a life on, less of what ends it. */
const WEIGHTS: Readonly<Record<HappeningKind, number>> = {
  create: 6,
  upload: 1,
  claim: 8,
  progress: 3,
  complete: 5,
  failRetryable: 4,
  failFinal: 4,
  handBack: 4,
  settle: 3,
  heartbeat: 1,
  intend: 4,
  openSubmission: 5,
  endSubmission: 1,
  cancel: 3,
  retry: 3,
  regenerate: 3,
  recover: 5,
  delete: 1,
  wait: 4,
  loseLease: 2,
  expireAttempt: 2,
  expireJob: 1,
  prune: 1,
  crash: 1,
};

export function anyLife(maxLength: number): fc.Arbitrary<readonly Happening[]> {
  const kinds = Object.entries(WEIGHTS).map(([kind, weight]) => ({
    weight,
    arbitrary: fc.constant(kind as HappeningKind),
  }));
  const happening = fc.record({ kind: fc.oneof(...kinds), which: fc.nat({ max: 1_000 }) });
  return fc.array(happening, { minLength: 5, maxLength, size: "max" });
}
