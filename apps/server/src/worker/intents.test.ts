import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { realTimers } from "../Timers.ts";
import type { Store } from "@reelstate/db";
import type { Provider } from "../providers/Provider.ts";

const SUBMISSIONS = "SELECT state, outcome, client_ref AS clientRef FROM submission ORDER BY intended_at, id";
const BUDGETS = "SELECT attempt, failures, losses FROM job";

/** A studio whose workers' clock leaps ahead after an intent, as that of a process that was stopped there does. */
async function openSleepingStudio(asleep: (store: Store, intent: number) => Promise<boolean>) {
  let leap = 0;
  let intents = 0;
  return openTestStudio({
    timers: { monotonic: () => performance.now() + leap },
    wrapStore: (store) => ({
      ...store,
      intendSubmission: async (request) => {
        const outcome = await store.intendSubmission(request);
        if (await asleep(store, (intents += 1))) leap += 60_000;
        return outcome;
      },
    }),
  });
}

describe("an intent that its process slept on", () => {
  it("[P1] [J9] is not called when another attempt has looked for it, not found it, and begun anew: one purchase", async () => {
    await using studio = await openSleepingStudio(async (store, intent) => {
      if (intent > 1) return false;
      await store.takeBackPredecessors();
      const [other] = await store.claim({
        workerId: "another",
        limit: 1,
        leaseMs: durationMs(60_000),
        ...studio.catalogue.offered,
      });
      if (other === undefined) throw new Error("There is nothing to take over.");
      const failure = { code: "provider_unavailable", message: "It never arrived.", retryable: true } as const;
      const ref = { jobId: other.jobId, attempt: other.attempt };
      await store.fail({ ...ref, ...failure, backoffMs: durationMs(0), ends: "never_arrived" });
      return true;
    });
    studio.startWorker({ concurrency: 1 });
    const asset = await studio.ended((await studio.create()).id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit"]).map(({ client_ref }) => client_ref)).toEqual([`${asset.lastJob?.id}-3`]);
    expect(studio.rows(BUDGETS)).toEqual([{ attempt: 3, failures: 1, losses: 1 }]);
  });

  it("[P1] [J6] is withdrawn and handed back without spending a budget while its attempt is still live", async () => {
    await using studio = await openSleepingStudio(async (_store, intent) => intent === 1);
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    const job = asset.lastJob?.id;
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit"]).map(({ client_ref }) => client_ref)).toEqual([`${job}-2`]);
    expect(studio.rows(SUBMISSIONS)).toEqual([
      { state: "ended", outcome: "never_arrived", clientRef: `${job}-1` },
      { state: "ended", outcome: "succeeded", clientRef: `${job}-2` },
    ]);
    expect(studio.rows(BUDGETS)).toEqual([{ attempt: 2, failures: 0, losses: 0 }]);
  });

  it("[P2] of a repeat is not called either, and stays for the next attempt: the first call may have arrived", async () => {
    await using studio = await openSleepingStudio(async (_store, intent) => intent === 2);
    studio.startWorker();
    const asset = await studio.ended((await studio.create({ dropAnswer: true, lookup: false, idempotent: true })).id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit"]).map(({ client_ref }) => client_ref)).toEqual(
      Array(2).fill(`${asset.lastJob?.id}-1`),
    );
    expect(studio.rows(BUDGETS)).toEqual([{ attempt: 3, failures: 1, losses: 0 }]);
    expect(studio.rows(SUBMISSIONS)).toHaveLength(1);
  });
});

describe("an intent whose adapter is still preparing its call", () => {
  it("[P2] is not taken for one that never arrived while it may still be sent, however short the lease is: one purchase", async () => {
    const prepared = Promise.withResolvers<void>();
    const preparing = (simulator: Provider): Provider => ({ ...simulator, preparesWithinMs: durationMs(600_000) });
    await using first = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...preparing(simulator),
        submit: async (request, signal) => {
          await prepared.promise;
          return simulator.submit(request, signal);
        },
      }),
    });
    const worker = first.startWorker();
    const { id } = await first.create();
    await first.until(id, () => first.rows(SUBMISSIONS).length === 1);
    const waits: number[] = [];
    await using second = await openTestStudio({
      folder: first.folder,
      wrapProvider: preparing,
      timers: {
        sleep: async (ms, signal) => {
          if (ms <= 60_000) return realTimers.sleep(ms, signal);
          waits.push(ms);
          // Meanwhile it is sent.
          prepared.resolve();
          while (first.testimony(["submit"]).length === 0) await realTimers.sleep(10, signal);
        },
      },
    });
    await second.store.takeBackPredecessors();
    second.startWorker();
    const asset = await second.ended(id);
    prepared.resolve();
    await worker.drain(0);
    expect(waits).toHaveLength(1);
    expect(asset.status).toBe("completed");
    expect(second.testimony(["submit"]).map(({ client_ref }) => client_ref)).toEqual([`${asset.lastJob?.id}-1`]);
    expect(second.rows(BUDGETS)).toEqual([{ attempt: 2, failures: 0, losses: 1 }]);
  });
});

