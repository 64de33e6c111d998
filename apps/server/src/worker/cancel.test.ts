import { durationMs, viewOf } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";

const LABELS = { stopping: "Stopping — may still be charged", faster: "Finished before it could be cancelled" };

describe("a cancel wish", () => {
  const cancelled = (asset: { readonly status: string }): boolean => asset.status === "cancelled";

  it("[J7] ends a queued job at once, whether or not anyone works", async () => {
    await using studio = await openTestStudio();
    const { id } = await studio.create();
    const answer = await studio.api.assets.cancel({ id });
    expect(answer).toMatchObject({ status: "cancelled", lastJob: { status: "cancelled", charged: 0 } });
    expect(studio.testimony()).toEqual([]);
  });

  it("[J7] ends running work as soon as its worker is woken, one that hangs too", async () => {
    await using studio = await openTestStudio();
    // Its own beats are minutes apart: nothing but the wake can have told it.
    studio.startWorker({ leaseMs: 600_000 });
    const made = [await studio.create({ runMs: 60_000 }), await studio.create({ hang: true })];
    for (const { id } of made) {
      await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
      expect(await studio.api.assets.cancel({ id })).toMatchObject({
        status: "processing",
        liveJob: { cancelRequested: true },
      });
      const asset = await studio.until(id, cancelled);
      expect(asset.lastJob).toMatchObject({ status: "cancelled", charged: 0, cancelRequested: true });
    }
    expect(studio.testimony(["cancel"])).toHaveLength(2);
  });

  it("[J7] stops its own job and no other of the same worker", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const [wished, other] = [await studio.create({ hang: true }), await studio.create({ hang: true })];
    for (const { id } of [wished, other]) await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.api.assets.cancel({ id: wished.id });
    await studio.until(wished.id, cancelled);
    const refOf = (id: string) =>
      studio.rows<{ readonly ref: string }>(
        "SELECT client_ref AS ref FROM submission s JOIN job j ON j.id = s.job_id WHERE j.asset_id = ?",
        id,
      )[0]?.ref;
    expect(studio.testimony(["cancel"]).map(({ client_ref }) => client_ref)).toEqual([refOf(wished.id)]);
    expect(await studio.get(other.id)).toMatchObject({ status: "processing", liveJob: { cancelRequested: false } });
  });

  it("[J7] of a provider that finished all the same ends completed, charged, and says that it was wished otherwise", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const { id } = await studio.create({ runMs: 600, cancel: "late" });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.api.assets.cancel({ id });
    const asset = await studio.ended(id);
    expect(asset).toMatchObject({ status: "completed", lastJob: { cancelRequested: true, charged: 6 } });
  });

  it("[J7] is not repeated to a provider that cannot cancel, whose end then decides", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const { id } = await studio.create({ runMs: 600, cancel: "unsupported" });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.api.assets.cancel({ id });
    const asset = await studio.ended(id);
    expect(asset).toMatchObject({ status: "completed", lastJob: { cancelRequested: true } });
    expect(studio.testimony(["cancel"])).toHaveLength(1);
  });

  it("[J7] is passed on again when the call that carried it broke", async () => {
    let calls = 0;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        cancel: async (submission, signal) => {
          if ((calls += 1) < 3) throw new Error("connection reset");
          await simulator.cancel?.(submission, signal);
        },
      }),
    });
    studio.startWorker();
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.api.assets.cancel({ id });
    await studio.until(id, cancelled);
    expect(calls).toBe(3);
  });

  it("[J7] after a failure of the work ends it cancelled, without a wait or another try", async () => {
    await using studio = await openTestStudio();
    studio.startWorker({ random: () => 0.999 });
    const fail = { code: "provider_unavailable", at: 1, retryable: true };
    const { id } = await studio.create({ runMs: 400, cancel: "unsupported", fail });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.api.assets.cancel({ id });
    const asset = await studio.ended(id);
    expect(asset).toMatchObject({ status: "cancelled", lastJob: { charged: 0 } });
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });
});

