import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import { sampleMedia, samplePlan } from "../samples.ts";
import type { OpenStore } from "../openStudio.ts";

const FINAL = { retryable: false } as const;

export function inputsContract(open: OpenStore): void {
  it("[A7] inputs are frozen at submit: a version made later is not the one that is used", async () => {
    await using studio = await openStudio(open);
    const input = await studio.made();
    const asset = await studio.create({ inputs: [input.assetId] });
    await studio.startJob("regenerate", input.assetId);
    const [first, second] = await studio.claim(2);
    expect(first).toMatchObject({ jobId: asset.jobId, inputs: [{ versionId: input.versionId, media: sampleMedia() }] });
    if (second !== undefined) await studio.complete(second, { width: 7 });
    expect((await studio.get(asset.assetId)).currentVersion.inputs).toEqual([
      { assetId: input.assetId, versionId: input.versionId },
    ]);
  });

  it("[A7] [J2] a job whose input is still being made waits, is not in the line, and cannot be claimed", async () => {
    await using studio = await openStudio(open);
    const input = await studio.start();
    const waiting = await studio.create({ inputs: [input.assetId] });
    expect((await studio.get(waiting.assetId)).liveJob).toMatchObject({
      status: "pending",
      phase: "waiting_inputs",
      queuePosition: null,
    });
    expect(await studio.claim()).toEqual([]);
    expect((await studio.store.liveProgress({ workspaceId: studio.workspaceId })).queue).toEqual({
      waiting: 1,
      line: [],
    });
  });

  it("[A7] [P7] a job that waits for its input holds no slot, and free slots do not make it claimable", async () => {
    await using studio = await openStudio(open);
    await studio.store.setLimits([
      { provider: "sim", slots: 3 },
      { model: "sim/image", slots: 3 },
    ]);
    const input = await studio.start();
    const waiting = await studio.create({ inputs: [input.assetId], plan: samplePlan({ priority: 9 }) });
    // Two slots are free, and nothing else wants them: still it is not claimed.
    expect(await studio.claim(5)).toEqual([]);
    const [one, two] = [await studio.create(), await studio.create()];
    const further = await studio.create();
    // Both free slots go to others: what waits has kept none of them.
    expect((await studio.claim(5)).map(({ jobId }) => jobId)).toEqual([one.jobId, two.jobId]);
    expect(await studio.claim(5)).toEqual([]);
    // Its input's end frees one, which it takes once it is in the line, before those that were there earlier.
    await studio.complete(input);
    expect((await studio.claim(5)).map(({ jobId }) => jobId)).toEqual([waiting.jobId]);
    expect((await studio.get(further.assetId)).status).toBe("pending");
  });

  it("[A7] [J10] waiting for an input uses up nothing of a job's time, which counts from its first claim", async () => {
    await using studio = await openStudio(open);
    const patient = samplePlan({ attemptTimeoutMs: durationMs(86_400_000), jobTimeoutMs: durationMs(86_400_000) });
    const input = await studio.start({ plan: patient });
    const hurried = samplePlan({ attemptTimeoutMs: durationMs(60_000), jobTimeoutMs: durationMs(30_000) });
    const waiting = await studio.create({ inputs: [input.assetId], plan: hurried });
    studio.advanceClock(3_600_000);
    await studio.store.heartbeat({ leaseMs: durationMs(600_000), attempts: [input] });
    expect(await studio.sweep()).toMatchObject({ expired: 0, lost: 0 });
    expect((await studio.get(waiting.assetId)).liveJob).toMatchObject({ phase: "waiting_inputs" });
    await studio.complete(input);
    // Nor does the line that it then stands in.
    studio.advanceClock(3_600_000);
    expect(await studio.sweep()).toMatchObject({ expired: 0 });
    expect(await studio.claimOne()).toMatchObject({ jobId: waiting.jobId, attempt: 1 });
    // Its lease is beaten for, so that only its deadline can end it.
    studio.advanceClock(14_000);
    await studio.store.heartbeat({
      leaseMs: durationMs(60_000),
      attempts: [{ jobId: waiting.jobId, attempt: 1 }],
    });
    studio.advanceClock(15_999);
    expect(await studio.sweep()).toMatchObject({ expired: 0 });
    studio.advanceClock(1);
    expect(await studio.sweep()).toMatchObject({ expired: 1, lost: 0 });
    expect(await studio.get(waiting.assetId)).toMatchObject({ status: "failed", errorCode: "timeout" });
  });

  it("[U3] [A7] what a job still waits for is told by id and name, in every answer, and only becomes less", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const [one, two] = [await studio.start({ name: "A lighthouse" }), await studio.start({ name: "A storm" })];
    const ready = await studio.made({ name: "A map" });
    const waiting = await studio.create({ inputs: [one.assetId, ready.assetId, two.assetId] });
    const waitsFor = async () => {
      const asset = await studio.get(waiting.assetId);
      const listed = (await store.listAssets({ workspaceId, limit: 9 })).items.find(({ id }) => id === asset.id);
      const told = (await studio.events()).find((item) => item.kind === "transition" && item.asset.id === asset.id);
      expect(listed).toEqual(asset);
      expect(told).toMatchObject({ asset });
      return asset.liveJob?.waitingFor;
    };
    const lighthouse = { assetId: one.assetId, name: "A lighthouse" };
    const storm = { assetId: two.assetId, name: "A storm" };
    expect(await waitsFor()).toEqual([lighthouse, storm]);
    // Tried again later, it is still to be made.
    await studio.fail(two);
    expect(await waitsFor()).toEqual([lighthouse, storm]);
    await studio.complete(one);
    expect(await waitsFor()).toEqual([storm]);
    studio.advanceClock(2_000);
    await studio.complete(await studio.claimOne());
    expect(await waitsFor()).toEqual([]);
    expect((await studio.get(waiting.assetId)).liveJob).toMatchObject({ phase: "queued" });
  });

  it("[A7] the end of the last input releases it, in the same transaction", async () => {
    await using studio = await openStudio(open);
    const [one, two] = [await studio.start(), await studio.start()];
    const waiting = await studio.create({ inputs: [one.assetId, two.assetId] });
    await studio.complete(one);
    expect((await studio.get(waiting.assetId)).liveJob).toMatchObject({ phase: "waiting_inputs" });
    const wakes: boolean[] = [];
    studio.store.onWake(({ work }) => void wakes.push(work));
    await studio.complete(two);
    expect((await studio.get(waiting.assetId)).liveJob).toMatchObject({ phase: "queued", queuePosition: 1 });
    expect(wakes).toContain(true);
    expect(await studio.claimOne()).toMatchObject({
      jobId: waiting.jobId,
      inputs: [{ versionId: one.versionId }, { versionId: two.versionId }],
    });
    expect((await studio.events()).at(-2)).toMatchObject({ event: "ready", asset: { id: waiting.assetId } });
  });

  it.each(["fails", "is cancelled", "is deleted", "is lost for good"])(
    "[A7] an input that %s fails what waited for it as input_not_ready, down the whole chain",
    async (end) => {
      await using studio = await openStudio(open);
      const input = await studio.create();
      const waiting = await studio.create({ inputs: [input.assetId] });
      const further = await studio.create({ inputs: [waiting.assetId] });
      if (end === "is cancelled") await studio.cancel(input.assetId);
      else if (end === "is deleted") await studio.remove(input.assetId);
      else if (end === "fails") await studio.fail(await studio.claimOne(), FINAL);
      else {
        for (let time = 0; time < 2; time += 1) {
          await studio.claimOne();
          await studio.loseAll();
        }
      }
      for (const { assetId } of [waiting, further]) {
        const asset = await studio.get(assetId);
        expect(asset).toMatchObject({ status: "failed", errorCode: "input_not_ready", lastJob: { charged: 0 } });
        expect(asset.errorMessage).not.toBe("");
      }
      expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
    },
  );

  it("[A7] an input that is not there, or was not made, is refused before anything is created", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const failed = await studio.start();
    await studio.fail(failed, FINAL);
    const deleted = await studio.made();
    await studio.remove(deleted.assetId);
    const create = (input: typeof failed.assetId) =>
      store.createAssets({
        workspaceId,
        projectId: null,
        idempotency: null,
        assets: [studio.newAsset(), studio.newAsset({ inputs: [input] })],
      });
    expect(await create(studio.ids())).toEqual({ ok: false, why: "input_not_found" });
    expect(await create(deleted.assetId)).toEqual({ ok: false, why: "input_not_found" });
    expect(await create(failed.assetId)).toEqual({ ok: false, why: "input_failed" });
    expect((await store.listAssets({ workspaceId, limit: 9 })).items).toHaveLength(1);
    expect(await studio.credit()).toEqual({ balance: 994, held: 0 });
  });

  it("[A7] cancelling a waiting job leaves its input alone, and its input's end leaves it alone", async () => {
    await using studio = await openStudio(open);
    const input = await studio.start();
    const waiting = await studio.create({ inputs: [input.assetId] });
    await studio.cancel(waiting.assetId);
    await studio.complete(input);
    expect(await studio.get(waiting.assetId)).toMatchObject({ status: "cancelled" });
    expect(await studio.startJob("retry", waiting.assetId)).toMatchObject({
      ok: true,
      asset: { liveJob: { phase: "queued" } },
    });
  });

  it("[A7] a retry waits for the same frozen inputs, and is refused when one was not made", async () => {
    await using studio = await openStudio(open);
    const input = await studio.start();
    const waiting = await studio.create({ inputs: [input.assetId] });
    await studio.fail(input, FINAL);
    expect(await studio.startJob("retry", waiting.assetId)).toMatchObject({
      ok: false,
      why: "input_failed",
      asset: { status: "failed" },
    });
    await studio.startJob("retry", input.assetId);
    expect(await studio.startJob("retry", waiting.assetId)).toMatchObject({
      ok: true,
      asset: { liveJob: { phase: "waiting_inputs" } },
    });
    await studio.complete(await studio.claimOne());
    expect(await studio.claimOne()).toMatchObject({
      versionId: waiting.versionId,
      inputs: [{ versionId: input.versionId }],
    });
  });

  it("[A7] inputs are resolved to what they are now", async () => {
    await using studio = await openStudio(open);
    const made = await studio.made();
    const pending = await studio.create();
    const gone = studio.ids<typeof made.assetId>();
    const { workspaceId } = studio;
    expect(await studio.store.resolveInputs({ workspaceId, assetIds: [gone, pending.assetId, made.assetId] })).toEqual([
      { assetId: gone, found: false, type: null, status: null },
      { assetId: pending.assetId, found: true, type: "image", status: "pending" },
      { assetId: made.assetId, found: true, type: "image", status: "completed" },
    ]);
    expect(await studio.store.resolveInputs({ workspaceId, assetIds: [] })).toEqual([]);
  });
}
