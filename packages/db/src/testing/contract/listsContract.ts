import { credits } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import { samplePlan } from "../samples.ts";
import type { ProjectId } from "@reelstate/lifecycle";
import type { ListAssets } from "../../store/views.ts";
import type { OpenStore } from "../openStudio.ts";

export function listsContract(open: OpenStore): void {
  it("[E3] a list has rows and feed position from one moment, newest first", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const made = [await studio.create(), await studio.create()];
    const page = await store.listAssets({ workspaceId, limit: 10 });
    expect(page.items.map(({ id }) => id)).toEqual(made.map(({ assetId }) => assetId).toReversed());
    expect(page).toMatchObject({ seq: 2, nextCursor: null, feedId: (await store.feedHead({ workspaceId })).feedId });
    expect(page.items[0]).toEqual(await studio.get(page.items[0]?.id ?? studio.ids()));
  });

  it("[E3] pages follow each other without gap or double, whatever is created or deleted in between", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const made = [];
    for (let n = 0; n < 7; n += 1) made.push((await studio.create()).assetId);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof store.listAssets>> = await store.listAssets({
        workspaceId,
        limit: 3,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      await studio.create();
      if (cursor !== null) await studio.remove(cursor as (typeof made)[number]);
    } while (cursor !== null);
    expect(seen).toEqual(made.toReversed());
  });

  it("[U1] lists are filtered by project, status and type", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId, ids } = studio;
    const project = await store.createProject({ workspaceId, id: ids<ProjectId>(), name: "Second" });
    const elsewhere = studio.newAsset();
    await store.createAssets({ workspaceId, projectId: project.id, idempotency: null, assets: [elsewhere] });
    const made = await studio.made({ plan: samplePlan({ priority: 1 }) });
    const video = await studio.create({ type: "video", plan: samplePlan({ model: "sim/video" }) });
    const found = async (change: Partial<ListAssets>) =>
      (await store.listAssets({ workspaceId, limit: 10, ...change })).items.map(({ id }) => id);
    expect(await found({ projectId: project.id })).toEqual([elsewhere.assetId]);
    expect(await found({ status: "completed" })).toEqual([made.assetId]);
    expect(await found({ status: "pending" })).toEqual([video.assetId, elsewhere.assetId]);
    expect(await found({ type: "video" })).toEqual([video.assetId]);
    expect(await found({ type: "image", status: "failed" })).toEqual([]);
    expect((await store.listProjects({ workspaceId })).map(({ name }) => name)).toEqual(["First", "Second"]);
  });

  it("[U1] words are looked for in names and prompts, as they are: %, _ and \\ are letters, Chinese too", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const percent = await studio.create({ name: "100% wool_coat", prompt: "a shop" });
    const chinese = await studio.create({ name: "海边的灯塔", prompt: "黄昏，雾" });
    const slash = await studio.create({ name: "Back\\slash", prompt: "100 woolen coats" });
    const found = async (search: string) =>
      (await store.listAssets({ workspaceId, limit: 10, search })).items.map(({ id }) => id);
    expect(await found("%")).toEqual([percent.assetId]);
    expect(await found("wool_")).toEqual([percent.assetId]);
    expect(await found("\\")).toEqual([slash.assetId]);
    expect(await found("灯塔")).toEqual([chinese.assetId]);
    expect(await found("灯塔 黄昏")).toEqual([chinese.assetId]);
    expect(await found("WOOL 100")).toEqual([slash.assetId, percent.assetId]);
    expect(await found("wool 灯塔")).toEqual([]);
    expect(await found("  ")).toHaveLength(3);
    expect(await found("' OR 1=1 --")).toEqual([]);
  });

  it("[J1] jobs are listed newest first, by status when asked", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const failed = await studio.start();
    await studio.fail(failed, { retryable: false });
    const waiting = await studio.create({ plan: samplePlan({ quote: credits(8) }) });
    expect(await store.listJobs({ workspaceId, limit: 5 })).toMatchObject([
      {
        id: waiting.jobId,
        status: "pending",
        phase: "queued",
        attempt: 0,
        quote: 8,
        assetName: waiting.name,
        endedAt: null,
      },
      {
        id: failed.jobId,
        assetId: failed.assetId,
        status: "failed",
        phase: null,
        errorCode: "provider_unavailable",
        failures: 1,
      },
    ]);
    expect(await store.listJobs({ workspaceId, status: "failed", limit: 5 })).toMatchObject([{ id: failed.jobId }]);
    expect(await store.listJobs({ workspaceId, limit: 1 })).toHaveLength(1);
  });

  it("[E1] an asset's history is every transition it made, oldest first", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const job = await studio.start();
    await studio.create();
    await studio.fail(job);
    await studio.cancel(job.assetId);
    const history = await store.assetHistory({ workspaceId, assetId: job.assetId });
    expect(
      history?.map(({ seq, event, from, to, jobTo, attempt, code }) => [seq, event, from, to, jobTo, attempt, code]),
    ).toEqual([
      [1, "create", null, "pending", "pending", 0, null],
      [2, "claim", "pending", "processing", "processing", 1, null],
      [4, "fail", "processing", "pending", "pending", 1, "provider_unavailable"],
      [5, "cancel", "pending", "cancelled", "cancelled", 1, null],
    ]);
  });
}
