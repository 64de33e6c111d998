import { credits } from "@reelstate/lifecycle";
import { SAMPLE_BACKOFF, SAMPLE_LEASE } from "@reelstate/lifecycle/testing";
import { sampleMedia, samplePlan } from "./samples.ts";
import type { AssetId, AssetRows, JobId, ProcessingPhase, SubmissionId, VersionId } from "@reelstate/lifecycle";
import type { Step } from "@reelstate/lifecycle/testing";
import type { AttemptFailure, AttemptRef, ClaimedJob, Offered } from "../store/attempts.ts";
import type { StartJob } from "../store/people.ts";
import type { Studio } from "./openStudio.ts";

/** What the store answered: `why` is null where it has no words for it, as when a sweep finds nothing to do. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly why: string | null };

/** Plays steps of the model on one asset of a real store. `before` are the model's rows at that place. */
export type Execute = (before: AssetRows | null) => Promise<Answer>;

export interface PlayedAsset {
  readonly assetId: AssetId;
  readonly execute: Readonly<Record<Step, Execute>>;
}

const OK: Answer = { ok: true };
const UNSAID: Answer = { ok: false, why: null };
const INPUT_MODEL = "input/image";
const MODEL = "sim/image";
const ALL: Offered = { models: [MODEL, INPUT_MODEL], providers: ["sim"] };
const UNAFFORDABLE = samplePlan({ quote: credits(1_000_000) });

