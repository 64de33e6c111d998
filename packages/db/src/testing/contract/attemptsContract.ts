import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { LEASE, openStudio } from "../openStudio.ts";
import { sampleMedia, samplePlan } from "../samples.ts";
import type { JobId, ProcessingPhase, RefusalReason, SubmissionId } from "@reelstate/lifecycle";
import type { AttemptOutcome, AttemptRef, Offered } from "../../store/attempts.ts";
import type { Store } from "../../Store.ts";
import type { OpenStore, Studio } from "../openStudio.ts";

export function attemptsContract(open: OpenStore): void {
  it("[J3] phases and the fraction only go forward, and a report without a number keeps the last one", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const report = (phase: ProcessingPhase, fraction: number | null) =>
      studio.store.progress({ jobId: job.jobId, attempt: 1, phase, fraction });
    expect(await report("at_provider", 0.4)).toEqual({ ok: true, transition: null, cancelRequested: false });
    expect(await report("at_provider", 0.3)).toEqual({ ok: false, why: "backwards" });
    expect(await report("submitting", 0.5)).toEqual({ ok: false, why: "backwards" });
    expect(await report("at_provider", 1.5)).toEqual({ ok: false, why: "illegal" });
    expect(await report("storing", null)).toMatchObject({ ok: true });
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({
      phase: "storing",
      progress: { kind: "measured", fraction: 0.4 },
    });
  });

  it("[E4] [A9] progress is a latest value: no event, no new row version, and the feed is woken", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const before = await studio.get(job.assetId);
    const wakes: boolean[] = [];
    const stop = studio.store.onWake((wake) => void wakes.push(wake.feed));
    await studio.store.progress({ jobId: job.jobId, attempt: 1, phase: "at_provider", fraction: 0.25 });
    stop();
    expect(wakes).toContain(true);
    expect((await studio.get(job.assetId)).rowVersion).toBe(before.rowVersion);
    expect(await studio.events()).toHaveLength(2);
    expect(await studio.store.liveProgress({ workspaceId: studio.workspaceId })).toMatchObject({
      jobs: [
        {
          assetId: job.assetId,
          jobId: job.jobId,
          attempt: 1,
          phase: "at_provider",
          progress: { kind: "measured", fraction: 0.25 },
        },
      ],
      queue: { waiting: 0, line: [] },
    });
  });

  it("[J3] a new attempt starts from nothing", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.store.progress({ jobId: job.jobId, attempt: 1, phase: "storing", fraction: 0.9 });
    await studio.store.handBack({ jobId: job.jobId, attempt: 1 });
    await studio.claimOne();
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({
      attempt: 2,
      phase: "submitting",
      progress: { fraction: null },
    });
  });

  it("[U3] after enough runs of a model, progress without a number is estimated from them", async () => {
    await using studio = await openStudio(open);
    for (const seconds of [10, 20, 30, 40, 50]) {
      const job = await studio.start();
      studio.advanceClock(seconds * 1_000);
      await studio.complete(job);
    }
    studio.advanceClock(60_000);
    const job = await studio.start();
    expect((await studio.get(job.assetId)).liveJob?.progress).toEqual({
      kind: "estimated",
      fraction: null,
      low: 20_000,
      high: 50_000,
    });
  });

  it("[J4] [A5] a completion writes media, capture and event at once, and the asset shows it", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    expect(await studio.complete(job)).toMatchObject({
      ok: true,
      transition: { event: "complete", from: "processing", to: "completed", attempt: 1 },
    });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "completed",
      currentVersion: { status: "completed", media: { bytes: 70_000, width: 1_024, height: 576, mime: "image/png" } },
      liveJob: null,
      lastJob: { status: "completed", charged: 6, errorCode: null },
    });
    expect(await studio.credit()).toEqual({ balance: 994, held: 0 });
  });

  it("[A5] media that is not whole is refused, a video without length too", async () => {
    await using studio = await openStudio(open);
    const image = await studio.start();
    const video = await studio.start({ type: "video", plan: samplePlan({ model: "sim/video" }) });
    const broken = [
      { bytes: 0 },
      { sha256: "short" },
      { width: 0 },
      { height: 0 },
      { posterKey: "" },
      { thumbKey: "" },
    ];
    for (const change of broken)
      expect(await studio.complete(image, change)).toEqual({ ok: false, why: "media_invalid" });
    for (const length of [null, 0]) {
      const change = { durationMs: length === null ? null : durationMs(length) };
      expect(await studio.complete(video, change)).toEqual({ ok: false, why: "media_invalid" });
    }
    expect(await studio.complete(video, { durationMs: durationMs(5_000) })).toMatchObject({ ok: true });
    expect((await studio.get(video.assetId)).currentVersion.media?.durationMs).toBe(5_000);
    expect(await studio.get(image.assetId)).toMatchObject({ status: "processing" });
  });

  it("[J5] a retryable failure waits its backoff; when the budget is spent the job fails and the credits come back", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const now = await studio.store.now();
    await studio.fail(job, { backoffMs: durationMs(2_000), detail: "HTTP 503" });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "pending",
      errorCode: null,
      liveJob: { status: "pending", phase: "backoff", failures: 1, nextTryAt: now + 2_000, startedAt: null },
    });
    studio.advanceClock(2_000);
    expect(await studio.fail(await studio.claimOne())).toMatchObject({ ok: true, transition: { jobTo: "failed" } });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "failed",
      errorCode: "provider_unavailable",
      errorMessage: "The provider did not answer.",
      lastJob: { status: "failed", charged: 0, recoverable: false },
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[J5] [A4] a final failure ends at once; a failure without a message is refused", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    expect(await studio.fail(job, { message: " " })).toEqual({ ok: false, why: "illegal" });
    await studio.fail(job, { code: "content_policy_input", message: "The prompt was refused.", retryable: false });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", errorCode: "content_policy_input" });
    const history = await studio.store.assetHistory({ workspaceId: studio.workspaceId, assetId: job.assetId });
    expect(history?.at(-1)).toMatchObject({ event: "fail", to: "failed", code: "content_policy_input" });
  });

  it("[J5] [A4] a failure is recorded whatever letters a provider's words are made of", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.intend(job);
    await studio.store.openSubmission({ submissionId, providerRef: "ref-\0-\uD800" });
    await studio.fail(job, { retryable: false, message: "It \0broke \uDFFF.", detail: "\uD83D \0" });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", errorMessage: "It \uFFFDbroke \uFFFD." });
  });

  it("[J6] a lost lease goes back to pending while losses are left, then fails as worker_lost: never stuck", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    expect(await studio.sweep()).toMatchObject({ lost: 0, transitions: [] });
    studio.advanceClock(LEASE + 1);
    expect(await studio.sweep(durationMs(3_000))).toMatchObject({
      lost: 1,
      transitions: [{ event: "lose", assetId: job.assetId, jobTo: "pending", attempt: 1 }],
    });
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({ phase: "backoff", failures: 0 });
    studio.advanceClock(3_000);
    expect(await studio.claimOne()).toMatchObject({ attempt: 2, losses: 1, failures: 0 });
    expect(await studio.loseAll()).toMatchObject({ lost: 1 });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "failed",
      errorCode: "worker_lost",
      lastJob: { charged: 0 },
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[J6] handing back at shutdown spends neither budget and waits for nothing", async () => {
    await using studio = await openStudio(open);
    await studio.create();
    for (let time = 1; time <= 5; time += 1) {
      const { jobId, attempt, failures, losses } = await studio.claimOne();
      expect({ attempt, failures, losses }).toEqual({ attempt: time, failures: 0, losses: 0 });
      expect(await studio.store.handBack({ jobId, attempt })).toMatchObject({ ok: true });
    }
  });

  it("[J6] the owner of the database takes back every job of a dead predecessor at once; where nobody owns it, leases tell", async () => {
    await using studio = await openStudio(open);
    const running = [await studio.start(), await studio.start()];
    await studio.create();
    const report = await studio.store.takeBackPredecessors();
    if (!studio.owned) {
      expect(report).toEqual({ lost: 0, expired: 0, released: 0, rejected: 0, transitions: [] });
      expect(await studio.loseAll()).toMatchObject({ lost: 2 });
      return;
    }
    expect(report).toMatchObject({ lost: 2 });
    expect(report.transitions.map(({ assetId }) => assetId).toSorted()).toEqual(
      running.map(({ assetId }) => assetId).toSorted(),
    );
    expect((await studio.claim(5)).map(({ attempt }) => `attempt ${attempt}`).toSorted()).toEqual([
      "attempt 1",
      "attempt 2",
      "attempt 2",
    ]);
  });

  it("[J8] [J9] a stale attempt is refused everywhere and changes nothing", async () => {
    await using studio = await openStudio(open);
    const old = await studio.start();
    await studio.loseAll();
    const live = await studio.claimOne();
    expect(live).toMatchObject({ jobId: old.jobId, attempt: 2 });
    await expectUntouched(studio, old, "stale_attempt");
  });

  it("[J8] [J9] after the end every write of an attempt is refused and changes nothing", async () => {
    await using studio = await openStudio(open);
    for (const end of [
      (job: AttemptRef) => studio.fail(job as never, { retryable: false }),
      (job: AttemptRef) => studio.complete(job as never),
    ]) {
      const job = await studio.start();
      await end(job);
      await expectUntouched(studio, job, "already_ended");
      expect(await studio.cancel(job.assetId)).toMatchObject({
        ok: false,
        why: "already_ended",
        asset: { id: job.assetId },
      });
    }
  });

  it("[J9] a job that is not there is not found", async () => {
    await using studio = await openStudio(open);
    for (const write of workerWrites(
      studio.store,
      { jobId: studio.ids<JobId>(), attempt: 1 },
      studio.ids<SubmissionId>(),
    ))
      expect(await write()).toEqual({ ok: false, why: "not_found" });
  });

  it("[J10] an attempt's deadline is a retryable failure, a job's is final and runs on while it waits", async () => {
    await using studio = await openStudio(open);
    const plan = samplePlan({ attemptTimeoutMs: durationMs(10_000), jobTimeoutMs: durationMs(30_000), maxFailures: 5 });
    const job = await studio.start({ plan });
    studio.advanceClock(9_999);
    expect(await studio.sweep()).toMatchObject({ expired: 0 });
    studio.advanceClock(1);
    expect(await studio.sweep(durationMs(60_000))).toMatchObject({ expired: 1, lost: 0 });
    expect((await studio.get(job.assetId)).liveJob).toMatchObject({ phase: "backoff", failures: 1 });
    studio.advanceClock(20_000);
    expect(await studio.sweep()).toMatchObject({
      expired: 1,
      transitions: [{ event: "expire", jobFrom: "pending", jobTo: "failed" }],
    });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", errorCode: "timeout" });
  });

  it("[J10] a job's time runs from its first claim, however often it is claimed again", async () => {
    await using studio = await openStudio(open);
    const plan = samplePlan({ attemptTimeoutMs: durationMs(60_000), jobTimeoutMs: durationMs(30_000) });
    const job = await studio.start({ plan });
    studio.advanceClock(20_000);
    await studio.store.handBack(job);
    await studio.claimOne();
    studio.advanceClock(9_999);
    expect(await studio.sweep()).toMatchObject({ expired: 0 });
    studio.advanceClock(1);
    expect(await studio.sweep()).toMatchObject({ expired: 1 });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", errorCode: "timeout" });
  });

  it("[J10] a job that never started has no deadline", async () => {
    await using studio = await openStudio(open);
    const { assetId } = await studio.create();
    studio.advanceClock(10 * 86_400_000);
    expect(await studio.sweep()).toMatchObject({ expired: 0, lost: 0 });
    expect(await studio.get(assetId)).toMatchObject({ status: "pending" });
  });

  it("[J11] an asset has one live job: starting another is refused as busy", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    for (const kind of ["retry", "regenerate", "recover"] as const)
      expect(await studio.startJob(kind, job.assetId)).toMatchObject({
        ok: false,
        why: "busy",
        asset: { id: job.assetId },
      });
    await studio.complete(job);
    const answers = await Promise.all([1, 2, 3].map(() => studio.startJob("regenerate", job.assetId)));
    expect(answers.map((answer) => (answer.ok ? "ok" : answer.why)).toSorted()).toEqual(["busy", "busy", "ok"]);
  });

  it("[J6] a waiting job whose model is no longer offered fails with words, one that waits to try again too", async () => {
    await using studio = await openStudio(open);
    const again = await studio.start();
    await studio.fail(again, { backoffMs: durationMs(60_000) });
    const { assetId } = await studio.create();
    const { transitions } = await studio.store.sweep({
      limit: 100,
      drawBackoff: () => durationMs(0),
      models: ["sim/video"],
      providers: ["sim"],
    });
    expect(transitions).toMatchObject([
      { event: "reject", jobTo: "failed" },
      { event: "reject", jobTo: "failed" },
    ]);
    for (const id of [assetId, again.assetId]) {
      const asset = await studio.get(id);
      expect(asset).toMatchObject({ status: "failed", errorCode: "invalid_input", lastJob: { charged: 0 } });
      expect(asset.errorMessage).toContain("sim/image");
    }
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[A7] a job that waits for its reference fails at once when its model is gone, and not when the reference is made", async () => {
    await using studio = await openStudio(open);
    const input = await studio.start({ type: "video", plan: samplePlan({ model: "sim/video" }) });
    const waiting = await studio.create({ inputs: [input.assetId] });
    const further = await studio.create({ inputs: [waiting.assetId], plan: samplePlan({ model: "sim/video" }) });
    expect(await sweepWith(studio, { models: ["sim/video"], providers: ["sim"] })).toMatchObject({ rejected: 1 });
    const asset = await studio.get(waiting.assetId);
    expect(asset).toMatchObject({ status: "failed", errorCode: "invalid_input", lastJob: { charged: 0 } });
    expect(asset.errorMessage).toContain("sim/image");
    expect(await studio.get(further.assetId)).toMatchObject({ status: "failed", errorCode: "input_not_ready" });
    expect((await studio.credit()).held).toBe(6);
    await studio.complete(input, { durationMs: durationMs(4_000) });
    expect(await studio.get(input.assetId)).toMatchObject({ status: "completed" });
  });

  it("[P6] what is alive at a provider that is here is not failed because its model is gone", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.openAtProvider(job);
    await studio.fail(job, { backoffMs: durationMs(0) });
    expect(await sweepWith(studio, { models: ["sim/video"], providers: ["sim"] })).toMatchObject({ rejected: 0 });
    const [again] = await studio.claim(1, ["sim/video"]);
    if (again === undefined) throw new Error("Nobody took it up again.");
    await studio.complete(again);
    expect(await studio.get(job.assetId)).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
  });

  it("[P2] [P6] what may be alive at a provider that nobody has any more fails at the next sweep, recoverable where it is paid for", async () => {
    await using studio = await openStudio(open);
    const [paid, wished, unknown] = [await studio.start(), await studio.start(), await studio.start()];
    await studio.openAtProvider(paid);
    await studio.openAtProvider(wished);
    await studio.intend(unknown);
    await studio.fail(paid, { backoffMs: durationMs(60_000) });
    await studio.store.handBack(wished);
    await studio.cancel(wished.assetId);
    await studio.store.handBack(unknown);
    const gone = { models: ["sim/video"], providers: ["other"] };
    expect(await sweepWith(studio, gone)).toMatchObject({ rejected: 3, expired: 0 });
    for (const { assetId } of [paid, wished]) {
      const asset = await studio.get(assetId);
      expect(asset).toMatchObject({
        status: "failed",
        errorCode: "provider_unavailable",
        lastJob: { recoverable: true, charged: 0 },
      });
      expect(asset.errorMessage).toContain("sim");
    }
    expect(await studio.get(unknown.assetId)).toMatchObject({
      status: "failed",
      errorCode: "unconfirmed_submit",
      lastJob: { recoverable: false },
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
    // The provider is back: what was paid for is still to be had.
    await studio.startJob("recover", paid.assetId);
    expect(await studio.claimOne()).toMatchObject({ assetId: paid.assetId, submission: { state: "open" } });
  });
}

function sweepWith({ store }: Studio, offered: Offered) {
  return store.sweep({ limit: 100, drawBackoff: () => durationMs(0), ...offered });
}

function workerWrites(
  store: Store,
  ref: AttemptRef,
  submissionId: SubmissionId,
): readonly (() => Promise<AttemptOutcome>)[] {
  const failure = { code: "internal", message: "It broke.", retryable: true, backoffMs: durationMs(0) } as const;
  return [
    () => store.progress({ ...ref, phase: "storing", fraction: 1 }),
    () => store.complete({ ...ref, media: sampleMedia() }),
    () => store.fail({ ...ref, ...failure, ends: "failed", detail: "from an old attempt" }),
    () => store.handBack(ref),
    () => store.settle({ ...ref, ends: "cancelled" }),
    () => store.intendSubmission({ ...ref, submissionId, clientRef: "stale", provider: "sim" }),
  ];
}

async function expectUntouched(
  studio: Studio,
  ref: AttemptRef & { readonly assetId: Parameters<Studio["get"]>[0] },
  why: RefusalReason,
): Promise<void> {
  const { store, workspaceId } = studio;
  const seen = async () => ({
    asset: await studio.get(ref.assetId),
    credit: await studio.credit(),
    head: (await store.feedHead({ workspaceId })).seq,
    live: await store.liveProgress({ workspaceId }),
  });
  const before = await seen();
  const { jobId, attempt } = ref;
  for (const write of workerWrites(store, { jobId, attempt }, studio.ids<SubmissionId>()))
    expect(await write()).toEqual({ ok: false, why });
  expect(await store.heartbeat({ leaseMs: LEASE, attempts: [{ jobId, attempt }] })).toEqual([
    { jobId, attempt, alive: false, cancelRequested: false },
  ]);
  expect(await seen()).toEqual(before);
}
