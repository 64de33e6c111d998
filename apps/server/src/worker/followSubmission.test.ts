import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { breaking, hangUp } from "../testing/breaking.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { realTimers } from "../Timers.ts";

/** A provider whose first answer to one kind of question never comes; half a minute is over as soon as somebody waits for it. */
function silentOnce(op: "status" | "cancel" | "lookup") {
  const late: (() => void)[] = [];
  const asked: string[] = [];
  let silent = false;
  const ask = <T>(what: string, answer: () => Promise<T>): Promise<T> => {
    const first = what === op && !asked.includes(op);
    asked.push(what);
    if (!first) return answer();
    silent = true;
    setTimeout(() => late.at(-1)?.());
    return new Promise<T>(() => {});
  };
  const opened = openTestStudio({
    timers: {
      after: (ms, callback) => {
        if (silent && ms === 30_000) late.push(callback);
        silent = false;
        return realTimers.after(ms, callback);
      },
    },
    wrapProvider: (simulator) => ({
      ...simulator,
      status: (submission, signal) => ask("status", () => simulator.status(submission, signal)),
      cancel: (submission, signal) => ask("cancel", async () => simulator.cancel?.(submission, signal)),
      lookup: (request, signal) =>
        ask("lookup", async () => simulator.lookup?.(request, signal) ?? { state: "unsupported" }),
    }),
  });
  return { opened, asked };
}

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
    expect(studio.rows("SELECT state, outcome FROM submission")).toMatchObject([
      { state: "ended", outcome: "succeeded" },
    ]);
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

  it("[P3] a provider that wants to be left alone for a day is read again after a minute", async () => {
    const waits: number[] = [];
    let reads = 0;
    await using studio = await openTestStudio({
      timers: {
        sleep: (ms, signal) => {
          waits.push(ms);
          return realTimers.sleep(Math.min(ms, 50), signal);
        },
      },
      wrapProvider: (simulator) => ({
        ...simulator,
        status: (submission, signal) =>
          (reads += 1) === 1 ? Promise.reject(new Error("429")) : simulator.status(submission, signal),
        classifyError: () => ({
          code: "rate_limited",
          message: "Slower.",
          retryable: true,
          retryAfterMs: durationMs(86_400_000),
        }),
      }),
    });
    studio.startWorker();
    expect(await studio.ended((await studio.create()).id)).toMatchObject({ status: "completed" });
    expect(waits[0]).toBe(60_000);
  });
});

describe("a provider that says nothing", () => {
  it("[P3] a poll whose connection went silent is asked again: it had kept the attempt until its deadline, and cost it a try", async () => {
    const { opened, asked } = silentOnce("status");
    await using studio = await opened;
    studio.startWorker();
    const done = await studio.ended((await studio.create()).id);
    expect(done).toMatchObject({ status: "completed" });
    expect(studio.rows("SELECT attempt, failures FROM job")).toEqual([{ attempt: 1, failures: 0 }]);
    expect(asked.length).toBeGreaterThan(1);
  });

  it("[J7] [P3] a cancel whose answer does not come is asked for again, and what the provider reports decides", async () => {
    const { opened, asked } = silentOnce("cancel");
    await using studio = await opened;
    studio.startWorker();
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.api.assets.cancel({ id });
    expect(await studio.ended(id)).toMatchObject({ status: "cancelled" });
    expect(asked.filter((what) => what === "cancel").length).toBeGreaterThan(1);
  });

  it("[P2] a lookup that is not answered is no word about the request, which the next attempt asks about", async () => {
    const { opened } = silentOnce("lookup");
    await using studio = await opened;
    studio.startWorker();
    const done = await studio.ended((await studio.create({ dropAnswer: true, queueMs: 0, runMs: 50 })).id);
    expect(done).toMatchObject({ status: "completed" });
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });
});
