import { describe, expect, it } from "vitest";
import { openCatalogue } from "../providers/openCatalogue.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { createPorts } from "./createPorts.ts";
import type { CreateInput } from "@reelstate/api";
import type { AssetId, ProjectId } from "@reelstate/lifecycle";
import type { TestStudio } from "../testing/openTestStudio.ts";

const FOG: CreateInput = { type: "image", prompt: "fog", model: "sim/image" };
const CLIP: CreateInput = { type: "video", prompt: "fog", model: "sim/video" };
const caller = { workspaceId: "default" as never };

const refusalOf = (studio: TestStudio, input: CreateInput) => studio.ports.assets.create(caller, input);

describe("a quote", () => {
  it.each([
    [FOG, 6, 6],
    [{ ...FOG, count: 8 }, 6, 48],
    [CLIP, 24, 24],
    [{ ...CLIP, params: { durationMs: 1_000 } }, 6, 6],
    [{ ...CLIP, params: { durationMs: 1_001 }, count: 2 }, 7, 14],
    [{ ...CLIP, params: { durationMs: 15_000 } }, 90, 90],
  ] as const)("[C1] of %j is %i each and %i in all, and is what is then held", async (input, each, total) => {
    await using studio = await openTestStudio();
    expect(await studio.api.assets.quote(input)).toEqual({ each, total });
    const { assets } = await studio.api.assets.create({ ...input, expectedQuote: total });
    expect(assets.map((asset) => asset.liveJob?.quote)).toEqual(Array(input.count ?? 1).fill(each));
    expect(await studio.api.credits.summary()).toEqual({ balance: 1_000, held: total });
  });

  it("[C1] that has changed since it was shown is refused with today's, and nothing is created", async () => {
    await using studio = await openTestStudio();
    const refusal = await refusalOf(studio, { ...FOG, count: 2, expectedQuote: 11 });
    expect(refusal).toMatchObject({ ok: false, why: "quote_changed", quote: { each: 6, total: 12 } });
    expect(studio.rows("SELECT id FROM asset")).toEqual([]);
  });

  it("[C1] that cannot be paid is refused with what is missing, for all assets of the request or none", async () => {
    await using studio = await openTestStudio({ grant: 20 });
    const refusal = await refusalOf(studio, { ...FOG, count: 4 });
    expect(refusal).toMatchObject({ ok: false, why: "insufficient_credits", short: 4 });
    expect(refusal).toMatchObject({ message: "There are not enough credits: 4 more are needed." });
    expect(studio.rows("SELECT id FROM asset")).toEqual([]);
    expect(await studio.api.credits.summary()).toEqual({ balance: 20, held: 0 });
    await studio.api.assets.create({ ...FOG, count: 3 });
    expect(await refusalOf(studio, FOG)).toMatchObject({ why: "insufficient_credits", short: 4 });
  });
});

