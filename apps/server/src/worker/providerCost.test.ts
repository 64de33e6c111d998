import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { Cost } from "@reelstate/lifecycle";
import type { ProviderStatus } from "../providers/Provider.ts";

const COST: Cost = { usdMicros: 39_120, basis: "tokens" };

/** A studio whose provider tells of each end what `telling` gives, whatever that is. */
async function openTold(telling: () => unknown) {
  const studio = await openTestStudio({
    wrapProvider: (simulator) => ({
      ...simulator,
      status: async (submission, signal) => {
        const status = await simulator.status(submission, signal);
        return { ...status, cost: telling() } as ProviderStatus;
      },
    }),
  });
  studio.startWorker();
  const made = async (script: Record<string, unknown> = {}) => studio.ended((await studio.create(script)).id);
  return { studio, made, [Symbol.asyncDispose]: () => studio[Symbol.asyncDispose]() };
}

describe("what a provider says that a request cost", () => {
  it("[P8] is kept with the version, beside what was quoted and charged, of a failure too", async () => {
    await using at = await openTold(() => COST);
    const asset = await at.made();
    expect(asset).toMatchObject({
      status: "completed",
      currentVersion: { cost: COST },
      lastJob: { quote: 6, charged: 6 },
    });
    const { versions } = await at.studio.api.assets.history({ id: asset.id });
    expect(versions.map(({ cost }) => cost)).toEqual([COST]);
    const failed = await at.made({ fail: { code: "content_policy_output", at: 0.5, retryable: false } });
    expect(failed).toMatchObject({ status: "failed", currentVersion: { cost: COST }, lastJob: { charged: 0 } });
  });

  it("[P8] is ignored where it cannot be an amount, and the job is completed all the same", async () => {
    let told: unknown;
    await using at = await openTold(() => told);
    const nonsense = [
      undefined,
      null,
      39_120,
      "0.039",
      { usdMicros: "39120", basis: "tokens" },
      { usdMicros: -1, basis: "tokens" },
      { usdMicros: Number.NaN, basis: "tokens" },
      { usdMicros: Number.POSITIVE_INFINITY, basis: "tokens" },
      { usdMicros: 1e13, basis: "stated" },
      { usdMicros: 5, basis: "guess" },
      { usdMicros: 5 },
    ];
    for (told of nonsense) {
      const asset = await at.made();
      expect([told, asset.status, asset.currentVersion.cost]).toEqual([told, "completed", undefined]);
    }
  });
});
