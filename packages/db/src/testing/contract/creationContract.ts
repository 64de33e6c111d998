import { credits } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { expectRefused, openStudio } from "../openStudio.ts";
import { samplePlan } from "../samples.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { OpenStore } from "../openStudio.ts";

export function creationContract(open: OpenStore): void {
  it("[A1] asset, version, job, hold and event are there at once, pending and queued", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId, projectId } = studio;
    const asset = studio.newAsset();
    const outcome = await store.createAssets({ workspaceId, projectId, idempotency: null, assets: [asset] });
    expect(outcome).toMatchObject({
      ok: true,
      assets: [
        {
          id: asset.assetId,
          projectId,
          status: "pending",
          origin: "generated",
          rowVersion: 1,
          currentVersion: {
            id: asset.versionId,
            number: 1,
            status: "pending",
            prompt: asset.prompt,
            params: asset.params,
            media: null,
          },
          liveJob: {
            id: asset.jobId,
            status: "pending",
            phase: "queued",
            attempt: 0,
            failures: 0,
            quote: 6,
            queuePosition: 1,
          },
          lastJob: null,
        },
      ],
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 6 });
    expect(await studio.events()).toMatchObject([
      { kind: "transition", seq: 1, event: "create", from: null, to: "pending" },
    ]);
    expect(await store.creditEntries({ workspaceId, limit: 10 })).toMatchObject([
      { kind: "hold", balance: 0, held: 6, jobId: asset.jobId, assetId: asset.assetId, assetName: asset.name },
      { kind: "grant", balance: 1_000, held: 0, jobId: null },
    ]);
  });

  it("[C1] what cannot be paid is not created, and says how much is missing", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const dear = studio.newAsset({ plan: samplePlan({ quote: credits(1_001) }) });
    const refused = expectRefused(
      await store.createAssets({ workspaceId, projectId: null, idempotency: null, assets: [dear] }),
    );
    expect(refused).toEqual({ ok: false, why: "insufficient_credits", short: 1 });
    expect(await store.getAsset({ workspaceId, assetId: dear.assetId })).toBeNull();
    expect(await studio.events()).toEqual([]);
  });

  it("[A1] [C1] all the assets of a request are created or none of them", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const half = samplePlan({ quote: credits(400) });
    const assets = [1, 2, 3].map(() => studio.newAsset({ plan: half }));
    expect(await store.createAssets({ workspaceId, projectId: null, idempotency: null, assets })).toMatchObject({
      ok: false,
      why: "insufficient_credits",
      short: 200,
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
    expect((await store.listAssets({ workspaceId, limit: 10 })).items).toEqual([]);
    expect((await store.feedHead({ workspaceId })).seq).toBe(0);
    const two = await store.createAssets({
      workspaceId,
      projectId: null,
      idempotency: null,
      assets: assets.slice(0, 2),
    });
    expect(two).toMatchObject({ ok: true, assets: assets.slice(0, 2).map(({ assetId }) => ({ id: assetId })) });
  });

  it("[C1] [C3] of fifty creates at once for the last credits exactly as many are made as can be paid", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    await studio.create({ plan: samplePlan({ quote: credits(900) }) });
    const plan = samplePlan({ quote: credits(7) });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () =>
        store.createAssets({ workspaceId, projectId: null, idempotency: null, assets: [studio.newAsset({ plan })] }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(14);
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.why === "insufficient_credits")).toHaveLength(36);
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 998 });
  });

  it("[C3] what costs nothing leaves no line in the ledger", async () => {
    await using studio = await openStudio(open);
    await studio.made({ plan: samplePlan({ quote: credits(0) }) });
    expect(await studio.store.creditEntries({ workspaceId: studio.workspaceId, limit: 10 })).toHaveLength(1);
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[C2] a hold ends captured with a completed job and released with a failed or cancelled one", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    await studio.made();
    await studio.fail(await studio.start(), { retryable: false });
    await studio.cancel((await studio.create()).assetId);
    expect(await studio.credit()).toEqual({ balance: 994, held: 0 });
    const kinds = (await store.creditEntries({ workspaceId, limit: 20 })).map(({ kind, balance, held }) => [
      kind,
      balance,
      held,
    ]);
    expect(kinds).toEqual([
      ["release", 0, -6],
      ["hold", 0, 6],
      ["release", 0, -6],
      ["hold", 0, 6],
      ["capture", -6, -6],
      ["hold", 0, 6],
      ["grant", 1_000, 0],
    ]);
    const [newest, second] = await store.creditEntries({ workspaceId, limit: 2 });
    expect(await store.creditEntries({ workspaceId, limit: 1, before: newest?.id ?? 0 })).toEqual([second]);
  });

  it("[C4] the same key gives the same answer with one hold, another body is a conflict", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const request = (bodyHash: string) => ({
      workspaceId,
      projectId: null,
      idempotency: { key: "press-1", bodyHash },
      assets: [studio.newAsset()],
    });
    const first = await store.createAssets(request("a"));
    expect(first.ok).toBe(true);
    expect(await store.createAssets(request("a"))).toEqual(first);
    expect(await store.createAssets(request("b"))).toEqual({ ok: false, why: "idempotency_conflict" });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 6 });
  });

  it("[C4] doubles at the same moment are one creation", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        store.createAssets({
          workspaceId,
          projectId: null,
          idempotency: { key: "press-1", bodyHash: "a" },
          assets: [studio.newAsset()],
        }),
      ),
    );
    expect(new Set(answers.map((answer) => (answer.ok ? answer.assets[0]?.id : answer.why))).size).toBe(1);
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 6 });
  });

  it("[C4] a refusal does not use the key up, and a key is forgotten after a day", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId } = studio;
    const ask = (quote: number) =>
      store.createAssets({
        workspaceId,
        projectId: null,
        idempotency: { key: "press-1", bodyHash: "a" },
        assets: [studio.newAsset({ plan: samplePlan({ quote: credits(quote) }) })],
      });
    expect(await ask(2_000)).toMatchObject({ ok: false, why: "insufficient_credits" });
    const first = await ask(6);
    studio.advanceClock(24 * 3_600_000 - 1);
    expect(await ask(6)).toEqual(first);
    studio.advanceClock(2);
    const second = await ask(6);
    expect([first.ok, second.ok]).toEqual([true, true]);
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 12 });
  });

  it("[C4] [J11] a doubled retry is one job and one hold; without a key the second finds it busy", async () => {
    await using studio = await openStudio(open);
    const job = await studio.start();
    await studio.fail(job, { retryable: false });
    const idempotency = { key: "retry-1", bodyHash: "r" };
    const answers = await Promise.all([1, 2, 3].map(() => studio.startJob("retry", job.assetId, { idempotency })));
    expect(answers.map((answer) => answer.ok && answer.asset.liveJob?.id)).toEqual(
      Array.from({ length: 3 }, () => (answers[0]?.ok ? answers[0].asset.liveJob?.id : "")),
    );
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 6 });
    const refused = expectRefused(await studio.startJob("retry", job.assetId));
    expect(refused).toMatchObject({ why: "busy", asset: { id: job.assetId, status: "pending" } });
    expect(
      await studio.startJob("retry", job.assetId, { idempotency: { ...idempotency, bodyHash: "x" } }),
    ).toMatchObject({
      ok: false,
      why: "idempotency_conflict",
    });
  });

  it("[A1] a project of another workspace is not found", async () => {
    await using studio = await openStudio(open);
    const { store, ids } = studio;
    const other = ids<WorkspaceId>();
    await store.ensureWorkspace({
      workspaceId: other,
      name: "Other",
      project: { id: ids<ProjectId>(), name: "P" },
      grant: credits(5),
    });
    const request = { workspaceId: other, projectId: studio.projectId, idempotency: null, assets: [studio.newAsset()] };
    expect(await store.createAssets(request)).toEqual({ ok: false, why: "not_found" });
  });

  it("[C3] a workspace is made once: opening the studio again grants nothing more", async () => {
    await using studio = await openStudio(open);
    const { store, workspaceId, projectId } = studio;
    await store.ensureWorkspace({
      workspaceId,
      name: "Again",
      project: { id: projectId, name: "Again" },
      grant: credits(500),
    });
    expect(await studio.credit()).toEqual({ balance: 1_000, held: 0 });
    expect(await store.listProjects({ workspaceId })).toMatchObject([{ id: projectId, name: "First" }]);
  });
}
