import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import { sampleMedia } from "../samples.ts";
import type { AssetId, Cost } from "@reelstate/lifecycle";
import type { ClaimedJob } from "../../store/attempts.ts";
import type { OpenStore, Studio } from "../openStudio.ts";

const DAY_MS = 24 * 3_600_000;
const cost = (usdMicros: number, basis: Cost["basis"] = "tokens"): Cost => ({ usdMicros, basis });

function completing({ store }: Studio, { jobId, attempt }: ClaimedJob, told: Cost): Promise<unknown> {
  return store.complete({ jobId, attempt, media: sampleMedia(), cost: told });
}

async function costOf({ get }: Studio, assetId: AssetId): Promise<Cost | undefined> {
  return (await get(assetId)).currentVersion.cost;
}

export function costsContract(open: OpenStore): void {
  it("[P8] what a provider said that it cost is the version's, and stays with it when the job is pruned", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const job = await studio.start();
    const { assetId } = job;
    await studio.openAtProvider(job);
    expect((await studio.get(assetId)).currentVersion).not.toHaveProperty("cost");
    await completing(studio, job, cost(39_120));
    expect(await costOf(studio, assetId)).toEqual(cost(39_120));
    expect((await studio.get(assetId)).lastJob).toMatchObject({ quote: 6, charged: 6 });
    expect((await store.listAssets({ workspaceId, limit: 1 })).items[0]?.currentVersion.cost).toEqual(cost(39_120));

    studio.advanceClock(90 * DAY_MS);
    const old = durationMs(30 * DAY_MS);
    const policy = { eventsOlderThanMs: old, jobsOlderThanMs: old, keysOlderThanMs: old, binOlderThanMs: old };
    expect(await store.prune({ ...policy, limit: 100 })).toMatchObject({ jobs: 1 });
    expect((await studio.get(assetId)).lastJob).toBeNull();
    expect(await costOf(studio, assetId)).toEqual(cost(39_120));
  });

  it("[P8] all paid tries of a version count together, and those of another version do not", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const first = await studio.start();
    const { assetId } = first;
    await studio.openAtProvider(first);
    await studio.fail(first, { ends: "failed", cost: cost(500), retryable: true });
    studio.advanceClock(2_001);
    const second = await studio.claimOne();
    await studio.openAtProvider(second);
    await studio.fail(second, { ends: "failed", cost: cost(40), retryable: false });
    expect(await costOf(studio, assetId)).toEqual(cost(540));
    await studio.startJob("retry", assetId);
    const third = await studio.claimOne();
    await studio.openAtProvider(third);
    await completing(studio, third, cost(3, "stated"));
    expect(await costOf(studio, assetId)).toEqual(cost(543, "stated"));
    await studio.startJob("regenerate", assetId);
    const anew = await studio.claimOne();
    await studio.openAtProvider(anew);
    await studio.complete(anew);
    expect(await costOf(studio, assetId)).toBeUndefined();
    const versions = await store.assetVersions({ workspaceId, assetId });
    expect(versions?.map((version) => version.cost)).toEqual([undefined, cost(543, "stated")]);
  });

  it("[P8] [J9] an amount is written once: not by an attempt that is over, nor while its submission goes on", async () => {
    await using studio = await openStudio(open);
    const first = await studio.start();
    const { assetId } = first;
    await studio.openAtProvider(first);
    await studio.fail(first, { made: true, cost: cost(7), retryable: true });
    expect(await costOf(studio, assetId)).toBeUndefined();
    studio.advanceClock(2_001);
    const second = await studio.claimOne();
    expect(await completing(studio, first, cost(7))).toMatchObject({ ok: false });
    await completing(studio, second, cost(7));
    await completing(studio, second, cost(7));
    expect(await costOf(studio, assetId)).toEqual(cost(7));
  });
}
