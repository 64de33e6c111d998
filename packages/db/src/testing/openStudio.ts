import { durationMs } from "@reelstate/lifecycle";
import { expect } from "vitest";
import type {
  Asset,
  AssetId,
  DurationMs,
  JobId,
  ProjectId,
  SubmissionId,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type { AttemptOutcome, ClaimedJob } from "../store/attempts.ts";
import type { NewAsset, StartJob, StoreRefusal } from "../store/people.ts";
import type { Store } from "../Store.ts";
import { SAMPLE_GRANT, sampleMedia, samplePlan } from "./samples.ts";

/** A new, empty store with a clock of its own; closed and removed when disposed of. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  /** Whether one process owns the database, as on SQLite, so that it knows at its start whose work is lost. */
  readonly owned: boolean;
  /** Moves the database's clock forward. */
  advanceClock(ms: number): void;
}

export type OpenStore = () => Promise<OpenedStore>;

/** A store whose tables a hand can reach; their guards stand. */
export interface ReachableStore extends OpenedStore {
  readonly byStatement: (sql: string) => Promise<void>;
}

export type OpenReachable = () => Promise<ReachableStore>;

export const LEASE = durationMs(15_000);

/** A store with one workspace in it, and short words for what the tests do with it. */
export type Studio = Awaited<ReturnType<typeof openStudio>>;

/** Disposing of it asks the store whether every invariant still holds, and fails the test when one does not. */
export async function openStudio(open: OpenStore) {
  const opened = await open();
  const { store } = opened;
  const ids = idSource();
  const workspaceId = ids<WorkspaceId>();
  const projectId = ids<ProjectId>();
  await store.ensureWorkspace({
    workspaceId,
    name: "Studio",
    project: { id: projectId, name: "First" },
    grant: SAMPLE_GRANT,
  });

  const newAsset = (change: Partial<NewAsset> = {}): NewAsset => ({
    assetId: ids<AssetId>(),
    versionId: ids<VersionId>(),
    jobId: ids<JobId>(),
    type: "image",
    name: "A lighthouse in fog",
    prompt: "A lighthouse in fog, wide shot",
    params: { aspectRatio: "16:9", seed: 7 },
    inputs: [],
    plan: samplePlan(),
    ...change,
  });

  async function create(change: Partial<NewAsset> = {}, into: WorkspaceId = workspaceId): Promise<NewAsset> {
    const asset = newAsset(change);
    const outcome = await store.createAssets({
      workspaceId: into,
      projectId: null,
      idempotency: null,
      assets: [asset],
    });
    expect(outcome).toMatchObject({ ok: true });
    return asset;
  }

  const claim = (
    limit = 1,
    models: readonly string[] = ["sim/image", "sim/video"],
    providers: readonly string[] = ["sim"],
  ): Promise<readonly ClaimedJob[]> => store.claim({ workerId: "worker-1", limit, leaseMs: LEASE, models, providers });

  async function claimOne(): Promise<ClaimedJob> {
    const [job] = await claim();
    if (job === undefined) throw new Error("There is no job to claim.");
    return job;
  }

  /** An asset whose job is being worked on. */
  async function start(change: Partial<NewAsset> = {}): Promise<ClaimedJob> {
    await create(change);
    return claimOne();
  }

  async function get(assetId: AssetId): Promise<Asset> {
    const asset = await store.getAsset({ workspaceId, assetId });
    if (asset === null) throw new Error(`There is no asset ${assetId}.`);
    return asset;
  }

  const complete = (job: ClaimedJob, change: Parameters<typeof sampleMedia>[0] = {}): Promise<AttemptOutcome> =>
    store.complete({ jobId: job.jobId, attempt: job.attempt, media: sampleMedia(change) });

  /** An asset that is completed. */
  async function made(change: Partial<NewAsset> = {}): Promise<ClaimedJob> {
    const job = await start(change);
    await complete(job);
    return job;
  }

  const fail = (job: ClaimedJob, change: Partial<Parameters<Store["fail"]>[0]> = {}): Promise<AttemptOutcome> =>
    store.fail({
      jobId: job.jobId,
      attempt: job.attempt,
      code: "provider_unavailable",
      message: "The provider did not answer.",
      retryable: true,
      backoffMs: durationMs(2_000),
      ...change,
    });

  const startJob = (kind: StartJob["kind"], assetId: AssetId, change: Partial<StartJob> = {}) =>
    store.startJob({
      kind,
      workspaceId,
      assetId,
      jobId: ids<JobId>(),
      versionId: ids<VersionId>(),
      idempotency: null,
      plan: () => samplePlan(),
      expectedQuote: null,
      ...change,
    });

  async function intend(job: ClaimedJob): Promise<SubmissionId> {
    const submissionId = ids<SubmissionId>();
    const { jobId, attempt } = job;
    const outcome = await store.intendSubmission({
      jobId,
      attempt,
      submissionId,
      clientRef: `${jobId}-${attempt}`,
      provider: "sim",
    });
    expect(outcome).toMatchObject({ ok: true });
    return submissionId;
  }

  async function openAtProvider(job: ClaimedJob): Promise<SubmissionId> {
    const submissionId = await intend(job);
    await store.openSubmission({ submissionId, providerRef: `ref-of-${submissionId}` });
    return submissionId;
  }

  const sweep = (backoffMs: DurationMs = durationMs(0)) =>
    store.sweep({ limit: 100, drawBackoff: () => backoffMs, models: ["sim/image", "sim/video"], providers: ["sim"] });

  /** Lets the lease of every running attempt run out, and sweeps. */
  function loseAll() {
    opened.advanceClock(LEASE + 1);
    return sweep();
  }

  const credit = () => store.creditSummary({ workspaceId });
  const events = async () => (await store.readFeed({ workspaceId, after: 0, feedId: null, limit: 10_000 })).items;

  return {
    store,
    owned: opened.owned,
    workspaceId,
    projectId,
    advanceClock: (ms: number) => opened.advanceClock(ms),
    ids,
    newAsset,
    create,
    claim,
    claimOne,
    start,
    made,
    get,
    complete,
    fail,
    startJob,
    intend,
    openAtProvider,
    sweep,
    loseAll,
    credit,
    events,
    cancel: (assetId: AssetId) => store.cancel({ workspaceId, assetId }),
    remove: (assetId: AssetId) => store.deleteAsset({ workspaceId, assetId }),
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        expect(await store.checkInvariants()).toEqual([]);
      } finally {
        await opened[Symbol.asyncDispose]();
      }
    },
  };
}

/** Ids in the order in which they were made, shaped like those of the program. */
function idSource(): <T extends string>() => T {
  let made = 0;
  return <T extends string>() => `01900000-0000-7000-8000-${String((made += 1)).padStart(12, "0")}` as T;
}

/** What a refused command answered; fails when it was accepted. */
export function expectRefused(outcome: { readonly ok: true } | StoreRefusal): StoreRefusal {
  if (outcome.ok) throw new Error("It was accepted.");
  expect(outcome.ok).toBe(false);
  return outcome;
}