describe("what an earlier attempt learns late", () => {
  it("[P1] [P2] is taken up instead of a repeat", async () => {
    let intents = 0;
    await using studio = await openTestStudio({
      wrapStore: (store) => ({
        ...store,
        intendSubmission: async (request) => {
          const { submissionId, clientRef } = request;
          if ((intents += 1) === 2) await store.openSubmission({ submissionId, providerRef: `sim-${clientRef}` });
          return store.intendSubmission(request);
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create({ dropAnswer: true, lookup: false, idempotent: true })).id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit"])).toHaveLength(1);
    expect(studio.rows(BUDGETS)).toEqual([{ attempt: 3, failures: 1, losses: 0 }]);
  });

  it("[P1] that the provider turned its only call away, is recorded by an attempt that is over", async () => {
    const answer = Promise.withResolvers<void>();
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        submit: async (request, signal) => {
          await answer.promise;
          return simulator.submit(request, signal);
        },
      }),
    });
    const worker = studio.startWorker({ concurrency: 1 });
    const { id } = await studio.create({ fail: { code: "content_policy_input", at: "submit" } });
    await studio.until(id, () => studio.rows(SUBMISSIONS).length === 1);
    await studio.store.takeBackPredecessors();
    const [other] = await studio.store.claim({
      workerId: "another",
      limit: 1,
      leaseMs: durationMs(60_000),
      ...studio.catalogue.offered,
    });
    expect(other?.submission).toMatchObject({ state: "intended" });
    // Told that it is no longer its own, by the beat that the next wake brings.
    await studio.create();
    answer.resolve();
    const first = `${SUBMISSIONS} LIMIT 1`;
    await studio.until(id, () => studio.rows<{ readonly state: string }>(first)[0]?.state === "ended");
    await worker.drain(0);
    expect(studio.rows(first)).toMatchObject([{ outcome: "never_arrived" }]);
  });

  it("[P1] is written down with patience: an accepted request whose id our own database could not take is not lost", async () => {
    let away = 3;
    await using studio = await openTestStudio({
      wrapStore: (store) => ({
        ...store,
        openSubmission: (request) =>
          (away -= 1) >= 0 ? Promise.reject(new Error("database is locked")) : store.openSubmission(request),
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit", "lookup"]).map(({ op }) => op)).toEqual(["submit"]);
    expect(studio.rows(BUDGETS)).toEqual([{ attempt: 1, failures: 0, losses: 0 }]);
    const told = studio.lines.filter(({ providerRef }) => providerRef === `sim-${asset.lastJob?.id}-1`);
    expect(told).toHaveLength(3);
  });
});

describe("reference pictures", () => {
  it("stay where they are, as local files, for as long as the attempt lasts, and no longer", async () => {
    let held = 0;
    const seen = new Set<number>();
    await using studio = await openTestStudio({
      wrapStorage: (storage) => ({
        ...storage,
        withLocalFile: (key, use) =>
          storage.withLocalFile(key, async (path) => {
            held += 1;
            try {
              return await use(path);
            } finally {
              held -= 1;
            }
          }),
      }),
      wrapProvider: (simulator) => ({
        ...simulator,
        status: async (submission, signal) => {
          if ((await submission.inputPaths()).length > 0) seen.add(held);
          return simulator.status(submission, signal);
        },
      }),
    });
    studio.startWorker();
    const first = await studio.ended((await studio.create()).id);
    const made = await studio.ended((await studio.create({ runMs: 200 }, { inputs: [first.id] })).id);
    expect(made.status).toBe("completed");
    expect([...seen]).toEqual([1]);
    await expect.poll(() => held, { timeout: 15_000 }).toBe(0);
  });
});
