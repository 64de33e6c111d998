import { expect, it } from "vitest";
import { expectRefused, openStudio } from "../openStudio.ts";
import { sampleMedia, samplePlan } from "../samples.ts";
import { credits } from "@reelstate/lifecycle";
import type { AssetId, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { OpenStore } from "../openStudio.ts";

const FINAL = { retryable: false } as const;

export function assetsContract(open: OpenStore): void {
  it("[A2] asset, version and job have one status after every step of a life", async () => {
    await using studio = await openStudio(open);
    const { assetId } = await studio.create();
    const { workspaceId, store } = studio;
    const statuses = async () => {
      const asset = await studio.get(assetId);
      const [job] = await store.listJobs({ workspaceId, limit: 1 });
      return [asset.status, asset.currentVersion.status, job?.status];
    };
    expect(await statuses()).toEqual(["pending", "pending", "pending"]);
    const job = await studio.claimOne();
    expect(await statuses()).toEqual(["processing", "processing", "processing"]);
    await studio.store.handBack({ jobId: job.jobId, attempt: 1 });
    expect(await statuses()).toEqual(["pending", "pending", "pending"]);
    await studio.fail(await studio.claimOne(), FINAL);
    expect(await statuses()).toEqual(["failed", "failed", "failed"]);
    await studio.startJob("retry", assetId);
    expect(await statuses()).toEqual(["pending", "pending", "pending"]);
    await studio.complete(await studio.claimOne());
    expect(await statuses()).toEqual(["completed", "completed", "completed"]);
  });

  it("[A3] a version made over a failed one is current at once; a retry tries the same version", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.fail(job, FINAL);
    expect(await studio.startJob("retry", job.assetId)).toMatchObject({
      ok: true,
      asset: {
        status: "pending",
        errorCode: null,
        errorMessage: null,
        currentVersion: { id: job.versionId, number: 1 },
      },
    });
    await studio.fail(await studio.claimOne(), FINAL);
    const anew = await studio.startJob("regenerate", job.assetId, {
      change: { prompt: "In the sun", params: (old) => ({ ...old, seed: 8 }) },
    });
    expect(anew).toMatchObject({
      ok: true,
      asset: {
        status: "pending",
        currentVersion: { number: 2, prompt: "In the sun", params: { aspectRatio: "16:9", seed: 8 } },
      },
    });
    expect(await studio.claimOne()).toMatchObject({ prompt: "In the sun", params: { seed: 8 } });
  });

  it("[A3] [A6] a version made over a completed one becomes current by completing and not before", async () => {
    await using studio = await openStudio(open);
    const job = await studio.made();
    expect(await studio.startJob("regenerate", job.assetId)).toMatchObject({
      ok: true,
      asset: { status: "completed", currentVersion: { id: job.versionId }, liveJob: { status: "pending" } },
    });
    const second = await studio.claimOne();
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "completed",
      currentVersion: { id: job.versionId },
      liveJob: { status: "processing" },
    });
    await studio.complete(second, { width: 512 });
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "completed",
      currentVersion: { id: second.versionId, number: 2, media: { width: 512 } },
    });
    const versions = await studio.store.assetVersions({ workspaceId: studio.workspaceId, assetId: job.assetId });
    expect(versions?.map(({ number, status }) => [number, status])).toEqual([
      [2, "completed"],
      [1, "completed"],
    ]);
  });

  it("[A6] a regeneration that fails or is cancelled leaves the old version; retry tries that version again", async () => {
    await using studio = await openStudio(open);
    const job = await studio.made();
    await studio.startJob("regenerate", job.assetId);
    const second = await studio.claimOne();
    await studio.fail(second, FINAL);
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "completed",
      errorCode: null,
      currentVersion: { id: job.versionId },
      liveJob: null,
      lastJob: { status: "failed", versionId: second.versionId, errorCode: "provider_unavailable" },
    });
    await studio.startJob("retry", job.assetId);
    await studio.cancel(job.assetId);
    expect(await studio.get(job.assetId)).toMatchObject({
      status: "completed",
      lastJob: { status: "cancelled", versionId: second.versionId },
    });
    await studio.startJob("retry", job.assetId);
    await studio.complete(await studio.claimOne());
    expect(await studio.get(job.assetId)).toMatchObject({ currentVersion: { id: second.versionId, number: 2 } });
  });

  it("[A6] a completed asset with a failed second version is regenerated from the one it shows, as number three", async () => {
    await using studio = await openStudio(open);
    const job = await studio.made();
    await studio.startJob("regenerate", job.assetId, { change: { prompt: "Worse" } });
    await studio.fail(await studio.claimOne(), FINAL);
    await studio.startJob("regenerate", job.assetId);
    const third = await studio.claimOne();
    expect(third.prompt).toBe(job.prompt);
    await studio.complete(third);
    expect(await studio.get(job.assetId)).toMatchObject({ currentVersion: { number: 3 } });
  });

  it("[C1] another price than the person was shown is refused, and a job costs what its model costs today", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.fail(job, FINAL);
    const dearer = { plan: () => samplePlan({ quote: credits(9) }) };
    const refused = expectRefused(
      await studio.startJob("retry", job.assetId, { ...dearer, expectedQuote: credits(6) }),
    );
    expect(refused).toMatchObject({ why: "quote_changed", asset: { status: "failed" } });
    expect(await studio.startJob("retry", job.assetId, { ...dearer, expectedQuote: credits(9) })).toMatchObject({
      ok: true,
    });
    expect(await studio.credit()).toMatchObject({ held: 9 });
  });

  it("[C1] what cannot be paid is not started and changes nothing; a model that is gone is refused", async () => {
    await using studio = await openStudio(open);
    const job = await studio.made();
    const before = await studio.get(job.assetId);
    const dear = { plan: () => samplePlan({ quote: credits(2_000) }) };
    expect(await studio.startJob("regenerate", job.assetId, dear)).toMatchObject({
      ok: false,
      why: "insufficient_credits",
      short: 1_006,
    });
    expect(await studio.startJob("regenerate", job.assetId, { plan: () => null })).toMatchObject({
      ok: false,
      why: "illegal",
    });
    expect(await studio.get(job.assetId)).toEqual(before);
    const { workspaceId } = studio;
    expect(await studio.store.assetVersions({ workspaceId, assetId: job.assetId })).toHaveLength(1);
  });

  it("[A5] an upload is born completed, without job or hold", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId, ids } = studio;
    const upload = {
      workspaceId,
      projectId: null,
      assetId: ids<AssetId>(),
      versionId: ids<VersionId>(),
      type: "image",
      name: "海边.png",
      media: sampleMedia(),
    } as const;
    expect(await store.addUpload(upload)).toMatchObject({
      origin: "uploaded",
      status: "completed",
      name: "海边.png",
      currentVersion: { number: 1, media: { width: 1_024 } },
      liveJob: null,
      lastJob: null,
    });
    expect(await studio.events()).toMatchObject([{ event: "upload", from: null, to: "completed" }]);
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
    await expect(
      store.addUpload({ ...upload, assetId: ids(), versionId: ids(), media: sampleMedia({ bytes: 0 }) }),
    ).rejects.toThrow("media_invalid");
    expect(await studio.startJob("regenerate", upload.assetId)).toMatchObject({ ok: false, why: "illegal" });
    expect(await studio.cancel(upload.assetId)).toMatchObject({ ok: false, why: "already_ended" });
  });

  it("[A8] a deleted asset is gone from every view, the feed tells it, and its waiting job ends with it", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const { assetId } = await studio.create();
    expect(await studio.remove(assetId)).toEqual({ ok: true, assetId });
    expect(await studio.remove(assetId)).toEqual({ ok: true, assetId });
    expect(await store.getAsset({ workspaceId, assetId })).toBeNull();
    expect((await store.listAssets({ workspaceId, limit: 5 })).items).toEqual([]);
    expect(await store.assetHistory({ workspaceId, assetId })).toBeNull();
    expect(await store.assetVersions({ workspaceId, assetId })).toBeNull();
    expect(await studio.events()).toEqual([1, 2].map((seq) => ({ kind: "removed", seq, assetId })));
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
    for (const kind of ["retry", "regenerate", "recover"] as const)
      expect(await studio.startJob(kind, assetId)).toEqual({ ok: false, why: "not_found" });
    expect(await studio.cancel(assetId)).toEqual({ ok: false, why: "not_found" });
  });

  it("[A8] the hold of a deleted asset's running job ends with the job", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.openAtProvider(job);
    await studio.remove(job.assetId);
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 6 });
    expect(await studio.store.heartbeat({ leaseMs: job.attemptDeadlineAt as never, attempts: [job] })).toMatchObject([
      { alive: true, cancelRequested: true },
    ]);
    expect(await studio.complete(job)).toMatchObject({ ok: true });
    expect(await studio.credit()).toEqual({ balance: 994, held: 0 });
    expect(await studio.store.getAsset({ workspaceId: studio.workspaceId, assetId: job.assetId })).toBeNull();
  });

  it("[A9] every change that an answer shows raises its row version by one, with one event", async () => {
    await using studio = await openStudio(open);
    const { assetId } = await studio.create();
    const versions: number[] = [];
    const seen = async () => versions.push((await studio.get(assetId)).rowVersion);
    await seen();
    const job = await studio.claimOne();
    await seen();
    await studio.fail(job);
    await seen();
    await studio.cancel(assetId);
    await seen();
    await studio.startJob("retry", assetId);
    await seen();
    expect(versions).toEqual([1, 2, 3, 4, 5]);
    expect(await studio.events()).toHaveLength(5);
  });

  it("[A8] nobody reaches the asset of another workspace", async () => {
    await using studio = await openStudio(open);
    const { store } = studio;
    const job = await studio.start();
    const stranger = { workspaceId: studio.ids<WorkspaceId>(), assetId: job.assetId };
    expect(await store.getAsset(stranger)).toBeNull();
    expect(await store.cancel(stranger)).toEqual({ ok: false, why: "not_found" });
    expect(await store.deleteAsset(stranger)).toEqual({ ok: false, why: "not_found" });
    expect(await store.assetHistory(stranger)).toBeNull();
    expect(await store.resolveInputs({ workspaceId: stranger.workspaceId, assetIds: [job.assetId] })).toEqual([
      { assetId: job.assetId, found: false, type: null, status: null },
    ]);
  });
}
