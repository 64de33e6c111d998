import { viewOf } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openCatalogue } from "../providers/openCatalogue.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { createPorts } from "./createPorts.ts";
import type { CreateInput } from "@reelstate/api";

const FOG: CreateInput = { type: "image", prompt: "fog", model: "sim/image" };
const CLIP: CreateInput = { type: "video", prompt: "fog", model: "sim/video" };
const FAIL = { fail: { code: "provider_unavailable", at: "submit" } };
const caller = { workspaceId: "default" as never };

describe("again", () => {
  it("[A7] [U6] what failed for want of its reference is made anew with another one", async () => {
    await using studio = await openTestStudio();
    const hopeless = { ...FOG, params: { script: { fail: { code: "invalid_input", at: "submit" } } } } as const;
    const [missing] = (await studio.api.assets.create(hopeless)).assets;
    const [waiting] = (await studio.api.assets.create({ ...FOG, inputs: missing === undefined ? [] : [missing.id] }))
      .assets;
    if (missing === undefined || waiting === undefined) throw new Error("Two assets were created.");
    studio.startWorker();
    const failed = await studio.ended(waiting.id);
    expect(failed.errorCode).toBe("input_not_ready");
    await expect(studio.api.assets.regenerate({ id: waiting.id })).rejects.toThrow(/reference/);
    const good = await studio.create();
    await studio.ended(good.id);
    const remade = await studio.api.assets.regenerate({ id: waiting.id, inputs: [good.id] });
    expect(remade.currentVersion.inputs.map(({ assetId }) => assetId)).toEqual([good.id]);
    expect((await studio.ended(waiting.id)).status).toBe("completed");
  });

  it("[A3] [A6] regenerating keeps what it is not told to change, and draws another seed", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const params = { aspectRatio: "1:1", seed: 7, script: { queueMs: 0, runMs: 0 } };
    const made = await studio.ended((await studio.create({}, { params })).id);
    const { id } = made;
    await studio.api.assets.regenerate({ id, params: { aspectRatio: "9:16" } });
    const second = await studio.ended(id);
    expect(second.currentVersion).toMatchObject({
      number: 2,
      prompt: "A lighthouse in fog",
      params: { aspectRatio: "9:16", resolution: "480p", script: params.script },
    });
    expect(second.currentVersion.params.seed).not.toBe(7);
    await studio.api.assets.regenerate({ id, prompt: "rain", params: { seed: 9 } });
    const third = await studio.ended(id);
    expect(third.currentVersion).toMatchObject({ number: 3, prompt: "rain", params: { aspectRatio: "9:16", seed: 9 } });
  });

  it("[C1] regenerating costs what the new version costs, and says so when another price was shown", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const script = { queueMs: 0, runMs: 0 };
    const { id } = await studio.ended((await studio.create({}, { ...CLIP, params: { durationMs: 1_000, script } })).id);
    const start = (expectedQuote: number) =>
      studio.ports.assets.start(caller, {
        kind: "regenerate",
        id,
        expectedQuote,
        change: { params: { durationMs: 3_000 } },
      });
    expect(await start(6)).toMatchObject({
      ok: false,
      why: "quote_changed",
      quote: { each: 18, total: 18 },
      asset: { id },
    });
    expect(await start(18)).toMatchObject({ ok: true, value: { liveJob: { quote: 18 } } });
  });

  it("refuses a new version that its model cannot make, by field", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const { id } = await studio.ended((await studio.create()).id);
    const start = (params: Record<string, unknown>) =>
      studio.ports.assets.start(caller, { kind: "regenerate", id, change: { params } });
    expect(await start({ aspectRatio: "5:7" })).toMatchObject({ why: "invalid_input", field: "params.aspectRatio" });
    expect(await start({ durationMs: 1_000 })).toMatchObject({ why: "invalid_input", field: "params.durationMs" });
    expect(await start({ colour: "blue" })).toMatchObject({ why: "invalid_input", field: "params.colour" });
    expect(await studio.get(id)).toMatchObject({ status: "completed", liveJob: null });
  });

  it("[C4] retrying or regenerating under one key is once", async () => {
    await using studio = await openTestStudio();
    const worker = studio.startWorker();
    const { id } = await studio.ended((await studio.create(FAIL)).id);
    await worker.drain(0);
    const retry = { id, idempotencyKey: "press-2" };
    const [first, second] = [await studio.api.assets.retry(retry), await studio.api.assets.retry(retry)];
    expect(second.liveJob?.id).toBe(first.liveJob?.id);
    expect(await studio.api.credits.summary()).toEqual({ balance: 1_000, held: 6 });
    const other = await studio.ports.assets.start(caller, { kind: "regenerate", id, idempotencyKey: "press-2" });
    expect(other).toMatchObject({ ok: false, why: "idempotency_conflict", asset: { id } });
    await studio.api.assets.cancel({ id });
    const again = { id, prompt: "rain", idempotencyKey: "press-3" };
    const [one, same] = [await studio.api.assets.regenerate(again), await studio.api.assets.regenerate(again)];
    expect(same.currentVersion.params.seed).toBe(one.currentVersion.params.seed);
    expect(same.currentVersion.number).toBe(2);
  });

  it("[C4] a new version asked for again under its key is the first one, though its reference is gone by now: it was refused as if nothing had been started", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const [reference, made] = [await studio.create(), await studio.create()];
    await Promise.all([studio.ended(reference.id), studio.ended(made.id)]);
    const again = { id: made.id, inputs: [reference.id], idempotencyKey: "press-4" };
    await studio.api.assets.regenerate(again);
    const second = await studio.ended(made.id);
    await studio.api.assets.delete({ id: reference.id });
    await expect(studio.api.assets.regenerate(again)).resolves.toEqual(second);
    const { versions } = await studio.api.assets.history({ id: made.id });
    expect(versions).toHaveLength(2);
    await expect(studio.api.assets.regenerate({ ...again, idempotencyKey: "press-5" })).rejects.toThrow(
      /no such asset/,
    );
    await studio.api.assets.delete({ id: made.id });
    await expect(studio.api.assets.regenerate(again)).rejects.toThrow(/no such asset/);
  });

  it("[J11] [J8] refuses what cannot be done now, with the asset as it is", async () => {
    await using studio = await openTestStudio();
    const { id } = await studio.create();
    const start = (kind: "retry" | "regenerate" | "recover") => studio.ports.assets.start(caller, { kind, id });
    expect(await start("retry")).toMatchObject({ why: "busy", asset: { id, status: "pending" } });
    expect(await start("regenerate")).toMatchObject({ why: "busy" });
    await studio.api.assets.cancel({ id });
    expect(await studio.ports.assets.cancel(caller, { id })).toMatchObject({
      why: "already_ended",
      asset: { status: "cancelled" },
    });
    expect(await start("recover")).toMatchObject({ ok: false, why: "not_recoverable", asset: { id } });
    await studio.api.assets.delete({ id });
    expect(await start("retry")).toMatchObject({ ok: false, why: "not_found" });
    expect(await studio.ports.assets.get(caller, id)).toMatchObject({ why: "not_found" });
    expect(await studio.ports.assets.history(caller, id)).toMatchObject({ why: "not_found" });
  });

  it("says with words that a model is no longer offered, and leaves the asset as it was", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const { id } = await studio.ended((await studio.create(FAIL)).id);
    const without = createPorts({ ...studio.commands, catalogue: openCatalogue([]) }, studio.ports.feed);
    for (const kind of ["retry", "regenerate", "recover"] as const) {
      const refusal = await without.assets.start(caller, { kind, id });
      expect(refusal).toMatchObject({
        ok: false,
        why: expect.stringMatching(/^not_/),
        message: expect.stringMatching(/sim\/image is no longer offered/),
      });
    }
    expect(await studio.get(id)).toMatchObject({ status: "failed", liveJob: null });
  });

  it("of a picture that a person brought says why there is nothing to make", async () => {
    await using studio = await openTestStudio();
    const { default: sharp } = await import("sharp");
    const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: "#246" } })
      .png()
      .toBuffer();
    const taken = await studio.takeUpload(caller, { bytes });
    if (!taken.ok) throw new Error(taken.message);
    for (const kind of ["retry", "regenerate", "recover"] as const) {
      const refusal = await studio.ports.assets.start(caller, { kind, id: taken.value.id });
      expect(refusal).toMatchObject({ ok: false, why: "not_allowed", message: expect.stringMatching(/was uploaded/) });
    }
  });

  it("[U6] when a model is gone its assets say so, and asking for it all the same is refused by name", async () => {
    await using before = await openTestStudio();
    before.startWorker();
    const { id } = await before.ended((await before.create({ fail: { code: "internal", at: "submit" } })).id);
    expect((await before.get(id)).currentVersion).not.toHaveProperty("modelGone");
    await before.close();

    await using after = await openTestStudio({
      folder: before.folder,
      wrapProvider: (simulator) => ({ ...simulator, models: simulator.models.filter(({ type }) => type === "video") }),
    });
    const asset = await after.get(id);
    expect(asset.currentVersion).toMatchObject({ model: "sim/image", modelGone: true });
    expect(viewOf(asset).actions.map(({ type }) => type)).toEqual(["delete"]);
    for (const kind of ["retry", "regenerate", "recover"] as const) {
      await expect(after.api.assets[kind]({ id })).rejects.toThrow("The model sim/image is no longer offered here.");
    }
  });
});
