import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";

describe("the end of an attempt", () => {
  it("[J5] a provider that stops without being asked has failed, and is tried again: nobody cancelled", async () => {
    let gaveUp = 0;
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        status: async (submission, signal) => {
          if (gaveUp > 0) return simulator.status(submission, signal);
          gaveUp += 1;
          await simulator.cancel?.(submission, signal);
          return { state: "cancelled" };
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset).toMatchObject({ status: "completed", lastJob: { status: "completed", cancelRequested: false } });
    expect(studio.rows("SELECT failures, attempt FROM job")).toEqual([{ failures: 1, attempt: 2 }]);
    expect(studio.rows("SELECT outcome FROM submission ORDER BY attempt")).toEqual([
      { outcome: "cancelled" },
      { outcome: "succeeded" },
    ]);
  });
});
