import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
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

describe("a budget", () => {
  it("[C5] is set, kept and shown with what was spent, and refuses in words what it has no room for", async () => {
    await using studio = await openTestStudio();
    const { budget } = studio.api.settings;
    expect(await budget.get()).toMatchObject({ day: null, month: null, spentToday: 0, spentThisMonth: 0, held: 0 });
    expect(await budget.set({ day: 20, month: 100 })).toMatchObject({ day: 20, month: 100 });
    const { dayEndsAt } = await budget.set({ month: null });
    await studio.api.assets.create({ ...FOG, count: 2 });
    expect(await budget.get()).toMatchObject({ day: 20, month: null, held: 12, dayEndsAt });
    const facts = { ok: false, why: "budget_exceeded", budget: "day", short: 4 };
    expect(await refusalOf(studio, { ...FOG, count: 2 })).toEqual({
      ...facts,
      freeAt: dayEndsAt,
      message: `This is 4 credits beyond the budget of the day: wait until ${new Date(dayEndsAt).toISOString()}, or raise the budget in the settings.`,
    });
    expect(await refusalOf(studio, { ...FOG, count: 4 })).toMatchObject({ ...facts, short: 16, freeAt: null });
    expect(studio.rows("SELECT id FROM asset")).toHaveLength(2);
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
