import { viewOf } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";

describe("the end of an attempt", () => {
  it("[J5] [P6] a provider that stops without being asked has failed, and is not paid a second time by itself: nobody cancelled", async () => {
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        status: async (submission, signal) => {
          await simulator.cancel?.(submission, signal);
          return { state: "cancelled" };
        },
      }),
    });
    studio.startWorker();
    const asset = await studio.ended((await studio.create()).id);
    expect(asset).toMatchObject({
      status: "failed",
      errorCode: "provider_unavailable",
      lastJob: { status: "failed", cancelRequested: false, recoverable: false, charged: 0, endedAtProvider: true },
    });
    expect(viewOf(asset).failure?.charged).toContain("the provider may have charged");
    expect(asset.errorMessage).toMatch(/stopped at the provider.*charged/);
    expect(studio.rows("SELECT failures, attempt FROM job")).toEqual([{ failures: 1, attempt: 1 }]);
    expect(studio.rows("SELECT outcome FROM submission ORDER BY attempt")).toEqual([{ outcome: "cancelled" }]);
    expect(studio.testimony(["submit"])).toHaveLength(1);
  });
});
