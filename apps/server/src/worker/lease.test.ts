import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { openSweeper } from "./openSweeper.ts";
import type { Store } from "@reelstate/db";
import type { AssetId, JobId } from "@reelstate/lifecycle";

type Written = Parameters<Store["progress"]>[0] & { readonly at: number };

describe("reports of progress", () => {
  it("[J3] only go forward, and come at most four times a second a job, phases included", async () => {
    const written: Written[] = [];
    await using studio = await openTestStudio({
      wrapStore: (store) => ({
        ...store,
        progress: (report) => {
          written.push({ ...report, at: Date.now() });
          return store.progress(report);
        },
      }),
      wrapProvider: (simulator) => ({ ...simulator, pollMs: 20 as never }),
    });
    studio.startWorker();
    const made = await Promise.all([studio.create({ runMs: 1_500 }), studio.create({ runMs: 1_500 })]);
    for (const { id } of made) await studio.ended(id);
    const jobs = [...new Set(written.map(({ jobId }) => jobId))];
    expect(jobs).toHaveLength(2);
    for (const jobId of jobs) expectForwardAndSeldom(written.filter((report) => report.jobId === jobId));
  });

  function expectForwardAndSeldom(reports: readonly Written[]): void {
    expect(reports.length).toBeGreaterThan(3);
    for (const [index, { at, fraction }] of reports.slice(1).entries()) {
      expect(at - (reports[index]?.at ?? 0)).toBeGreaterThanOrEqual(245);
      expect(fraction ?? 0).toBeGreaterThanOrEqual(reports[index]?.fraction ?? 0);
    }
  }

  it("[J3] ignore what a provider says backwards, beyond the whole, or without a number", async () => {
    const fractions = [0.5, 0.2, Number.NaN, 7, 0.6];
    const written: (number | null)[] = [];
    let reads = 0;
    await using studio = await openTestStudio({
      wrapStore: (store) => ({
        ...store,
        progress: (report) => {
          written.push(report.fraction);
          return store.progress(report);
        },
      }),
      wrapProvider: (simulator) => ({
        ...simulator,
        pollMs: 300 as never,
        status: async (submission, signal) => {
          const fraction = fractions[(reads += 1) - 1];
          return fraction === undefined ? simulator.status(submission, signal) : { state: "running", fraction };
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset.status).toBe("completed");
    expect([...new Set(written.filter((fraction) => fraction !== null))]).toEqual([0.5, 1]);
  });

  it("[J3] get one value behind, not a line of them, when the store is slow", async () => {
    let under = 0;
    let most = 0;
    await using studio = await openTestStudio({
      wrapStore: (store) => ({
        ...store,
        progress: async (report) => {
          most = Math.max(most, (under += 1));
          await wait(400);
          under -= 1;
          return store.progress(report);
        },
      }),
      wrapProvider: (simulator) => ({ ...simulator, pollMs: 20 as never }),
    });
    studio.startWorker();
    expect(await studio.ended((await studio.create({ runMs: 1_200 })).id)).toMatchObject({ status: "completed" });
    expect(most).toBe(1);
  });
});

describe("an attempt that is no longer its worker's", () => {
  it("[J9] [P1] writes nothing more, but what its provider answered is recorded and taken up by the next", async () => {
    const writes: string[] = [];
    const told: string[] = [];
    let answered = (): void => {};
    const answer = new Promise<void>((resolve) => (answered = resolve));
    await using studio = await openTestStudio({
      wrapStore: (store) => ({ ...store, ...watched(store, writes) }),
      wrapProvider: (simulator) => ({
        ...simulator,
        submit: async (request, signal) => {
          const accepted = await simulator.submit(request, signal);
          await answer;
          told.push(accepted.providerRef);
          return accepted;
        },
      }),
    });
    studio.startWorker({ leaseMs: 400, concurrency: 1 });
    const { id } = await studio.create();
    await studio.until(id, ({ liveJob }) => liveJob?.attempt === 1);
    while (studio.testimony(["submit"]).length === 0) await wait(5);
    const jobId = jobOf(studio, id);
    // Another takes the job away: the owner of the database declares all its leases lost.
    await studio.store.takeBackPredecessors();
    await studio.store.claim({ workerId: "another", limit: 1, leaseMs: 60_000 as never, ...studio.catalogue.offered });
    writes.length = 0;
    await wait(400);
    answered();
    while (told.length === 0) await wait(5);
    await wait(100);
    expect(writes.filter((write) => write.endsWith(" 1"))).toEqual([]);
    expect(studio.rows("SELECT state, provider_ref AS ref FROM submission")).toEqual([{ state: "open", ref: told[0] }]);
    expect(await studio.get(id)).toMatchObject({ status: "processing", liveJob: { attempt: 2 } });

    await studio.store.handBack({ jobId, attempt: 2 });
    const asset = await studio.ended(id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });

  it("[J9] is over when the same worker claims its job again, and does not write in the next one's name", async () => {
    const writes: string[] = [];
    await using studio = await openTestStudio({
      wrapStore: (store) => ({ ...store, ...watched(store, writes) }),
      wrapProvider: (simulator) => ({
        ...simulator,
        submit: async (request, signal) => {
          const accepted = await simulator.submit(request, signal);
          await wait(500);
          return accepted;
        },
      }),
    });
    studio.startWorker({ leaseMs: 60_000 });
    const { id } = await studio.create({ runMs: 800 });
    while (studio.testimony(["submit"]).length === 0) await wait(5);
    await studio.store.takeBackPredecessors();
    const asset = await studio.ended(id);
    expect(asset.status).toBe("completed");
    expect(writes.filter((write) => write.endsWith(" 1"))).toEqual([]);
    expect(studio.rows("SELECT attempt, losses FROM job")).toEqual([{ attempt: 2, losses: 1 }]);
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });

  it.each([
    ["fails", () => Promise.reject(new Error("the disk is away"))],
    ["hangs", () => wait(2_500).then(() => Promise.reject(new Error("the disk is away")))],
  ])("[J9] is stopped before its lease ends when every heartbeat %s", async (_how, heartbeat) => {
    let away = false;
    let stoppedAt = 0;
    await using studio = await openTestStudio({
      wrapStore: (store) => ({ ...store, heartbeat: (request) => (away ? heartbeat() : store.heartbeat(request)) }),
      wrapProvider: (simulator) => ({
        ...simulator,
        status: (submission, signal) => {
          signal.addEventListener("abort", () => (stoppedAt ||= Date.now()), { once: true });
          return simulator.status(submission, signal);
        },
      }),
    });
    const worker = studio.startWorker({ leaseMs: 1_500 });
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    away = true;
    const [lease] = studio.rows<{ readonly until: number }>("SELECT lease_until AS until FROM job");
    while (worker.running() > 0) await wait(10);
    expect(stoppedAt).toBeGreaterThan(0);
    expect(stoppedAt).toBeLessThan(lease?.until ?? 0);
    expect(await studio.get(id)).toMatchObject({ status: "processing", liveJob: { attempt: 1 } });
  });

  it("[J6] [J9] keeps two thirds of its lease while its worker can beat, and is stopped after seven tenths when it cannot", async () => {
    const [leaseMs, stepMs] = [30_000, 1_000];
    const beats = { asked: 0, answered: 0, at: 0, away: false };
    const rounds: { readonly ms: number; next: number; readonly callback: () => void }[] = [];
    let now = 1_800_000_000_000;
    let stoppedAt: number | null = null;
    await using studio = await openTestStudio({
      clock: () => now,
      timers: {
        clock: () => now,
        monotonic: () => now,
        every: (ms, callback) => {
          rounds.push({ ms, next: now + ms, callback });
          return () => {};
        },
      },
      wrapStore: (store) => ({
        ...store,
        heartbeat: async (request) => {
          beats.asked += 1;
          try {
            if (beats.away) throw new Error("the disk is away");
            beats.at = now;
            return await store.heartbeat(request);
          } finally {
            beats.answered += 1;
          }
        },
      }),
      wrapProvider: (simulator) => ({
        ...simulator,
        status: (submission, signal) => {
          signal.addEventListener("abort", () => (stoppedAt ??= now), { once: true });
          return simulator.status(submission, signal);
        },
      }),
    });
    async function step(): Promise<void> {
      now += stepMs;
      for (const round of rounds.filter(({ next }) => next <= now)) {
        round.next += round.ms;
        round.callback();
      }
      while (beats.answered < beats.asked) await wait(1);
    }
    studio.startWorker({ leaseMs });
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    let least: number = leaseMs;
    for (const end = now + 3 * leaseMs; now < end;) {
      await step();
      const [job] = studio.rows<{ readonly until: number }>("SELECT lease_until AS until FROM job");
      least = Math.min(least, (job?.until ?? 0) - now + stepMs);
    }
    expect(least).toBeGreaterThanOrEqual((2 / 3) * leaseMs);
    expect(stoppedAt).toBeNull();
    beats.away = true;
    for (const end = now + leaseMs; now < end;) await step();
    expect(stoppedAt).not.toBeNull();
    const held = ((stoppedAt ?? now) - beats.at) / leaseMs;
    expect(held).toBeGreaterThan(0.7);
    expect(held).toBeLessThanOrEqual(0.8);
  });

  it("[J9] is stopped though the wall clock was set back: spans are counted by one that is never set", async () => {
    let away = false;
    await using studio = await openTestStudio({
      timers: { clock: () => Date.now() - (away ? 3_600_000 : 0) },
      wrapStore: (store) => ({
        ...store,
        heartbeat: (request) => (away ? Promise.reject(new Error("away")) : store.heartbeat(request)),
      }),
    });
    const worker = studio.startWorker({ leaseMs: 1_000 });
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    away = true;
    await expect.poll(() => worker.running(), { timeout: 15_000 }).toBe(0);
  });

  it("[J6] [J9] is beaten for first when the machine has slept, which only the wall clock knows; one beat is for all", async () => {
    const rounds = new Map<number, () => void>();
    let slept = 0;
    const beats: number[] = [];
    await using studio = await openTestStudio({
      timers: {
        clock: () => Date.now() + slept,
        every: (ms, callback) => {
          rounds.set(ms, callback);
          return () => {};
        },
      },
      wrapStore: (store) => ({
        ...store,
        heartbeat: async (request) => {
          const answered = await store.heartbeat(request);
          beats.push(request.attempts.length);
          return answered;
        },
      }),
    });
    const leaseMs = 90_000;
    const worker = studio.startWorker({ leaseMs });
    const made = await Promise.all([1, 2, 3].map(() => studio.create({ hang: true })));
    for (const { id } of made) await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    // At a third of the lease, all that this process works on at once.
    beats.length = 0;
    rounds.get(leaseMs / 3)?.();
    await expect.poll(() => beats, { timeout: 15_000 }).toEqual([3]);
    slept = 3_600_000;
    rounds.get(leaseMs / 10)?.();
    await expect.poll(() => beats, { timeout: 15_000 }).toEqual([3, 3]);
    expect(worker.running()).toBe(3);
  });

  it("[J6] is found by the sweeper when its worker vanished, tried again, and failed as worker_lost in the end", async () => {
    await using studio = await openTestStudio();
    const { id } = await studio.create();
    studio.startSweeper({ sweepMs: 100, leaseMs: 1_000 });
    const vanish = (): ReturnType<Store["claim"]> =>
      studio.store.claim({ workerId: "doomed", limit: 1, leaseMs: 50 as never, ...studio.catalogue.offered });
    for (let losses = 0; losses < 10; losses += 1) {
      let claimed = await vanish();
      while (claimed.length === 0) {
        await wait(10);
        claimed = await vanish();
      }
      expect(claimed[0]?.attempt).toBe(losses + 1);
    }
    const asset = await studio.ended(id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "worker_lost", lastJob: { charged: 0 } });
    expect(studio.lines.filter(({ event }) => event === "lose")).toHaveLength(10);
  });

  it("[J6] after a pause of the whole process is beaten for first, and swept only a round later", async () => {
    await using studio = await openTestStudio();
    let now = 1_000;
    const sweeps: number[] = [];
    let swept: Promise<unknown> = Promise.resolve();
    const store: Store = {
      ...studio.store,
      sweep: (request) => {
        sweeps.push(now);
        const report = studio.store.sweep(request);
        swept = report;
        return report;
      },
    };
    let round = (): void => {};
    const time = {
      clock: () => now,
      monotonic: () => now,
      every: (_ms: number, callback: () => void) => {
        round = callback;
        return () => {};
      },
    };
    const deps = { ...time, store, random: () => 0, log: studio.log, catalogue: studio.catalogue };
    const sweeper = openSweeper(deps, { sweepMs: 50, leaseMs: 1_000 });
    for (const paused of [50, 60_000, 50, 500, 50]) {
      now += paused;
      round();
      await swept;
      await wait(1);
    }
    await sweeper.close();
    expect(sweeps).toEqual([1_050, 61_100, 61_600, 61_650]);
  });
});

function watched(store: Store, writes: string[]): Partial<Store> {
  const note = (name: string, { attempt }: { readonly attempt: number }): void =>
    void writes.push(`${name} ${attempt}`);
  return {
    progress: (request) => (note("progress", request), store.progress(request)),
    complete: (request) => (note("complete", request), store.complete(request)),
    fail: (request) => (note("fail", request), store.fail(request)),
    settle: (request) => (note("settle", request), store.settle(request)),
  };
}

function jobOf(studio: Awaited<ReturnType<typeof openTestStudio>>, id: AssetId): JobId {
  const [row] = studio.rows<{ readonly id: JobId }>("SELECT id FROM job WHERE asset_id = ?", id);
  if (row === undefined) throw new Error("There is no job.");
  return row.id;
}
