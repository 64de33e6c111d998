import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { interruptAll } from "../../testing/protocols/comfyui/comfyuiRequest.ts";
import { CLIP_WORKFLOW, openComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import { openTestStudio } from "../../testing/openTestStudio.ts";
import type { CreateInput } from "@reelstate/api";
import type { ComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import type { TestStudio } from "../../testing/openTestStudio.ts";

const KEY = "tok-5e7c1a";
const PICTURE: Partial<CreateInput> = { model: "comfyui/text-to-image", params: {} };

const openStage = () => openComfyuiStage({ token: KEY, workflows: { "clip.json": CLIP_WORKFLOW } });

/** A studio whose one provider is ComfyUI, read more often than a real one. */
const openStudio = (stage: ComfyuiStage, folder?: string): Promise<TestStudio> =>
  openTestStudio({
    ...(folder === undefined ? {} : { folder }),
    wrapProvider: () => ({ ...stage.open(), pollMs: durationMs(20) }),
  });

const create = (studio: TestStudio, more: Partial<CreateInput> = {}) => studio.create({}, { ...PICTURE, ...more });

describe("a studio with ComfyUI", () => {
  it("[J4] [A5] [C1] makes a picture and a clip of it, for nothing, and keeps them", async () => {
    await using stage = await openStage();
    await using studio = await openStudio(stage);
    studio.startWorker();
    const picture = await studio.ended((await create(studio)).id);
    const clip = await studio.ended((await create(studio, { type: "video", model: "comfyui/clip" })).id);
    expect(picture).toMatchObject({ status: "completed", lastJob: { charged: 0 } });
    expect(picture.currentVersion.media).toMatchObject({ mime: "image/png", width: 640 });
    expect(clip).toMatchObject({
      status: "completed",
      currentVersion: { media: { mime: "video/mp4", durationMs: 1_000 } },
    });
    const kept = ["job", "submission", "event", "asset", "version"].flatMap((table) =>
      studio.rows(`SELECT * FROM ${table}`),
    );
    expect(JSON.stringify([kept, studio.lines, stage.logged])).not.toContain(KEY);
  });

  it("[P1] takes up a prompt that its predecessor left behind, and submits none", async () => {
    await using stage = await openStage();
    stage.server.hold(true);
    await using first = await openStudio(stage);
    const worker = first.startWorker();
    const { id } = await create(first);
    await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await using second = await openStudio(stage, first.folder);
    expect((await second.store.takeBackPredecessors()).lost).toBe(1);
    second.startWorker();
    stage.server.hold(false);
    expect((await second.ended(id)).status).toBe("completed");
    await worker.drain(0);
    expect(second.rows("SELECT attempt FROM job")).toEqual([{ attempt: 2 }]);
    expect([stage.asked("submit"), stage.server.runs.length]).toEqual([1, 1]);
  });

  it("[P2] goes on with a prompt whose reply was lost", async () => {
    await using stage = await openStage();
    await using studio = await openStudio(stage);
    stage.server.fault({ step: "submit", reply: "lost" });
    studio.startWorker();
    expect((await studio.ended((await create(studio)).id)).status).toBe("completed");
    expect(stage.server.runs).toHaveLength(1);
  });

  it("[J5] [J6] makes anew what ComfyUI lost in a crash, and waits for it no longer", async () => {
    await using stage = await openStage();
    await using studio = await openStudio(stage);
    studio.startWorker();
    stage.server.hold(true);
    const { id } = await create(studio);
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    stage.server.crash();
    stage.server.hold(false);
    expect((await studio.ended(id)).status).toBe("completed");
    expect(studio.rows("SELECT outcome FROM submission ORDER BY intended_at")).toEqual([
      { outcome: "failed" },
      { outcome: "succeeded" },
    ]);
  });

  it("[P3] [P6] fetches again what came cut short or as a page, without having it made again", async () => {
    await using stage = await openStage();
    await using studio = await openStudio(stage);
    stage.server.fault({ step: "view", reply: "truncated" });
    stage.server.fault({ step: "view", label: "text/html" });
    studio.startWorker();
    expect((await studio.ended((await create(studio)).id)).status).toBe("completed");
    expect([stage.asked("submit"), stage.asked("view")]).toEqual([1, 3]);
  });

  it("[J7] ends what runs when it is cancelled, and frees ComfyUI for the next", async () => {
    await using stage = await openStage();
    await using studio = await openStudio(stage);
    studio.startWorker();
    const long = await create(studio, { prompt: "dunes [slow]" });
    await studio.until(long.id, ({ liveJob }) => (liveJob?.progress.fraction ?? 0) > 0);
    await studio.api.assets.cancel({ id: long.id });
    expect((await studio.ended(long.id)).status).toBe("cancelled");
    expect((await studio.ended((await create(studio)).id)).status).toBe("completed");
  });

  it("[J5] does not begin again what somebody stopped at ComfyUI itself", async () => {
    await using stage = await openStage();
    await using studio = await openStudio(stage);
    studio.startWorker();
    const { id } = await create(studio, { prompt: "dunes [slow]" });
    await studio.until(id, ({ liveJob }) => (liveJob?.progress.fraction ?? 0) > 0);
    await interruptAll(stage, KEY);
    expect(await studio.ended(id)).toMatchObject({ status: "failed", errorCode: "provider_unavailable" });
    expect(stage.server.runs).toHaveLength(1);
  });

  it("[P6] waits for a file that is late, and makes anew, for nothing, what is not there any more", async () => {
    await using stage = await openStage();
    await using studio = await openStudio(stage);
    studio.startWorker();
    stage.server.fault({ step: "view", answer: { status: 404 } });
    expect((await studio.ended((await create(studio)).id)).status).toBe("completed");
    expect(stage.asked("submit")).toBe(1);
    stage.server.fault({ step: "view", times: 2, answer: { status: 404 } });
    expect((await studio.ended((await create(studio)).id)).status).toBe("completed");
    expect(stage.asked("submit")).toBe(3);
  });

  it("[P1] [P6] goes on with a prompt whose workflow's file was removed meanwhile", async () => {
    await using stage = await openStage();
    stage.server.hold(true);
    await using first = await openStudio(stage);
    const worker = first.startWorker();
    const { id } = await create(first, { type: "video", model: "comfyui/clip" });
    await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await worker.drain(0);
    await stage.write("clip.json", null);
    await using second = await openStudio(stage, first.folder);
    second.startWorker();
    stage.server.hold(false);
    expect(await second.ended(id)).toMatchObject({
      status: "completed",
      currentVersion: { media: { mime: "video/mp4" } },
    });
    expect(stage.asked("submit")).toBe(1);
  });
});