describe("what is created", () => {
  it("[A1] is there at once, pending, with its job, hold and event, in the first project", async () => {
    await using studio = await openTestStudio();
    const { assets } = await studio.api.assets.create({ ...FOG, count: 2 });
    expect(assets).toMatchObject(
      [1, 2].map(() => ({ status: "pending", projectId: "default", liveJob: { phase: "queued" } })),
    );
    expect(studio.rows("SELECT seq, event FROM event")).toEqual([
      { seq: 1, event: "create" },
      { seq: 2, event: "create" },
    ]);
    expect(studio.rows("SELECT kind, held FROM credit_entry WHERE kind = 'hold'")).toHaveLength(2);
  });

  it("has every default of its model filled in, so that it can be made again alike", async () => {
    await using studio = await openTestStudio();
    const [still] = (await studio.api.assets.create(FOG)).assets;
    expect(still?.currentVersion.params).toEqual({ aspectRatio: "16:9", resolution: "480p", seed: expect.any(Number) });
    const [clip] = (await studio.api.assets.create(CLIP)).assets;
    expect(clip?.currentVersion.params).toMatchObject({ aspectRatio: "16:9", durationMs: 4_000 });
    const given = { aspectRatio: "9:16", durationMs: 2_500, seed: 7, resolution: "480p" };
    const [own] = (await studio.api.assets.create({ ...CLIP, params: given })).assets;
    expect(own?.currentVersion.params).toEqual(given);
  });

  it("takes the first model of its type when none is named", async () => {
    await using studio = await openTestStudio();
    const [clip] = (await studio.api.assets.create({ type: "video", prompt: "fog" })).assets;
    expect(clip?.currentVersion.model).toBe("sim/video");
  });

  it("has a seed of its own for each asset, counted on from the one that was given", async () => {
    await using studio = await openTestStudio();
    const seeds = async (input: CreateInput) =>
      (await studio.api.assets.create({ ...input, count: 3 })).assets.map(
        ({ currentVersion }) => currentVersion.params.seed,
      );
    expect(await seeds({ ...FOG, params: { seed: 7 } })).toEqual([7, 8, 9]);
    expect(await seeds({ ...FOG, params: { seed: 4_294_967_295 } })).toEqual([4_294_967_295, 0, 1]);
    expect(new Set([...(await seeds(FOG)), ...(await seeds(FOG))]).size).toBe(6);
  });

  it.each([
    ["A lighthouse in fog", "A lighthouse in fog"],
    ["  Fog \n over\tthe  bay ", "Fog over the bay"],
    [
      "A slow dolly across a foggy harbour at dawn while the fishing boats leave one by one",
      "A slow dolly across a foggy harbour at dawn while the…",
    ],
    ["黄昏的灯塔", "黄昏的灯塔"],
    ["雾".repeat(80), `${"雾".repeat(60)}…`],
    ["👩‍👩‍👧".repeat(70), `${"👩‍👩‍👧".repeat(60)}…`],
    ["x".repeat(200), `${"x".repeat(60)}…`],
  ])("is called by its prompt: %j", async (prompt, name) => {
    await using studio = await openTestStudio();
    const [asset] = (await studio.api.assets.create({ ...FOG, prompt })).assets;
    expect(asset?.name).toBe(name);
  });

  it("is called as the person says", async () => {
    await using studio = await openTestStudio();
    const [asset] = (await studio.api.assets.create({ ...FOG, name: "开场 🎬" })).assets;
    expect(asset?.name).toBe("开场 🎬");
  });

  it("goes into the project that is named", async () => {
    await using studio = await openTestStudio();
    const project = await studio.api.projects.create({ name: "Trailer" });
    const [asset] = (await studio.api.assets.create({ ...FOG, projectId: project.id })).assets;
    expect(asset?.projectId).toBe(project.id);
    expect((await studio.api.assets.list({ projectId: project.id })).items).toHaveLength(1);
  });
});

describe("what is refused names the field to mend", () => {
  it.each([
    ["model", { ...FOG, model: "acme/none" }, /there is no model acme\/none here/],
    ["model", { ...FOG, model: "sim/video" }, /sim\/video makes videos/],
    [
      "params.aspectRatio",
      { ...FOG, params: { aspectRatio: "5:7" } },
      /"5:7" is not offered by sim\/image; choose one of 16:9,/,
    ],
    ["params.resolution", { ...FOG, params: { resolution: "8K" } }, /"8K" is not offered/],
    ["params.durationMs", { ...FOG, params: { durationMs: 1_000 } }, /pictures have no length/],
    ["params.durationMs", { ...CLIP, params: { durationMs: 999 } }, /from 1000 to 15000 milliseconds for sim\/video/],
    ["params.durationMs", { ...CLIP, params: { durationMs: 15_001 } }, /from 1000 to 15000/],
    ["params.colour", { ...FOG, params: { colour: "blue" } }, /not something this model knows/],
    ["params.script.runMs", { ...FOG, params: { script: { runMs: -1 } } }, /params\.script\.runMs: /],
    [
      "params.script.fail.code",
      { ...FOG, params: { script: { fail: { code: "bad luck", at: 0 } } } },
      /params\.script\.fail\.code: /,
    ],
    ["projectId", { ...FOG, projectId: "nowhere" as ProjectId }, /there is no such project/],
    ["inputs", { ...FOG, inputs: ["a", "b"] as AssetId[] }, /takes at most 1/],
    ["inputs.0", { ...FOG, inputs: ["nothing"] as AssetId[] }, /there is no such asset/],
  ] as const)("%s in %j", async (field, input, words) => {
    await using studio = await openTestStudio();
    const refusal = await refusalOf(studio, input);
    expect(refusal).toMatchObject({ ok: false, why: "invalid_input", field, message: expect.stringMatching(words) });
    expect(studio.rows("SELECT id FROM asset")).toEqual([]);
    expect(await studio.api.credits.summary()).toEqual({ balance: 1_000, held: 0 });
  });

  it("[A7] of a reference that is no picture, was not made, or was deleted", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const clip = await studio.create({}, { type: "video", model: "sim/video" });
    const failed = await studio.ended((await studio.create({ fail: { code: "internal", at: "submit" } })).id);
    const gone = await studio.create();
    await studio.api.assets.delete({ id: gone.id });
    for (const [id, words] of [
      [clip.id, /only pictures/],
      [failed.id, /was not made/],
      [gone.id, /there is no such asset/],
    ] as const) {
      const refusal = await refusalOf(studio, { ...FOG, inputs: [id] });
      expect(refusal).toMatchObject({ why: "invalid_input", field: "inputs.0", message: expect.stringMatching(words) });
    }
  });

  it("of the same reference twice", async () => {
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({
        ...simulator,
        models: simulator.models.map((offer) => ({ ...offer, maxInputs: 4 })),
      }),
    });
    const { id } = await studio.create();
    expect(await refusalOf(studio, { ...FOG, inputs: [id, id] })).toMatchObject({
      field: "inputs",
      why: "invalid_input",
    });
  });

  it("of a type that nothing here makes", async () => {
    await using studio = await openTestStudio({
      wrapProvider: (simulator) => ({ ...simulator, models: simulator.models.filter(({ type }) => type === "image") }),
    });
    const refusal = await refusalOf(studio, { type: "video", prompt: "fog" });
    expect(refusal).toMatchObject({ field: "model", message: "model: no model makes a video here" });
  });
});