/** An executor for every step of the lifecycle's model, over an asset of its own. */
export function playedAsset(studio: Studio): PlayedAsset {
  const { store, workspaceId, ids } = studio;
  const assetId = ids<AssetId>();
  const onAsset = { workspaceId, assetId };
  let jobId = ids<JobId>();
  let submissionId: SubmissionId | null = null;
  let input: ClaimedJob | null = null;

  const ref = (before: AssetRows | null, behind = 0): AttemptRef => ({
    jobId,
    attempt: (before?.job?.attempt ?? 1) - behind,
  });
  const processing = (before: AssetRows | null): boolean => before?.job?.status === "processing";
  const waiting = (before: AssetRows | null): boolean => before?.job?.phase === "waiting_inputs";

  async function create(inputs: readonly AssetId[], plan = samplePlan()): Promise<Answer> {
    const born = { ...studio.newAsset({ assetId, inputs, plan }), jobId };
    return refusalOf(() => store.createAssets({ workspaceId, projectId: null, idempotency: null, assets: [born] }));
  }

  async function createWaiting(): Promise<Answer> {
    const asset = await studio.create({ plan: samplePlan({ model: INPUT_MODEL }) });
    [input = null] = await studio.claim(1, [INPUT_MODEL], []);
    return create([asset.assetId]);
  }

  /** The model starts over with ready inputs; here the input must be made first. */
  async function makeInput(): Promise<void> {
    if (input === null) return;
    if (!(await studio.complete(input)).ok && (await studio.get(input.assetId)).status !== "completed") {
      await studio.startJob("retry", input.assetId, { plan: () => samplePlan({ model: INPUT_MODEL }) });
      [input = null] = await studio.claim(1, [INPUT_MODEL], []);
      if (input !== null) await studio.complete(input);
    }
    input = null;
  }

  async function upload(bytes: number): Promise<Answer> {
    const media = sampleMedia({ bytes });
    return refusalOf(async () => {
      await store.addUpload({
        ...onAsset,
        projectId: null,
        versionId: ids<VersionId>(),
        type: "image",
        name: "Upload",
        media,
      });
      return OK;
    });
  }

  async function claim(): Promise<Answer> {
    const jobs = await studio.claim(100, [MODEL]);
    return jobs.some((job) => job.assetId === assetId) ? OK : UNSAID;
  }

  async function sweep(advanceMs: number, offered: Offered = ALL): Promise<Answer> {
    studio.advanceClock(advanceMs);
    const { transitions } = await store.sweep({ limit: 1_000, drawBackoff: () => SAMPLE_BACKOFF, ...offered });
    return transitions.some((transition) => transition.assetId === assetId) ? OK : UNSAID;
  }

  const progress =
    (phase: ProcessingPhase, behind = 0): Execute =>
    (before) =>
      store.progress({ ...ref(before, behind), phase, fraction: null });

  const fail =
    (failure: Partial<AttemptFailure>, behind = 0): Execute =>
    (before) =>
      store.fail({
        ...ref(before, behind),
        code: "provider_unavailable",
        message: "It failed.",
        retryable: true,
        backoffMs: SAMPLE_BACKOFF,
        ...failure,
      });

  async function start(kind: StartJob["kind"], plan = samplePlan()): Promise<Answer> {
    await makeInput();
    const next = ids<JobId>();
    const outcome = await studio.startJob(kind, assetId, { jobId: next, plan: () => plan });
    if (outcome.ok) jobId = next;
    return outcome;
  }

  const execute: Record<Step, Execute> = {
    create: () => create([]),
    create_waiting: createWaiting,
    create_unaffordable: () => create([], UNAFFORDABLE),
    upload: () => upload(70_000),
    upload_empty: () => upload(0),
    ready: async (before) => {
      if (!waiting(before) || input === null) return sweep(0);
      return studio.complete(input);
    },
    reject: async (before) => {
      if (!waiting(before) || input === null) return sweep(0, { models: [INPUT_MODEL], providers: [] });
      return studio.fail(input, { retryable: false });
    },
    claim: (before) => {
      if (before?.job?.phase === "backoff") studio.advanceClock(SAMPLE_BACKOFF);
      return claim();
    },
    claim_early: claim,
    progress_submitting: progress("submitting"),
    progress_at_provider: progress("at_provider"),
    progress_fetching: progress("fetching"),
    progress_storing: progress("storing"),
    progress_behind: (before) => {
      const phase =
        before?.job?.phase === "submitting"
          ? { phase: "submitting", fraction: -1 }
          : { phase: "submitting", fraction: null };
      return store.progress({ ...ref(before), ...(phase as { phase: ProcessingPhase; fraction: number | null }) });
    },
    progress_stale: progress("storing", 1),
    complete: (before) => store.complete({ ...ref(before), media: sampleMedia() }),
    complete_stale: (before) => store.complete({ ...ref(before, 1), media: sampleMedia() }),
    complete_empty: (before) => store.complete({ ...ref(before), media: sampleMedia({ bytes: 0 }) }),
    fail_retryable: fail({}),
    fail_final: fail({ code: "content_policy_input", retryable: false }),
    fail_stale: fail({}, 1),
    lose: (before) => sweep(processing(before) ? SAMPLE_LEASE : 0),
    lose_early: () => sweep(0),
    expire_attempt: (before) => sweep(processing(before) ? 60_000 : 0),
    expire_attempt_early: () => sweep(0),
    expire_job: (before) => sweep(hasDeadline(before) ? 300_000 : 0),
    expire_job_early: () => sweep(0),
    hand_back: (before) => store.handBack(ref(before)),
    cancel: () => studio.cancel(assetId),
    settle: (before) => store.settle(ref(before)),
    retry: () => start("retry"),
    retry_unaffordable: () => start("retry", UNAFFORDABLE),
    regenerate: () => start("regenerate"),
    recover: () => start("recover"),
    delete: () => studio.remove(assetId),
    submission_intended: async (before) => {
      const id = ids<SubmissionId>();
      const outcome = await store.intendSubmission({
        ...ref(before),
        submissionId: id,
        clientRef: id,
        provider: "sim",
      });
      if (outcome.ok) submissionId = id;
      return outcome;
    },
    submission_open: async () => {
      if (submissionId !== null)
        await store.openSubmission({ submissionId, providerRef: `at-provider-${submissionId}` });
      return OK;
    },
    submission_ended: async () => {
      if (submissionId !== null) await store.endSubmission({ submissionId, outcome: "failed" });
      return OK;
    },
  };
  return { assetId, execute };
}

/** Counted from the first claim to the end (J10). */
function hasDeadline(rows: AssetRows | null): boolean {
  const job = rows?.job ?? null;
  return job !== null && job.firstClaimedAt !== null && job.endedAt === null;
}

/** What cannot be expressed as a refusal is a thrown bug: making what is there already, or an upload without bytes. */
async function refusalOf(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const said = String(error);
    if (/exists|unique|duplicate/i.test(said)) return { ok: false, why: "illegal" };
    if (said.includes("media_invalid")) return { ok: false, why: "media_invalid" };
    throw error;
  }
}
