import { StoreUnavailable } from "@reelstate/db";
import { describe, expect, it } from "vitest";
import { StorageError } from "../storage/StorageError.ts";
import { realTimers } from "../Timers.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { Timers } from "../Timers.ts";

const WATCH_EVERY_MS = 5_000;
/** Who looks round every second does so more often here. */
const QUICK_MS = 50;
const patience = { timeout: 15_000, interval: 10 };

/** A studio whose storage takes nothing while `full`; `look` lets its watch try the disk, which it never does by itself. */
async function openFillable({ clock = Date.now, slowClaim }: { clock?: () => number; slowClaim?: Promise<void> } = {}) {
  const state = { full: false, away: false, claims: 0, fetches: 0 };
  let look = (): void => {};
  const every: Timers["every"] = (ms, callback) => {
    if (ms !== WATCH_EVERY_MS) return realTimers.every(Math.min(ms, QUICK_MS), callback);
    look = callback;
    return () => {};
  };
  const sleep: Timers["sleep"] = (ms, signal) => realTimers.sleep(Math.min(ms, QUICK_MS), signal);
  const studio = await openTestStudio({
    clock,
    timers: { every, sleep },
    wrapStorage: (storage) => ({
      ...storage,
      put: async (source, options) => {
        if (state.full) throw new StorageError("full", "No space left.");
        if (state.away) throw new StorageError("unreachable", "Nobody answers.");
        return storage.put(source, options);
      },
    }),
    wrapStore: (store) => ({
      ...store,
      claim: async (request) => {
        const claimed = await store.claim(request);
        state.claims += 1;
        if (claimed.length > 0) await slowClaim;
        return claimed;
      },
    }),
    wrapProvider: (simulator) => ({
      ...simulator,
      fetchOutput: (submission, signal) => {
        state.fetches += 1;
        return simulator.fetchOutput(submission, signal);
      },
    }),
  });
  return {
    studio,
    state,
    fill: () => {
      state.full = true;
      studio.disk.failed(new StoreUnavailable("full", { cause: null }));
    },
    makeRoom: () => {
      state.full = false;
      look();
    },
    look: () => look(),
    /** The worker has asked for work several times more. */
    asked: async () => {
      const before = state.claims;
      await expect.poll(() => state.claims, patience).toBeGreaterThan(before + 2);
    },
    [Symbol.asyncDispose]: () => studio[Symbol.asyncDispose](),
  };
}

