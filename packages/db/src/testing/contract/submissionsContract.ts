import { credits, durationMs, viewOf } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { LEASE, openStudio } from "../openStudio.ts";
import { samplePlan } from "../samples.ts";
import type { SubmissionId } from "@reelstate/lifecycle";
import type { AttemptRef } from "../../store/attempts.ts";
import type { EndsSubmission } from "../../store/submissions.ts";
import type { OpenStore } from "../openStudio.ts";

const FINAL = { retryable: false } as const;

export function submissionsContract(open: OpenStore): void {
  it("[P1] an attempt finds what is alive: first intended, then open under the provider's id", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.intend(job);
    await studio.loseAll();
    const second = await studio.claimOne();
    expect(second.submission).toMatchObject({
      id: submissionId,
      state: "intended",
      providerRef: null,
      clientRef: `${job.jobId}-1`,
    });
    await studio.store.openSubmission({ submissionId, providerRef: "p-1" });
    await studio.store.handBack(second);
    expect((await studio.claimOne()).submission).toMatchObject({ id: submissionId, state: "open", providerRef: "p-1" });
  });

  it("[P1] one submission may be alive: another is refused until it has ended", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.intend(job);
    const another = () =>
      studio.store.intendSubmission({
        ...job,
        submissionId: studio.ids<SubmissionId>(),
        clientRef: "second",
        provider: "sim",
      });
    expect(await another()).toEqual({ ok: false, why: "submission_alive" });
    await studio.store.openSubmission({ submissionId, providerRef: "p-1" });
    expect(await another()).toEqual({ ok: false, why: "submission_alive" });
    await studio.store.endSubmission({ submissionId, outcome: "failed" });
    expect(await another()).toMatchObject({ ok: true });
  });

  it("[P1] [P2] the one that is alive may be intended again by the live attempt, and tells when that was", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.intend(job);
    studio.advanceClock(LEASE + 1);
    await studio.sweep();
    const second = await studio.claimOne();
    const again = ({ jobId, attempt }: AttemptRef) =>
      studio.store.intendSubmission({ jobId, attempt, submissionId, clientRef: `${jobId}-1`, provider: "sim" });
    const now = await studio.store.now();
    expect(second.submission?.intendedAt).toBe(now - LEASE - 1);
    expect(await again(job)).toEqual({ ok: false, why: "stale_attempt" });
    expect(await again(second)).toMatchObject({ ok: true });
    await studio.store.handBack(second);
    const third = await studio.claimOne();
    expect(third.submission).toMatchObject({ id: submissionId, state: "intended", intendedAt: now });
    // A wish does not forbid it: where it cannot be looked up, only a repeat learns the name to cancel.
    await studio.cancel(job.assetId);
    expect(await again(third)).toMatchObject({ ok: true, cancelRequested: true });
    await studio.store.openSubmission({ submissionId, providerRef: "p-1" });
    expect(await again(third)).toEqual({ ok: false, why: "submission_alive" });
  });

  it("[P1] an intent whose call was not made is withdrawn with its attempt, and no budget is spent", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.intend(job);
    await studio.store.handBack({ jobId: job.jobId, attempt: 1, ends: "never_arrived" });
    expect(await studio.claimOne()).toMatchObject({ attempt: 2, failures: 0, losses: 0, submission: null });
  });

  it("[P1] a name learnt late outweighs that an attempt did not find it: what has arrived is taken up", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.intend(job);
    await studio.loseAll();
    const second = await studio.claimOne();
    await studio.store.openSubmission({ submissionId, providerRef: "late" });
    await studio.fail(second, { ends: "never_arrived", backoffMs: durationMs(0) });
    await studio.store.endSubmission({ submissionId, outcome: "never_arrived" });
    const third = await studio.claimOne();
    expect(third).toMatchObject({ attempt: 3, submission: { id: submissionId, state: "open", providerRef: "late" } });
    await studio.store.endSubmission({ submissionId, outcome: "failed" });
    await studio.store.handBack(third);
    expect(await studio.claimOne()).toMatchObject({ attempt: 4, submission: null });
  });

  it("[P1] of two intents at the same moment one is written", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const outcomes = await Promise.all(
      [1, 2, 3].map((n) =>
        studio.store.intendSubmission({
          ...job,
          submissionId: studio.ids<SubmissionId>(),
          clientRef: `r-${n}`,
          provider: "sim",
        }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("[P1] the provider's id is recorded whoever learns it, even an attempt that lost its lease", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.intend(job);
    await studio.loseAll();
    await studio.store.openSubmission({ submissionId, providerRef: "late" });
    await studio.store.openSubmission({ submissionId, providerRef: "another" });
    expect((await studio.claimOne()).submission).toMatchObject({
      id: submissionId,
      state: "open",
      providerRef: "late",
    });
  });

  it("[P6] [E1] an id learnt after the job failed makes it recoverable, and open pages are told", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start({ plan: samplePlan({ maxLosses: 1 }) });
    const submissionId = await studio.intend(job);
    await studio.loseAll();
    const failed = await studio.get(job.assetId);
    expect(failed).toMatchObject({
      status: "failed",
      errorCode: "unconfirmed_submit",
      lastJob: { recoverable: false },
    });
    const { seq } = await studio.store.feedHead({ workspaceId: job.workspaceId });
    await studio.store.openSubmission({ submissionId, providerRef: "late" });
    const news = await studio.store.readFeed({ workspaceId: job.workspaceId, after: seq, feedId: null, limit: 5 });
    expect(news.items).toMatchObject([{ kind: "transition", seq: seq + 1, asset: { lastJob: { recoverable: true } } }]);
    expect(await studio.get(job.assetId)).toMatchObject({
      rowVersion: failed.rowVersion + 1,
      lastJob: { recoverable: true },
    });
    await studio.startJob("recover", job.assetId);
    expect((await studio.claimOne()).submission).toMatchObject({ id: submissionId, providerRef: "late" });
  });

  it("[P6] [E1] an id learnt of a job that the asset no longer shows is written down, and nobody is told of a failure again", async () => {
    await using studio = await openStudio(open);
    const [again, removed] = [await studio.start(), await studio.start()];
    const intents = [await studio.intend(again), await studio.intend(removed)];
    const [first, second] = intents;
    for (const job of [again, removed]) await studio.fail(job, FINAL);
    await studio.startJob("retry", again.assetId);
    await studio.remove(removed.assetId);
    const { seq } = await studio.store.feedHead({ workspaceId: again.workspaceId });
    const before = await studio.get(again.assetId);
    if (first === undefined || second === undefined) throw new Error("Nothing was intended.");
    for (const submissionId of [first, second])
      await studio.store.openSubmission({ submissionId, providerRef: "late" });
    expect(await studio.store.feedHead({ workspaceId: again.workspaceId })).toMatchObject({ seq });
    expect(await studio.get(again.assetId)).toEqual(before);
    expect(await studio.store.checkInvariants()).toEqual([]);
  });

  it("[P1] it ends in the transaction that completes the job, and with a failure that the provider reported", async () => {
    await using studio = await openStudio(open);
    const made = await studio.start();
    await studio.openAtProvider(made);
    await studio.complete(made);
    expect(await studio.get(made.assetId)).toMatchObject({ lastJob: { recoverable: false } });
    const failing = await studio.start();
    await studio.openAtProvider(failing);
    await studio.fail(failing, { ends: "failed", backoffMs: durationMs(0) });
    const again = await studio.claimOne();
    expect(again).toMatchObject({ jobId: failing.jobId, attempt: 2, submission: null });
    await studio.openAtProvider(again);
    await studio.fail(again, { ...FINAL, ends: "failed" });
    expect(await studio.startJob("recover", failing.assetId)).toMatchObject({ ok: false, why: "not_recoverable" });
  });

  it("[P1] a refused failure ends nothing at the provider", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.openAtProvider(job);
    await studio.loseAll();
    expect(await studio.fail(job, { ...FINAL, ends: "failed" })).toEqual({ ok: false, why: "illegal" });
    expect((await studio.claimOne()).submission).toMatchObject({ id: submissionId, state: "open" });
  });

  it("[P6] a failed job with an open submission is recovered by a new job that inherits it, held at the old quote", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start({ plan: samplePlan({ quote: credits(50) }) });
    const submissionId = await studio.openAtProvider(job);
    await studio.fail(job, { ...FINAL, code: "storage_failed", message: "The disk was full." });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "failed",
      lastJob: { recoverable: true, charged: 0 },
    });
    const recovered = await studio.startJob("recover", job.assetId, {
      plan: () => samplePlan({ quote: credits(80) }),
      expectedQuote: credits(80),
    });
    expect(recovered).toMatchObject({
      ok: true,
      asset: { status: "pending", currentVersion: { id: job.versionId }, liveJob: { quote: 50 } },
    });
    const again = await studio.claimOne();
    expect(again).toMatchObject({
      attempt: 1,
      versionId: job.versionId,
      submission: { id: submissionId, state: "open" },
    });
    await studio.complete(again);
    expect(await studio.credit()).toEqual({ balance: 950, held: 0 });
  });

  it("[U1] [P1] a job that has ended tells whether it was ended by its provider, unless nothing arrived there or that was free", async () => {
    await using studio = await openStudio(open);
    const told = async (ended: EndsSubmission) => {
      const job = await studio.start();
      await (ended.ends === "never_arrived" ? studio.intend(job) : studio.openAtProvider(job));
      if (ended.ends === "cancelled") {
        await studio.cancel(job.assetId);
        await studio.store.settle({ jobId: job.jobId, attempt: job.attempt, ...ended });
      } else await studio.fail(job, { ...FINAL, ...ended });
      const { lastJob } = await studio.get(job.assetId);
      return [lastJob?.endedAtProvider, lastJob?.recoverable];
    };
    expect(await told({ ends: "failed" })).toEqual([true, false]);
    expect(await told({ ends: "cancelled" })).toEqual([true, false]);
    expect(await told({ ends: "failed", free: true })).toEqual([false, false]);
    expect(await told({ ends: "never_arrived" })).toEqual([false, false]);
    // What is still there tells so by offering it.
    expect(await told({})).toEqual([false, true]);

    const job = await studio.start();
    const submissionId = await studio.intend(job);
    await studio.store.endSubmission({ submissionId, outcome: "never_arrived" });
    await studio.fail(job, FINAL);
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", lastJob: { endedAtProvider: false } });
  });

  it("[P6] a recovery that fails can be recovered again; one that nothing was paid for cannot", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.openAtProvider(job);
    await studio.fail(job, FINAL);
    await studio.startJob("recover", job.assetId);
    await studio.fail(await studio.claimOne(), FINAL);
    expect(await studio.startJob("recover", job.assetId)).toMatchObject({ ok: true });
    expect((await studio.claimOne()).submission?.id).toBe(submissionId);
    const unpaid = await studio.start();
    await studio.fail(unpaid, FINAL);
    expect(await studio.startJob("recover", unpaid.assetId)).toMatchObject({ ok: false, why: "not_recoverable" });
  });

  it("[P6] once the provider has reported its end there is nothing left to recover, in a recovery neither", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.openAtProvider(job);
    await studio.fail(job, FINAL);
    await studio.startJob("recover", job.assetId);
    await studio.fail(await studio.claimOne(), { ...FINAL, ends: "failed" });
    expect(await studio.get(job.assetId)).toMatchObject({ status: "failed", lastJob: { recoverable: false } });
    expect(await studio.startJob("recover", job.assetId)).toMatchObject({ ok: false, why: "not_recoverable" });
    expect(await studio.startJob("retry", job.assetId)).toMatchObject({ ok: true });
    expect((await studio.claimOne()).submission).toBeNull();
  });

  it("[P6] [J10] a recovery that nobody can claim ends at its deadline, counted from its birth, and can be made again", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.openAtProvider(job);
    await studio.fail(job, FINAL);
    studio.advanceClock(86_400_000);
    await studio.startJob("recover", job.assetId);
    studio.advanceClock(299_999);
    expect(await studio.sweep()).toMatchObject({ expired: 0, rejected: 0 });
    studio.advanceClock(1);
    expect(await studio.sweep()).toMatchObject({ expired: 1 });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "failed",
      errorCode: "timeout",
      lastJob: { recoverable: true, charged: 0 },
    });
    expect(await studio.startJob("recover", job.assetId)).toMatchObject({ ok: true });
    expect((await studio.claimOne()).submission?.id).toBe(submissionId);
  });

  it("[P2] [P6] an unconfirmed submit is recoverable when it can be looked up, and only then", async () => {
    await using studio = await openStudio(open);
    const unconfirmed = { ...FINAL, code: "unconfirmed_submit", message: "The provider's answer was lost." } as const;
    const found = await studio.start();
    const submissionId = await studio.intend(found);
    await studio.fail(found, { ...unconfirmed, recoverable: true });
    await studio.startJob("recover", found.assetId);
    expect((await studio.claimOne()).submission).toMatchObject({
      id: submissionId,
      state: "intended",
      providerRef: null,
    });
    const unfound = await studio.start();
    await studio.intend(unfound);
    await studio.fail(unfound, { ...unconfirmed, recoverable: false });
    expect(await studio.startJob("recover", unfound.assetId)).toMatchObject({ ok: false, why: "not_recoverable" });
    expect(await studio.startJob("retry", unfound.assetId)).toMatchObject({ ok: true });
    expect((await studio.claimOne()).submission).toBeNull();
  });

  it.each([true, false])(
    "[P2] [P6] [E1] a failed job whose request turns out never to have arrived may be tried again for one price (recoverable: %s): it stayed recoverable, and its card went on warning",
    async (recoverable) => {
      await using studio = await openStudio(open);
      const { store, workspaceId } = studio;
      const job = await studio.start();
      const submissionId = await studio.intend(job);
      await studio.fail(job, { ...FINAL, code: "unconfirmed_submit", message: "Its answer was lost.", recoverable });
      const before = await studio.get(job.assetId);
      expect(viewOf(before).primaryAction?.type).toBe(recoverable ? "recover" : "retry");
      expect(viewOf(before).actions.map(({ label }) => label)).toContain("Try again (may cost twice)");
      const { seq, feedId } = await store.feedHead({ workspaceId });
      await store.endSubmission({ submissionId, outcome: "never_arrived" });
      const after = await studio.get(job.assetId);
      expect(after).toMatchObject({
        status: "failed",
        rowVersion: before.rowVersion + 1,
        errorCode: "provider_unavailable",
        errorMessage: "The request never reached the provider.",
        lastJob: { recoverable: false, errorCode: "provider_unavailable", charged: 0 },
      });
      expect(viewOf(after).primaryAction).toMatchObject({ type: "retry", label: "Try again" });
      expect(viewOf(after, "zh").failure?.charged).toBe("没有扣除积分。");
      const news = await store.readFeed({ workspaceId, after: seq, feedId, limit: 10 });
      expect(news.items).toMatchObject([{ kind: "transition", seq: seq + 1, asset: after }]);
      await store.endSubmission({ submissionId, outcome: "never_arrived" });
      expect((await store.feedHead({ workspaceId })).seq).toBe(seq + 1);
      expect(await studio.startJob("recover", job.assetId)).toMatchObject({ ok: false, why: "not_recoverable" });
      expect(await studio.startJob("retry", job.assetId)).toMatchObject({ ok: true });
      expect((await studio.claimOne()).submission).toBeNull();
    },
  );

  it("[P2] [P6] that a request never arrived is believed of a job that failed while its last attempt was finding out, and of no attempt before it", async () => {
    await using studio = await openStudio(open);
    const first = await studio.start();
    await studio.intend(first);
    await studio.loseAll();
    const last = await studio.claimOne();
    studio.advanceClock(300_000);
    await studio.sweep();
    const ends = { ends: "never_arrived" } as const;
    const before = await studio.get(first.assetId);
    expect(before).toMatchObject({ status: "failed", errorCode: "unconfirmed_submit" });
    expect(await studio.fail(first, ends)).toEqual({ ok: false, why: "already_ended" });
    expect(await studio.get(first.assetId)).toEqual(before);
    expect(await studio.fail(last, ends)).toEqual({ ok: false, why: "already_ended" });
    expect(await studio.get(first.assetId)).toMatchObject({ status: "failed", errorCode: "provider_unavailable" });
  });

  it("[P6] [A6] that the request of an earlier job never arrived changes nothing of what was begun meanwhile", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    const submissionId = await studio.intend(job);
    await studio.fail(job, { ...FINAL, recoverable: true });
    await studio.startJob("retry", job.assetId);
    const before = await studio.get(job.assetId);
    await studio.store.endSubmission({ submissionId, outcome: "never_arrived" });
    expect(await studio.get(job.assetId)).toEqual(before);
  });

  it("[P7] a submission belongs to its job and not to an attempt: it outlives losses, failures and deadlines", async () => {
    await using studio = await openStudio(open);
    const plan = samplePlan({ maxFailures: 5, maxLosses: 5, attemptTimeoutMs: durationMs(30_000) });
    const submissionId = await studio.openAtProvider(await studio.start({ plan }));
    await studio.loseAll();
    await studio.fail(await studio.claimOne(), { backoffMs: durationMs(0) });
    await studio.claimOne();
    studio.advanceClock(30_000);
    await studio.sweep();
    await studio.store.handBack(await studio.claimOne());
    expect(await studio.claimOne()).toMatchObject({ attempt: 5, submission: { id: submissionId, state: "open" } });
  });
}
