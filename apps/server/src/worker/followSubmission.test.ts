import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { realTimers } from "../Timers.ts";

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
