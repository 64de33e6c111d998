import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { LEASE, openStudio } from "../openStudio.ts";
import { sampleMedia, samplePlan } from "../samples.ts";
import type { JobId, RefusalReason, SubmissionId } from "@reelstate/lifecycle";
import type { AttemptOutcome, AttemptRef } from "../../store/attempts.ts";
import type { Store } from "../../Store.ts";
import type { OpenStore, Studio } from "../openStudio.ts";

export function attemptsContract(open: OpenStore): void {
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

  it("[J6] handing back at shutdown spends neither budget and waits for nothing", async () => {
    await using studio = await openStudio(open);
    await studio.create();
    for (let time = 1; time <= 5; time += 1) {
      const { jobId, attempt, failures, losses } = await studio.claimOne();
      expect({ attempt, failures, losses }).toEqual({ attempt: time, failures: 0, losses: 0 });
      expect(await studio.store.handBack({ jobId, attempt })).toMatchObject({ ok: true });
    }
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