describe("the same request twice", () => {
  it("[C4] under one key is one: the same assets, seeds left open included, and one hold", async () => {
    await using studio = await openTestStudio();
    const input = { ...FOG, count: 2, idempotencyKey: "press-1" };
    const first = await studio.api.assets.create(input);
    const [again, reordered] = await Promise.all([
      studio.api.assets.create(input),
      studio.api.assets.create({
        idempotencyKey: "press-1",
        count: 2,
        model: "sim/image",
        prompt: "fog",
        type: "image",
      }),
    ]);
    expect(again).toEqual(first);
    expect(reordered).toEqual(first);
    expect(await studio.api.credits.summary()).toEqual({ balance: 1_000, held: 12 });
  });

  it("[C4] is the same request whatever price was expected of it, and whatever has become of its reference", async () => {
    await using studio = await openTestStudio();
    studio.startWorker();
    const reference = await studio.create();
    await studio.ended(reference.id);
    const input = { ...FOG, inputs: [reference.id], idempotencyKey: "press-1" };
    const first = await studio.api.assets.create(input);
    const asked = first.assets[0]?.id;
    await studio.api.assets.delete({ id: reference.id });
    const again = await studio.api.assets.create({ ...input, expectedQuote: 5 });
    expect(again.assets.map(({ id }) => id)).toEqual([asked]);
  });

  it("[C4] at the same time is one", async () => {
    await using studio = await openTestStudio();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => studio.api.assets.create({ ...FOG, idempotencyKey: "press-1" })),
    );
    expect(new Set(answers.map(({ assets }) => assets[0]?.id)).size).toBe(1);
    expect(await studio.api.credits.summary()).toEqual({ balance: 1_000, held: 6 });
  });

  it("[C4] with another body is a conflict", async () => {
    await using studio = await openTestStudio();
    await studio.api.assets.create({ ...FOG, idempotencyKey: "press-1" });
    for (const change of [{ prompt: "rain" }, { count: 2 }, { params: { seed: 1 } }]) {
      const refusal = await refusalOf(studio, { ...FOG, ...change, idempotencyKey: "press-1" });
      expect(refusal).toMatchObject({ ok: false, why: "idempotency_conflict" });
    }
    expect(studio.rows("SELECT id FROM asset")).toHaveLength(1);
  });
});

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

  const FAIL = { fail: { code: "provider_unavailable", at: "submit" } };

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
    expect(await studio.api.assets.regenerate(again)).toEqual(second);
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
});

describe("lists", () => {
  it("refuse a cursor that is not ours, by field", async () => {
    await using studio = await openTestStudio();
    const refusal = await studio.ports.assets.list(caller, { cursor: "'; DROP TABLE asset; --", limit: 10 });
    expect(refusal).toMatchObject({ ok: false, why: "invalid_input", field: "cursor" });
  });

  it("go on where a cursor points, and end", async () => {
    await using studio = await openTestStudio();
    await studio.api.assets.create({ ...FOG, count: 5 });
    const first = await studio.api.assets.list({ limit: 3 });
    const second = await studio.api.assets.list({ limit: 3, cursor: first.nextCursor ?? "" });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(5);
  });

  it("of models tell their price and limits", async () => {
    await using studio = await openTestStudio();
    expect(await studio.api.models.list()).toMatchObject([
      { id: "sim/image", provider: "simulator", durationsMs: null, from: 6 },
      { id: "sim/video", provider: "simulator", durationsMs: { min: 1_000, max: 15_000, default: 4_000 }, from: 24 },
    ]);
  });
});
