import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { breaking, hangUp } from "../testing/breaking.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { realTimers } from "../Timers.ts";

const SUBMISSIONS =
  "SELECT state, outcome, client_ref AS clientRef, provider_ref AS providerRef FROM submission ORDER BY intended_at";

interface SubmissionRow {
  readonly state: string;
  readonly outcome: string | null;
  readonly clientRef: string;
  readonly providerRef: string | null;
}

const FAST = { durationMs: 1_000, script: { queueMs: 0, runMs: 0 } };

describe("a submission", () => {
  it("[P1] is committed as intended before the provider is called, and recorded as open right after", async () => {
    const seen: unknown[] = [];
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        submit: async (request, signal) => {
          seen.push(studio.rows(SUBMISSIONS));
          return simulator.submit(request, signal);
        },
        status: async (submission, signal) => {
          if (seen.length === 1) seen.push(studio.rows(SUBMISSIONS));
          return simulator.status(submission, signal);
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    const clientRef = `${asset.lastJob?.id}-1`;
    const providerRef = `sim-${clientRef}`;
    expect(seen).toEqual([
      [{ state: "intended", outcome: null, clientRef, providerRef: null }],
      [{ state: "open", outcome: null, clientRef, providerRef }],
    ]);
    expect(studio.rows(SUBMISSIONS)).toEqual([{ state: "ended", outcome: "succeeded", clientRef, providerRef }]);
  });

  it("[P1] [P7] outlives a studio that was killed: the next one re-attaches and does not submit again", async () => {
    await using first = await openTestStudio();
    const worker = first.startWorker();
    const { id } = await first.create({ runMs: 1_500 });
    await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await using second = await openTestStudio({ folder: first.folder });
    // The rows of a killed process say that it is working still, until its successor takes them back.
    expect(second.rows(SUBMISSIONS)).toMatchObject([{ state: "open" }]);
    const taken = await second.store.takeBackPredecessors();
    expect(taken.lost).toBe(1);
    expect(second.rows(SUBMISSIONS)).toMatchObject([{ state: "open" }]);
    second.startWorker();
    const asset = await second.ended(id);
    await worker.drain(0);
    expect(asset.status).toBe("completed");
    expect(second.rows("SELECT attempt FROM job")).toEqual([{ attempt: 2 }]);
    expect(second.testimony(["submit"])).toHaveLength(1);
    expect(second.rows(SUBMISSIONS)).toHaveLength(1);
  });

  it("[P2] whose answer was lost is found by our reference and goes on", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const asset = await studio.ended((await studio.create({ dropAnswer: true })).id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit", "lookup"]).map(({ op }) => op)).toEqual(["submit", "lookup"]);
    expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 1, failures: 0 }]);
  });

  it("[P2] whose answer was lost is not repeated where it could be bought twice: unconfirmed_submit", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const asset = await studio.ended((await studio.create({ dropAnswer: true, lookup: false })).id);
    expect(asset).toMatchObject({
      status: "failed",
      errorCode: "unconfirmed_submit",
      lastJob: { charged: 0, recoverable: false },
    });
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });

  it("[P2] is given as long to be answered as its model asks for, and half a minute otherwise", async () => {
    const armed: number[] = [];
    const given: Record<string, readonly number[]> = {};
    await using studio = await openTestStudio({
      timers: {
        after: (ms, callback) => {
          armed.push(ms);
          return realTimers.after(ms, callback);
        },
      },
      wrapProvider: (simulator) => ({
        ...simulator,
        models: simulator.models.map((offer) =>
          offer.type === "video" ? { ...offer, submitPatienceMs: durationMs(240_000) } : offer,
        ),
        submit: (request, signal) => {
          given[request.model] = armed.slice(-1);
          return simulator.submit(request, signal);
        },
      }),
    });
    studio.startWorker();
    await studio.ended((await studio.create()).id);
    await studio.ended((await studio.create({}, { type: "video", model: "sim/video", params: FAST })).id);
    expect(given).toEqual({ "sim/image": [30_000], "sim/video": [240_000] });
  });

  it("[P2] is repeated where the provider makes it one request", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const asset = await studio.ended((await studio.create({ dropAnswer: true, lookup: false, idempotent: true })).id);
    expect(asset.status).toBe("completed");
    const [first, second, ...more] = studio.testimony(["submit"]);
    expect(second).toMatchObject({ client_ref: first?.client_ref, ref: first?.ref, repeated: true });
    expect(more).toEqual([]);
    expect(studio.rows(SUBMISSIONS)).toHaveLength(1);
  });

  it("[P2] that was repeated and turned away is not given up: the first call may have been accepted", async () => {
    let calls = 0;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        submit: (request, signal) =>
          (calls += 1) === 2 ? Promise.reject(new Error("429")) : simulator.submit(request, signal),
        classifyError: (error) =>
          error instanceof Error && error.message === "429"
            ? { code: "rate_limited", message: "Too many requests.", retryable: true, notAccepted: true }
            : simulator.classifyError(error),
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create({ dropAnswer: true, lookup: false, idempotent: true })).id);
    expect(asset.status).toBe("completed");
    expect(new Set(studio.testimony(["submit"]).map((line) => line.client_ref)).size).toBe(1);
    expect(studio.rows(SUBMISSIONS)).toHaveLength(1);
  });

  it("[P2] that never arrived, as a second look confirms, is submitted anew under a new reference", async () => {
    let dropped = false;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) =>
        breaking(simulator, {
          submit: async (request, signal) => {
            if (dropped) return simulator.submit(request, signal);
            dropped = true;
            return hangUp();
          },
        }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset.status).toBe("completed");
    const ops = studio.testimony(["submit", "lookup"]);
    expect(ops.map(({ op }) => op)).toEqual(["lookup", "lookup", "submit"]);
    // A request may still be on its way to a provider that says it knows none.
    expect((ops[1]?.at ?? 0) - (ops[0]?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
    expect(studio.rows<SubmissionRow>(SUBMISSIONS).map(({ outcome }) => outcome)).toEqual([
      "never_arrived",
      "succeeded",
    ]);
  });

  it("[P2] [P6] that could not be looked up is asked for by the next attempt; in the end a person can recover it", async () => {
    let down = true;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) =>
        breaking(simulator, {
          lookup: (request, signal) => (down ? hangUp() : simulator.lookup?.(request, signal)) ?? hangUp(),
        }),
    });
    studio.startWorker();
    const { id } = await studio.create({ dropAnswer: true });
    const failed = await studio.ended(id);
    expect(failed).toMatchObject({ status: "failed", errorCode: "unconfirmed_submit", lastJob: { recoverable: true } });
    expect(studio.rows("SELECT attempt FROM job")).toEqual([{ attempt: 3 }]);
    down = false;
    await studio.api.assets.recover({ id });
    const asset = await studio.ended(id);
    expect(asset).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });

  it("[P2] [J7] wished cancelled while its answer was lost is asked for by repeating it, then cancelled", async () => {
    await using studio = await openTestStudio();
    const { id } = await studio.create({ dropAnswer: true, lookup: false, idempotent: true, hang: true });
    const worker = studio.startWorker({ random: () => 0.999 });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "backoff");
    await studio.api.assets.cancel({ id });
    const asset = await studio.ended(id);
    await worker.drain(0);
    expect(asset.status).toBe("cancelled");
    expect(studio.testimony(["submit", "cancel"]).map(({ op }) => op)).toEqual(["submit", "submit", "cancel"]);
  });
});