describe("while the disk is full", () => {
  it("[P6] nothing that is in line is bought and then lost: it is claimed when there is room, without a restart", async () => {
    let passed = 0;
    await using fillable = await openFillable({ clock: () => Date.now() + passed });
    const { studio, state } = fillable;
    studio.startWorker();
    state.full = true;
    const first = await studio.create();
    await studio.until(first.id, ({ liveJob }) => liveJob?.failures === 1);
    expect(studio.disk.trouble()).toBe("disk_full");
    const inLine = [await studio.create(), await studio.create()];
    // The time of the one that failed has come, too.
    passed = 60_000;
    await fillable.asked();
    fillable.look();
    await fillable.asked();
    expect(await studio.get(first.id)).toMatchObject({ status: "pending", liveJob: { attempt: 1, failures: 1 } });
    for (const { id } of inLine)
      expect(await studio.get(id)).toMatchObject({ status: "pending", liveJob: { attempt: 0, failures: 0 } });
    expect(studio.testimony(["submit"])).toHaveLength(1);

    fillable.makeRoom();
    for (const { id } of [first, ...inLine]) expect(await studio.ended(id)).toMatchObject({ status: "completed" });
    expect(studio.testimony(["submit"])).toHaveLength(3);
  });

  it("[P6] what was claimed a moment before is given back and not bought", async () => {
    const answer = Promise.withResolvers<void>();
    await using fillable = await openFillable({ slowClaim: answer.promise });
    const { studio, state } = fillable;
    studio.startWorker();
    const { id } = await studio.create();
    await expect
      .poll(() => studio.rows("SELECT attempt FROM job WHERE status = 'processing'"), patience)
      .toHaveLength(1);
    fillable.fill();
    answer.resolve();
    const bought = (): boolean => studio.testimony(["submit"]).length > 0;
    const back = await studio.until(id, ({ status }) => status === "pending" || bought());
    expect(back).toMatchObject({ liveJob: { phase: "queued", attempt: 1, failures: 0 } });
    expect(studio.rows("SELECT failures, losses, submission FROM job")).toEqual([
      { failures: 0, losses: 0, submission: "none" },
    ]);
    expect(studio.testimony(["submit"])).toEqual([]);
    expect(state.full).toBe(true);
    fillable.makeRoom();
    expect(await studio.ended(id)).toMatchObject({ status: "completed" });
  });

  it("[P6] what is being made is followed, and waits at the provider for room, without spending a try", async () => {
    await using fillable = await openFillable();
    const { studio, state } = fillable;
    studio.startWorker();
    const { id } = await studio.create({ runMs: 300 });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    fillable.fill();
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "fetching" || liveJob?.failures === 1);
    await fillable.asked();
    expect(await studio.get(id)).toMatchObject({ status: "processing", liveJob: { phase: "fetching", failures: 0 } });
    expect(state.fetches).toBe(0);
    fillable.makeRoom();
    expect(await studio.ended(id)).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
    expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 1, failures: 0 }]);
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });

  it("[J6] a worker that waits for room can be drained", async () => {
    await using fillable = await openFillable();
    const { studio } = fillable;
    const worker = studio.startWorker();
    const { id } = await studio.create({ runMs: 300 });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    fillable.fill();
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "fetching");
    await worker.drain(0);
    expect(await studio.get(id)).toMatchObject({ status: "pending", liveJob: { attempt: 1, failures: 0 } });
    expect(studio.lines.filter(({ level }) => Number(level) >= 50)).toMatchObject([{ msg: "the disk is full" }]);
  });

  it("[J7] a wish is settled all the same, and nothing else is claimed", async () => {
    await using fillable = await openFillable();
    const { studio } = fillable;
    const gone = studio.startWorker();
    const [wished, other] = [await studio.create({ hang: true }), await studio.create({ hang: true })];
    for (const { id } of [wished, other]) await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await gone.drain(0);
    fillable.fill();
    const fresh = await studio.create();
    studio.startWorker();
    await fillable.asked();
    expect(await studio.api.assets.cancel({ id: wished.id })).toMatchObject({ status: "pending" });
    expect(await studio.ended(wished.id)).toMatchObject({ status: "cancelled", lastJob: { charged: 0 } });
    expect(studio.testimony(["cancel"])).toHaveLength(1);
    for (const { id } of [other, fresh]) expect(await studio.get(id)).toMatchObject({ status: "pending" });
    expect(studio.testimony(["submit"])).toHaveLength(2);
  });
});

describe("while the bucket is away", () => {
  it("[P6] nothing is bought that could not be kept, and all goes on by itself when it is back", async () => {
    let passed = 0;
    await using fillable = await openFillable({ clock: () => Date.now() + passed });
    const { studio, state } = fillable;
    studio.startWorker();
    state.away = true;
    const first = await studio.create();
    await studio.until(first.id, ({ liveJob }) => liveJob?.failures === 1);
    expect(studio.disk.trouble()).toBe("storage_away");
    const inLine = await studio.create();
    passed = 60_000;
    await fillable.asked();
    fillable.look();
    await fillable.asked();
    expect(await studio.get(first.id)).toMatchObject({ status: "pending", liveJob: { failures: 1 } });
    expect(await studio.get(inLine.id)).toMatchObject({ status: "pending", liveJob: { attempt: 0 } });

    state.away = false;
    fillable.look();
    for (const { id } of [first, inLine]) expect(await studio.ended(id)).toMatchObject({ status: "completed" });
    expect(studio.testimony(["submit"])).toHaveLength(2);
  });
});
