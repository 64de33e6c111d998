import { viewOf } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { TestStudio } from "../testing/openTestStudio.ts";
import type { Provider } from "../providers/Provider.ts";

const withoutImages = (simulator: Provider): Provider => ({
  ...simulator,
  models: simulator.models.filter(({ type }) => type === "video"),
});
const renamed = (simulator: Provider): Provider => ({ ...withoutImages(simulator), name: "another" });

/** A studio that was stopped while the provider was making one thing and another stood in line. */
async function stoppedStudio(script: Record<string, unknown>) {
  const studio = await openTestStudio();
  const worker = studio.startWorker();
  const { id } = await studio.create(script);
  await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
  await worker.drain(0);
  const inLine = await studio.create();
  const { folder } = studio;
  await studio.close();
  return { folder, id, inLine: inLine.id, [Symbol.asyncDispose]: () => studio[Symbol.asyncDispose]() };
}

/** What a card says of its place, as answered and in what is told to open pages. */
async function placeOf(studio: TestStudio, id: string) {
  const asset = await studio.get(id as never);
  const { queue } = await studio.store.liveProgress({ workspaceId: "default" as never });
  return [asset.liveJob?.queuePosition, viewOf(asset).overlay?.queue, queue.line];
}

describe("a job whose model is no longer offered", () => {
  it("[P1] [P6] [U3] is followed to its end while its provider is here, has no place in line, and is paid for once", async () => {
    await using before = await stoppedStudio({ runMs: 300 });
    await using after = await openTestStudio({ folder: before.folder, wrapProvider: withoutImages });
    expect(await placeOf(after, before.id)).toEqual([null, null, []]);
    after.startSweeper();
    await after.ended(before.inLine);
    expect(await after.get(before.id)).toMatchObject({ status: "pending", currentVersion: { modelGone: true } });
    after.startWorker();
    expect(await after.ended(before.id)).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
    expect(await after.get(before.inLine)).toMatchObject({ status: "failed", errorCode: "invalid_input" });
    expect(after.testimony(["submit"])).toHaveLength(1);
  });

  it("[J7] is cancelled at its provider by whoever has that", async () => {
    await using before = await stoppedStudio({ hang: true });
    await using after = await openTestStudio({ folder: before.folder, wrapProvider: withoutImages });
    after.startWorker();
    await after.api.assets.cancel({ id: before.id });
    expect(await after.ended(before.id)).toMatchObject({ status: "cancelled", lastJob: { charged: 0 } });
    expect(after.testimony(["cancel"])).toHaveLength(1);
  });

  it("[P6] fails at the next sweep where its provider is gone too, and is recovered when that is back", async () => {
    await using before = await stoppedStudio({ runMs: 300 });
    await using without = await openTestStudio({ folder: before.folder, wrapProvider: renamed });
    without.startWorker();
    without.startSweeper();
    const failed = await without.ended(before.id);
    expect(failed).toMatchObject({
      status: "failed",
      errorCode: "provider_unavailable",
      lastJob: { recoverable: true, charged: 0 },
    });
    expect(failed.errorMessage).toMatch(/simulator.* is no longer connected here/);
    await without.close();

    await using back = await openTestStudio({ folder: before.folder });
    back.startWorker();
    await back.api.assets.recover({ id: before.id });
    expect(await back.ended(before.id)).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
    expect(back.testimony(["submit"])).toHaveLength(1);
  });
});
