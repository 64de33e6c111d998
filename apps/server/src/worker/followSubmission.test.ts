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
