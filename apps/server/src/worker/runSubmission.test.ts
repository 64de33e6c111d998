import { setTimeout as wait } from "node:timers/promises";
import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { realTimers } from "../Timers.ts";
import type { Provider } from "../providers/Provider.ts";

const SUBMISSIONS =
  "SELECT state, outcome, client_ref AS clientRef, provider_ref AS providerRef FROM submission ORDER BY intended_at";

interface SubmissionRow {
  readonly state: string;
  readonly outcome: string | null;
  readonly clientRef: string;
  readonly providerRef: string | null;
}

/** The simulator with other words for when a call of it breaks. */
function breaking(simulator: Provider, change: Partial<Provider>): Provider {
  return {
    ...simulator,
    classifyError: (error) =>
      error instanceof Error && error.message === "socket hang up"
        ? { code: "provider_unavailable", message: "The connection broke.", retryable: true }
        : simulator.classifyError(error),
    ...change,
  };
}

const FAST = { durationMs: 1_000, script: { queueMs: 0, runMs: 0 } };
const hangUp = (): Promise<never> => Promise.reject(new Error("socket hang up"));

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

describe("reading the provider", () => {
  it("[P3] goes on after polls that were not answered; the job has not failed", async () => {
    let polls = 0;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) =>
        breaking(simulator, {
          status: (submission, signal) => ((polls += 1) <= 3 ? hangUp() : simulator.status(submission, signal)),
        }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset.status).toBe("completed");
    expect(polls).toBe(4);
    expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 1, failures: 0 }]);
  });

  it("[P3] asks again no sooner than a provider that is asked too often wants", async () => {
    const reads: number[] = [];
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        status: (submission, signal) => {
          reads.push(Date.now());
          return reads.length === 1 ? Promise.reject(new Error("429")) : simulator.status(submission, signal);
        },
        classifyError: () => ({
          code: "rate_limited",
          message: "Slower.",
          retryable: true,
          retryAfterMs: 800 as never,
        }),
      }),
    });
    studio.startWorker();
    expect(await studio.ended((await studio.create()).id)).toMatchObject({ status: "completed" });
    expect((reads[1] ?? 0) - (reads[0] ?? 0)).toBeGreaterThanOrEqual(795);
  });

  it("[P3] [P6] a download that broke is fetched again without another submit", async () => {
    let downloads = 0;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) =>
        breaking(simulator, {
          fetchOutput: (submission, signal) =>
            (downloads += 1) === 1 ? hangUp() : simulator.fetchOutput(submission, signal),
        }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset.status).toBe("completed");
    expect(studio.testimony(["submit"])).toHaveLength(1);
    expect(studio.rows(SUBMISSIONS)).toMatchObject([{ state: "ended", outcome: "succeeded" }]);
  });

  it("[P4] only the authenticated read ends a submission: whatever wakes the worker, it asks and does as it is told", async () => {
    const answers = [
      { state: "running", fraction: 1 },
      { state: "queued", position: 1 },
      { state: "running", fraction: null },
    ] as const;
    const reads: string[] = [];
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        status: async (submission, signal) => {
          reads.push("status");
          return answers[reads.length - 1] ?? simulator.status(submission, signal);
        },
        fetchOutput: (submission, signal) => {
          reads.push("fetch");
          return simulator.fetchOutput(submission, signal);
        },
      }),
    });
    studio.startWorker();
    // At its end by its own measure, and its worker woken by other work: neither is an end.
    const { id } = await studio.create();
    await studio.until(id, () => reads.length > 0);
    const other = await studio.create({ queueMs: 60_000 });
    await studio.api.assets.cancel({ id: other.id });
    const asset = await studio.ended(id);
    expect(asset.status).toBe("completed");
    expect(reads.filter((read) => read === "fetch")).toHaveLength(1);
    expect(reads.indexOf("fetch")).toBeGreaterThan(answers.length);
  });

  it("[P5] waits on a status that it does not know, and says so once", async () => {
    let reads = 0;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        status: async (submission, signal) =>
          (reads += 1) <= 4 ? { state: "unknown", raw: "Succeed" } : simulator.status(submission, signal),
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset.status).toBe("completed");
    const said = studio.lines.filter(({ status }) => status === "Succeed");
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ level: 40, job: asset.lastJob?.id });
  });

  it("[P5] [J10] a status that stays unknown ends at the deadline, and what was paid for can be recovered", async () => {
    let known = false;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        models: simulator.models.map((offer) => ({
          ...offer,
          // The recovery has all the time that a busy machine may need.
          get attemptTimeoutMs() {
            return (known ? 30_000 : 400) as never;
          },
          get jobTimeoutMs() {
            return (known ? 60_000 : 1_000) as never;
          },
        })),
        status: async (submission, signal) =>
          known ? simulator.status(submission, signal) : { state: "unknown", raw: "ON_THE_WAY" },
      }),
    });
    studio.startWorker();
    studio.startSweeper();
    const { id } = await studio.create();
    const failed = await studio.ended(id);
    expect(failed).toMatchObject({
      status: "failed",
      errorCode: "timeout",
      lastJob: { recoverable: true, charged: 0 },
    });
    expect(studio.testimony(["submit"])).toHaveLength(1);
    known = true;
    await studio.api.assets.recover({ id });
    expect(await studio.ended(id)).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });
});