describe("a cancel wish and what is alive at the provider", () => {
  it("[J7] [U6] says that it may still be charged while a submit is under way, hears it out, and cancels what it made", async () => {
    const answer = Promise.withResolvers<void>();
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        submit: async (request, signal) => {
          const accepted = await simulator.submit(request, signal);
          await answer.promise;
          return accepted;
        },
      }),
    });
    studio.startWorker();
    const { id } = await studio.create({ hang: true });
    await studio.until(id, () => studio.testimony(["submit"]).length === 1);
    const wished = await studio.api.assets.cancel({ id });
    expect(wished).toMatchObject({ status: "processing", liveJob: { cancelRequested: true, openSubmission: true } });
    expect(viewOf(wished).overlay).toMatchObject({ title: LABELS.stopping, stopping: true });
    answer.resolve();
    const asset = await studio.ended(id);
    expect(asset).toMatchObject({ status: "cancelled", lastJob: { charged: 0 } });
    expect(studio.testimony(["submit", "cancel"]).map(({ op }) => op)).toEqual(["submit", "cancel"]);
    expect(studio.rows("SELECT state, outcome FROM submission")).toEqual([{ state: "ended", outcome: "cancelled" }]);
  });

  it("[J7] that comes while the result is fetched changes nothing: it is kept, charged, and labelled", async () => {
    const fetching = Promise.withResolvers<void>();
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        fetchOutput: async (submission, signal) => {
          await fetching.promise;
          return simulator.fetchOutput(submission, signal);
        },
      }),
    });
    studio.startWorker();
    const { id } = await studio.create();
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "fetching");
    await studio.api.assets.cancel({ id });
    fetching.resolve();
    const asset = await studio.ended(id);
    expect(asset).toMatchObject({ status: "completed", lastJob: { charged: 6, cancelRequested: true } });
    expect(viewOf(asset).badge).toMatchObject({ label: LABELS.faster });
    expect(studio.testimony(["cancel"])).toEqual([]);
  });

  it("[J7] [J8] [J9] touches no other job: what the old one still says, after a new one was begun, changes nothing", async () => {
    const late = Promise.withResolvers<void>();
    const writes: string[] = [];
    let fetches = 0;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        fetchOutput: async (submission, signal) => {
          // The first download answers when everything is over, told to stop or not.
          if ((fetches += 1) > 1) return simulator.fetchOutput(submission, signal);
          await late.promise;
          return simulator.fetchOutput(submission, AbortSignal.timeout(60_000));
        },
      }),
      wrapStore: (store) => ({
        ...store,
        complete: async (request) => {
          const outcome = await store.complete(request);
          writes.push(outcome.ok ? "completed" : outcome.why);
          return outcome;
        },
      }),
    });
    studio.startWorker({ concurrency: 1 });
    const { id } = await studio.create();
    const old = (await studio.until(id, ({ liveJob }) => liveJob?.phase === "fetching")).liveJob?.id;
    await studio.store.takeBackPredecessors();
    await studio.api.assets.cancel({ id });
    const [settling] = await studio.store.claim({
      workerId: "another",
      limit: 1,
      leaseMs: durationMs(60_000),
      ...studio.catalogue.offered,
    });
    expect(settling).toMatchObject({ jobId: old, attempt: 2, cancelRequested: true, submission: { state: "open" } });
    await studio.store.settle({ jobId: settling?.jobId as never, attempt: 2, ends: "cancelled" });
    expect(await studio.get(id)).toMatchObject({ status: "cancelled", lastJob: { id: old } });

    const again = (await studio.api.assets.regenerate({ id })).liveJob?.id;
    late.resolve();
    const asset = await studio.ended(id);
    expect(asset).toMatchObject({ status: "completed", lastJob: { id: again, cancelRequested: false, charged: 6 } });
    expect(asset.currentVersion.number).toBe(2);
    expect(writes.at(-1)).toBe("completed");
    expect(writes.filter((write) => write === "completed")).toHaveLength(1);
    expect(studio.rows("SELECT status, hold_state AS hold FROM job WHERE id = ?", old)).toEqual([
      { status: "cancelled", hold: "released" },
    ]);
    expect(studio.testimony(["submit"]).map(({ client_ref }) => client_ref)).toEqual([`${old}-1`, `${again}-1`]);
    expect(studio.testimony(["cancel"])).toEqual([]);
  });
});
