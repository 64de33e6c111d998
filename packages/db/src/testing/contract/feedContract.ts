import { credits } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { Wake } from "../../store/feed.ts";
import type { OpenStore } from "../openStudio.ts";

export function feedContract(open: OpenStore): void {
  it("[E1] events are numbered densely within their workspace, also when many write at once", async () => {
    await using studio = await openStudio(open);
    const { store, ids } = studio;
    const other = ids<WorkspaceId>();
    await store.ensureWorkspace({
      workspaceId: other,
      name: "Other",
      project: { id: ids<ProjectId>(), name: "P" },
      grant: credits(500),
    });
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => studio.create({}, n % 2 === 0 ? studio.workspaceId : other)),
    );
    const jobs = await studio.claim(40);
    await Promise.all(jobs.map((job, n) => (n % 3 === 0 ? studio.fail(job) : studio.complete(job))));
    for (const workspaceId of [studio.workspaceId, other]) {
      const page = await store.readFeed({ workspaceId, after: 0, feedId: null, limit: 1_000 });
      expect(page.items.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
      expect(page.seq).toBe(60);
    }
  });

  it("[E1] one command writes one event, and a refused one writes none", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.fail({ ...job, attempt: 7 });
    await studio.complete(job, { bytes: 0 });
    await studio.startJob("retry", job.assetId);
    expect(await studio.events()).toHaveLength(2);
    await studio.complete(job);
    await studio.complete(job);
    await studio.cancel(job.assetId);
    expect(
      (await studio.events()).map((item) => item.kind === "transition" && [item.event, item.from, item.to]),
    ).toEqual([
      ["create", null, "pending"],
      ["claim", "pending", "processing"],
      ["complete", "processing", "completed"],
    ]);
  });

  it("[E2] the feed is read in pages from any position, each event with its asset as it is now and the credits", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const job = await studio.made();
    await studio.create();
    const page = await store.readFeed({ workspaceId, after: 0, feedId: null, limit: 3 });
    expect(page).toMatchObject({ seq: 4, resumable: true, credits: { balance: 994, held: 6 } });
    const now = await studio.get(job.assetId);
    expect(page.items.map((item) => item.kind === "transition" && item.asset)).toEqual([now, now, now]);
    const rest = await store.readFeed({ workspaceId, after: 3, feedId: page.feedId, limit: 3 });
    expect(rest.items).toMatchObject([{ seq: 4, event: "create" }]);
    expect(await store.readFeed({ workspaceId, after: 4, feedId: page.feedId, limit: 3 })).toMatchObject({
      resumable: true,
      items: [],
    });
    expect(await store.feedHead({ workspaceId })).toEqual({ seq: 4, feedId: page.feedId });
  });

  it("[E2] a mark changes with every event and every step of progress, and of nobody else's", async () => {
    await using studio = await openStudio(open);
    const { store, ids, workspaceId } = studio;
    const other = ids<WorkspaceId>();
    const project = { id: ids<ProjectId>(), name: "P" };
    await store.ensureWorkspace({ workspaceId: other, name: "Other", project, grant: credits(500) });
    const marks = async () => (await store.feedMarks({ workspaceIds: [workspaceId, other, ids()] })).marks;
    const others = { workspaceId: other, seq: 0, progressAt: null };
    expect(await marks()).toEqual(expect.arrayContaining([{ workspaceId, seq: 0, progressAt: null }, others]));
    const job = await studio.start();
    const seen = [await marks()];
    for (const fraction of [0.25, 0.5]) {
      studio.advanceClock(10);
      await store.progress({ jobId: job.jobId, attempt: 1, phase: "at_provider", fraction });
      seen.push(await marks());
    }
    await studio.complete(job);
    seen.push(await marks());
    const ours = seen.map((all) => all.find((mark) => mark.workspaceId === workspaceId));
    expect(ours.map((mark) => mark?.seq)).toEqual([2, 2, 2, 3]);
    expect(new Set(ours.map((mark) => JSON.stringify(mark))).size).toBe(4);
    expect(ours.at(-1)).toEqual({ workspaceId, seq: 3, progressAt: null });
    for (const all of seen) expect(all).toHaveLength(2);
    for (const all of seen) expect(all).toContainEqual(others);
    const { feedId } = await store.feedMarks({ workspaceIds: [] });
    expect(feedId).toBe((await store.feedHead({ workspaceId })).feedId);
  });

  it("[E3] a position ahead of the head, or of a feed nobody knows, is not resumable", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    await studio.create();
    const { feedId } = await store.feedHead({ workspaceId });
    expect(await store.readFeed({ workspaceId, after: 2, feedId, limit: 9 })).toMatchObject({
      resumable: false,
      items: [],
      seq: 1,
    });
    expect(await store.readFeed({ workspaceId, after: 1, feedId: "another-database", limit: 9 })).toMatchObject({
      resumable: false,
    });
    expect(await store.readFeed({ workspaceId, after: 1, feedId, limit: 9 })).toMatchObject({ resumable: true });
    expect(await store.readFeed({ workspaceId, after: 1, feedId: null, limit: 9 })).toMatchObject({ resumable: true });
  });

  it("[E3] a pruned position is not resumable, the one right after is", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    await studio.made();
    studio.advanceClock(10_000);
    await studio.create();
    const longAgo = 1_000 * 86_400_000;
    await store.prune({
      eventsOlderThanMs: 5_000,
      jobsOlderThanMs: longAgo,
      keysOlderThanMs: longAgo,
      binOlderThanMs: longAgo,
      limit: 1_000,
    } as never);
    const at = (after: number) => store.readFeed({ workspaceId, after, feedId: null, limit: 9 });
    expect(await at(2)).toMatchObject({ resumable: false, items: [] });
    expect(await at(3)).toMatchObject({ resumable: true, items: [{ seq: 4 }], seq: 4 });
  });

  it("[E5] a removal is told in place of every event of the asset", async () => {
    await using studio = await openStudio(open);
    const job = await studio.made();
    const kept = await studio.create();
    await studio.remove(job.assetId);
    expect(await studio.events()).toMatchObject([
      { kind: "removed", seq: 1 },
      { kind: "removed", seq: 2 },
      { kind: "removed", seq: 3 },
      { kind: "transition", seq: 4, asset: { id: kept.assetId } },
      { kind: "removed", seq: 5, assetId: job.assetId },
    ]);
  });

  it("[E2] wakes tell of feed and work after the commit, and stop when asked to", async () => {
    await using studio = await openStudio(open);
    const wakes: Wake[] = [];
    const seen: Promise<number>[] = [];
    const stop = studio.store.onWake((wake) => {
      wakes.push(wake);
      seen.push(studio.store.feedHead({ workspaceId: studio.workspaceId }).then(({ seq }) => seq));
    });
    const job = await studio.start();
    expect(wakes).toContainEqual({ feed: true, work: true });
    await studio.store.heartbeat({ leaseMs: job.leaseUntil as never, attempts: [job] });
    expect(wakes).toEqual([
      { feed: true, work: true },
      { feed: true, work: false },
    ]);
    expect(await Promise.all(seen)).toEqual([1, 2]);
    stop();
    await studio.complete(job);
    expect(wakes).toHaveLength(2);
  });
}