describe("what was paid for", () => {
  it.each(["fetch", "store"])(
    "[P6] is not lost when its %s fails for good: failed, released, and recovered later",
    async (at) => {
      await using studio = await openTestStudio();
      studio.startWorker();
      const code = at === "fetch" ? "provider_unavailable" : "storage_failed";
      const { id } = await studio.create({ fail: { code, at, retryable: true, times: 3 } });
      const failed = await studio.ended(id);
      expect(failed).toMatchObject({ status: "failed", errorCode: code, lastJob: { recoverable: true, charged: 0 } });
      expect(await studio.api.credits.summary()).toEqual({ balance: 1_000, held: 0 });
      expect(studio.rows(SUBMISSIONS)).toMatchObject([{ state: "open" }]);
      expect(studio.testimony(["fetch"])).toHaveLength(3);

      const recovering = await studio.api.assets.recover({ id });
      expect(recovering.liveJob?.quote).toBe(6);
      const asset = await studio.ended(id);
      expect(asset).toMatchObject({ status: "completed", lastJob: { charged: 6, recoverable: false } });
      expect(studio.testimony(["submit"])).toHaveLength(1);
      expect(await studio.api.credits.summary()).toEqual({ balance: 994, held: 0 });
    },
  );

  it("[P6] a storage that fails once costs an attempt and nothing else", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const asset = await studio.ended(
      (await studio.create({ fail: { code: "storage_failed", at: "store", times: 1 } })).id,
    );
    expect(asset.status).toBe("completed");
    expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 2, failures: 1 }]);
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });

  it.each([
    ["image", "nothing", { outputBytes: 0 }],
    ["image", "half a picture", { outputBytes: 600 }],
    ["video", "nothing", { outputBytes: 0 }],
    ["video", "most of a clip", { outputBytes: 180_000 }],
  ] as const)(
    "[J4] [A5] %s: %s of it was delivered, which fails the attempt and costs nothing",
    async (type, _what, script) => {
      await using studio = await openTestStudio();
      studio.startWorker();
      const params = { script: { queueMs: 0, runMs: 0, ...script } };
      const asset = await studio.ended((await studio.create({}, { type, model: `sim/${type}`, params })).id);
      expect(asset).toMatchObject({ status: "failed", errorCode: "provider_unavailable", lastJob: { charged: 0 } });
      expect(asset.currentVersion.media).toBeNull();
      expect(studio.testimony(["submit"])).toHaveLength(1);
      expect(studio.testimony(["fetch"])).toHaveLength(3);
    },
  );

  it("[J4] something else under the name of a picture fails the attempt, and its stream is closed", async () => {
    const closed: boolean[] = [];
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        fetchOutput: async (submission, signal) => {
          const video = { ...submission, request: { ...submission.request, type: "video" as const } };
          const output = await simulator.fetchOutput(video, signal);
          output.body.once("close", () => closed.push(true));
          return { ...output, claimedMime: "image/png" };
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset).toMatchObject({ status: "failed", errorMessage: "Instead of a picture there was something else." });
    await wait(20);
    expect(closed).toEqual([true, true, true]);
  });

  it("[J4] a file shorter than the provider announced fails the attempt", async () => {
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        fetchOutput: async (submission, signal) => {
          const output = await simulator.fetchOutput(submission, signal);
          return { ...output, claimedBytes: (output.claimedBytes ?? 0) + 1 };
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset).toMatchObject({ status: "failed", lastJob: { recoverable: true } });
    expect(asset.errorMessage).toMatch(/^The provider announced \d+ bytes and delivered \d+\.$/);
  });
});
