import { credits, durationMs } from "@reelstate/lifecycle";
import { sampleMedia, samplePlan } from "../samples.ts";
import { openSlotCount } from "./openSlotCount.ts";
import type { AssetId, JobId, ProjectId, SubmissionId, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { AttemptFailure, AttemptOutcome, AttemptRef, Limit, SweepReport } from "../../store/attempts.ts";
import type { EndsSubmission, SubmissionOutcome } from "../../store/submissions.ts";
import type { JobPlan, StartJob } from "../../store/people.ts";
import type { JobSummary } from "../../store/views.ts";
import type { Pool } from "./openSlotCount.ts";
import type { StepKind, Told } from "./Told.ts";
import type { World } from "./openWorld.ts";

export const GRANT = credits(1_000);
export const LEASE = durationMs(15_000);
/** Shorter than a lease, so that a lease that ends lets a backoff end too. */
export const BACKOFF = durationMs(2_000);
const JOB_DEADLINE_MS = 300_000;
export const ATTEMPT_MS = 60_000;
export const MODEL = "sim/image";
export const INPUT_MODEL = "input/image";
export const PROVIDER = "sim";
/** Another model of the same provider, whose work takes the same slots. */
export const RIVAL_MODEL = "rival/image";
const MODEL_LIMIT: Limit = { model: MODEL, slots: 1 };
const LIMITS: readonly Limit[] = [{ provider: PROVIDER, slots: 1 }, MODEL_LIMIT];
/** Another price than the first job's, so that the ledger shows which of the two was held or captured. */
const LATER_PLAN = samplePlan({ quote: credits(7) });

/** What one worker remembers: the attempt it was given and the request it made, stale or not. */
export interface Hand {
  ref: AttemptRef | null;
  submissionId: SubmissionId | null;
  /** It is not the scene's own asset. */
  isOther?: boolean;
}

/** One asset in a workspace of its own, and everything that people, workers and sweepers may do to it. */
export type Scene = ReturnType<typeof openScene>;

const IDLE: Told = { kind: "idle", done: false, said: "had nothing to do" };

export function openScene({ store, pass, newId, setLimits }: World) {
  const workspaceId = newId<WorkspaceId>();
  const projectId = newId<ProjectId>();
  const assetId = newId<AssetId>();
  const onAsset = { workspaceId, assetId };
  const given = new Set<string>();
  /** Kept apart from the store's rows: which request of which job may be alive, from what was accepted (P1). */
  const alive = new Map<JobId, SubmissionId>();
  const slots = openSlotCount(alive);
  let limits: readonly Limit[] = [];
  const broken: string[] = [];
  /** Of the stage: what its worker holds, as every worker that is played from there on does. */
  let held: Hand | null = null;
  let input: AttemptRef | null = null;
  let jobId = newId<JobId>();
  let jobs = 0;

  async function create(how: { readonly withInput?: boolean; readonly plan?: Partial<JobPlan> } = {}): Promise<void> {
    await store.ensureWorkspace({
      workspaceId,
      name: "Orders",
      project: { id: projectId, name: "First" },
      grant: GRANT,
    });
    await setLimits(limits);
    const inputs = how.withInput === true ? [await createInput()] : [];
    await born({ assetId, jobId, inputs, plan: samplePlan(how.plan) });
  }

  async function createInput(): Promise<AssetId> {
    const inputId = newId<AssetId>();
    const plan = samplePlan({ model: INPUT_MODEL });
    await born({ assetId: inputId, jobId: newId<JobId>(), inputs: [], plan });
    const [claimed] = await store.claim({
      workerId: "for-inputs",
      limit: 1,
      leaseMs: LEASE,
      models: [INPUT_MODEL],
      providers: [],
    });
    if (claimed === undefined) throw new Error("The input cannot be claimed.");
    input = { jobId: claimed.jobId, attempt: claimed.attempt };
    return inputId;
  }

  /** Another asset of this model, in the same workspace. */
  async function createOf(model: string): Promise<void> {
    await born({ assetId: newId<AssetId>(), jobId: newId<JobId>(), inputs: [], plan: samplePlan({ model }) });
  }

  async function limitTo(next: readonly Limit[]): Promise<Told> {
    await setLimits(next);
    slots.setLimits(next, await store.listJobs({ workspaceId, limit: Math.max(1, jobs) }));
    limits = next;
    return { kind: "limits", done: true, said: next.map(({ slots: size }) => size).join(" and ") };
  }

  async function born(asset: {
    readonly assetId: AssetId;
    readonly jobId: JobId;
    readonly inputs: readonly AssetId[];
    readonly plan: JobPlan;
  }): Promise<void> {
    const outcome = await store.createAssets({
      workspaceId,
      projectId,
      idempotency: null,
      assets: [
        { ...asset, versionId: newId<VersionId>(), type: "image", name: "A lighthouse", prompt: "Fog", params: {} },
      ],
    });
    if (!outcome.ok) throw new Error(`The asset cannot be created: ${outcome.why}.`);
    jobs += 1;
  }

  /** Whoever asks for work, and remembers what was given; of whatever model, if it is to be followed at the provider. */
  async function claim(hand: Hand, model = MODEL): Promise<Told> {
    const request = { limit: 1, leaseMs: LEASE, models: [model], providers: [PROVIDER] };
    const [job] = await store.claim({ workerId: "worker", ...request });
    if (job === undefined) return { kind: "claim", done: false, said: "nothing", sought: model };
    slots.claimed(job.jobId);
    hand.ref = { jobId: job.jobId, attempt: job.attempt };
    hand.submissionId = job.submission?.id ?? null;
    const name = `${job.jobId} ${job.attempt}`;
    if (given.has(name)) broken.push(`J2 attempt ${job.attempt} of a job was given twice`);
    given.add(name);
    if (hand.submissionId !== (alive.get(job.jobId) ?? null))
      broken.push(`P1 the claim does not carry the request that may be alive`);
    const said = `attempt ${job.attempt}`;
    hand.isOther = job.assetId !== assetId;
    return hand.isOther ? { kind: "other_asset", done: true, said } : { kind: "claim", done: true, said, by: hand.ref };
  }

  async function worker(
    kind: StepKind,
    { ref }: Hand,
    write: (ref: AttemptRef) => Promise<AttemptOutcome>,
  ): Promise<Told> {
    if (ref === null) return IDLE;
    const outcome = await write(ref);
    return { kind, done: outcome.ok, said: outcome.ok ? "ok" : outcome.why, by: ref };
  }

  /** What ends the attempt, and with it, where the provider has reported an end, the request. */
  async function ending(
    kind: StepKind,
    hand: Hand,
    ends: SubmissionOutcome | null,
    write: (request: AttemptRef & EndsSubmission) => Promise<AttemptOutcome>,
  ): Promise<Told> {
    const reported = ends !== null && (kind === "complete" || hand.submissionId !== null);
    const told = await worker(kind, hand, (ref) => write({ ...ref, ...(reported ? { ends } : {}) }));
    if (told.done && hand.ref !== null && reported) alive.delete(hand.ref.jobId);
    return told;
  }

  async function intend(hand: Hand): Promise<Told> {
    const submissionId = newId<SubmissionId>();
    const told = await worker("intend", hand, (ref) =>
      store.intendSubmission({ ...ref, submissionId, clientRef: submissionId, provider: PROVIDER }),
    );
    if (!told.done || hand.ref === null) return told;
    if (alive.has(hand.ref.jobId)) broken.push("P1 a second request was allowed while one may be alive");
    alive.set(hand.ref.jobId, submissionId);
    hand.submissionId = submissionId;
    return told;
  }

  /** The provider's answer: evidence, whoever learns it. */
  async function open({ submissionId }: Hand): Promise<Told> {
    if (submissionId === null) return IDLE;
    await store.openSubmission({ submissionId, providerRef: `at-provider-${submissionId}` });
    return { kind: "open", done: true, said: "written down" };
  }

  const fail = (hand: Hand, ends: SubmissionOutcome | null, change: Partial<AttemptFailure> = {}): Promise<Told> =>
    ending("fail", hand, ends, (request) =>
      store.fail({
        ...request,
        code: "provider_unavailable",
        message: "The provider did not answer.",
        retryable: true,
        backoffMs: BACKOFF,
        ...change,
      }),
    );

  async function start(kind: StartJob["kind"]): Promise<Told> {
    const next = newId<JobId>();
    const outcome = await store.startJob({
      ...onAsset,
      kind,
      jobId: next,
      versionId: newId<VersionId>(),
      idempotency: null,
      plan: () => LATER_PLAN,
      expectedQuote: null,
    });
    if (!outcome.ok) return { kind: "start", done: false, said: outcome.why };
    const inherited = alive.get(jobId);
    if (kind === "recover" && inherited !== undefined) {
      alive.delete(jobId);
      alive.set(next, inherited);
      slots.inherit({ from: jobId, to: next });
    }
    jobId = next;
    jobs += 1;
    return { kind: "start", done: true, said: "ok" };
  }

  async function byPerson(kind: "cancel" | "delete"): Promise<Told> {
    const outcome = await (kind === "cancel" ? store.cancel(onAsset) : store.deleteAsset(onAsset));
    return { kind, done: outcome.ok, said: outcome.ok ? "ok" : outcome.why };
  }

  async function swept(sweep: () => Promise<SweepReport>): Promise<Told> {
    const transitions = (await sweep()).transitions.filter((one) => one.assetId === assetId);
    const said = transitions.map(({ event, jobTo }) => `${event} to ${jobTo}`).join(", ");
    return { kind: "sweep", done: transitions.length > 0, said: said === "" ? "nothing" : said, transitions };
  }

  async function sweep(): Promise<Told> {
    const models = [MODEL, INPUT_MODEL, RIVAL_MODEL];
    const told = await swept(() =>
      store.sweep({ limit: 100, drawBackoff: () => BACKOFF, models, providers: [PROVIDER] }),
    );
    if (limits.length > 0)
      slots.swept(await store.listJobs({ workspaceId, limit: jobs }), (await store.now()) - ATTEMPT_MS);
    return told;
  }

  async function onOther(ref: AttemptRef | null, write: (ref: AttemptRef) => Promise<AttemptOutcome>): Promise<Told> {
    if (ref === null) return IDLE;
    const outcome = await write(ref);
    return { kind: "other_asset", done: outcome.ok, said: outcome.ok ? "ok" : outcome.why };
  }

  return {
    store,
    pass,
    workspaceId,
    assetId,
    /** What no look at the store shows: an attempt given twice, a request made twice. */
    broken: broken as readonly string[],
    /** How many jobs there are; they are the newest of the store. */
    jobs: (): number => jobs,
    held: (): Hand | null => held,
    hold: (hand: Hand): void => void (held = hand),
    create,
    createOf,
    /** From the beginning on, one job of the provider at once. */
    limit: async (): Promise<void> => void (await limitTo(LIMITS)),
    liftLimit: (): Promise<Told> => limitTo([MODEL_LIMIT]),
    limitAgain: (): Promise<Told> => limitTo(LIMITS),
    isLimited: (): boolean => limits.length > 0,
    pools: (all: readonly JobSummary[]): readonly Pool[] => slots.pools(all),
    claim,
    heartbeat: (hand: Hand): Promise<Told> =>
      worker("heartbeat", hand, async (ref) => {
        const [beat] = await store.heartbeat({ leaseMs: LEASE, attempts: [ref] });
        return beat?.alive === true
          ? { ok: true, transition: null, cancelRequested: beat.cancelRequested }
          : { ok: false, why: "stale_attempt" };
      }),
    progress: (hand: Hand, phase: "at_provider" | "storing", fraction: number | null): Promise<Told> =>
      worker("progress", hand, (ref) => store.progress({ ...ref, phase, fraction })),
    intend,
    open,
    complete: (hand: Hand): Promise<Told> =>
      hand.isOther === true
        ? onOther(hand.ref, (ref) => store.complete({ ...ref, media: sampleMedia() }))
        : ending("complete", hand, "succeeded", ({ jobId: of, attempt }) =>
            store.complete({ jobId: of, attempt, media: sampleMedia() }),
          ),
    fail,
    handBack: (hand: Hand): Promise<Told> => ending("hand_back", hand, null, (request) => store.handBack(request)),
    settle: (hand: Hand, ends: SubmissionOutcome | null): Promise<Told> =>
      ending("settle", hand, ends, (request) => store.settle(request)),
    start,
    cancel: (): Promise<Told> => byPerson("cancel"),
    remove: (): Promise<Told> => byPerson("delete"),
    sweep,
    restart: (): Promise<Told> => swept(() => store.takeBackPredecessors()),
    loseLease: async (): Promise<Told> => passed(LEASE + 1),
    passDeadline: async (): Promise<Told> => passed(JOB_DEADLINE_MS),
    endBackoff: async (): Promise<Told> => passed(BACKOFF),
    completeInput: (): Promise<Told> => onOther(input, (ref) => store.complete({ ...ref, media: sampleMedia() })),
    failInput: (): Promise<Told> =>
      onOther(input, (ref) =>
        store.fail({ ...ref, code: "internal", message: "It broke.", retryable: false, backoffMs: BACKOFF }),
      ),
  };

  function passed(ms: number): Told {
    pass(ms);
    return { kind: "time", done: true, said: `${ms / 1_000} s` };
  }
}
