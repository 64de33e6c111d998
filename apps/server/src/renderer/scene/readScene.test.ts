import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readScene } from "./readScene.ts";
import { MOVES, PLACES, TIMES, WEATHERS } from "./SceneBrief.ts";
import type { SceneBrief } from "./SceneBrief.ts";

const SAID: readonly (readonly [prompt: string, expected: Partial<SceneBrief>])[] = [
  [
    "A lighthouse on a rocky coast at golden hour, slow push in",
    { place: "sea", time: "golden", move: "dolly-in", subjects: ["lighthouse"], hues: [] },
  ],
  ["黄昏的海边灯塔，镜头缓缓推近", { place: "sea", time: "dusk", move: "dolly-in", subjects: ["lighthouse"] }],
  ["Misty mountains at dawn, pan left", { place: "mountains", time: "dawn", weather: "fog", move: "pan-left" }],
  ["清晨的群山，薄雾，向左摇", { place: "mountains", time: "dawn", weather: "fog", move: "pan-left" }],
  [
    "neon street in the rain at night, a woman with an umbrella, static",
    { place: "street", time: "night", weather: "rain", neon: true, move: "static", subjects: ["person"] },
  ],
  [
    "雨夜的霓虹街道，一个女孩，固定镜头",
    { place: "street", time: "night", weather: "rain", neon: true, move: "static", subjects: ["person"] },
  ],
  [
    "pine forest at noon, snow falling, tilt up",
    { place: "forest", time: "day", weather: "snow", snowy: true, move: "tilt-up" },
  ],
  ["正午的森林，下雪，镜头上摇", { place: "forest", time: "day", weather: "snow", snowy: true, move: "tilt-up" }],
  ["a camel in the Sahara desert, sunset, orbiting shot", { place: "desert", time: "golden", move: "orbit" }],
  ["沙漠日落，环绕镜头", { place: "desert", time: "golden", move: "orbit" }],
  ["city skyline at blue hour, zoom out", { place: "city", time: "blue", move: "zoom-out", hues: [] }],
  ["上海天际线，蓝调时刻，变焦拉", { place: "city", time: "blue", move: "zoom-out" }],
  ["wheat field with a red house, windy", { place: "field", weather: "wind", subjects: ["house"], hues: ["red"] }],
  ["麦田里的红色木屋，大风", { place: "field", weather: "wind", subjects: ["house"], hues: ["red"] }],
  ["a calm lake under the moon, tilt down", { place: "lake", move: "tilt-down", subjects: ["moon"] }],
  ["月光下的湖面，镜头下摇", { place: "lake", time: "night", move: "tilt-down", subjects: ["moon"] }],
  ["river valley in autumn", { place: "river", autumn: true }],
  ["秋天的河谷", { place: "river", autumn: true }],
  ["arctic tundra, pull back", { place: "snowfield", snowy: true, move: "dolly-out" }],
  ["北极冰原，镜头拉远", { place: "snowfield", snowy: true, move: "dolly-out" }],
  ["astronaut near a distant planet", { place: "space", subjects: ["person"] }],
  ["宇航员站在陌生的星球上", { place: "space", subjects: ["person"] }],
  ["a quiet room with a cat", { place: "room" }],
  ["安静的书房", { place: "room" }],
  ["thunderstorm over the ocean, a sailboat", { place: "sea", weather: "storm", subjects: ["boat"] }],
  ["雷雨中的海，一叶小舟", { place: "sea", weather: "storm", subjects: ["boat"] }],
  ["火车穿过原野", { place: "field", subjects: ["train"] }],
  ["ink wash painting of bamboo", { hues: ["mono"], place: "forest" }],
  ["水墨竹林", { hues: ["mono"], place: "forest" }],
];

describe("reading a prompt", () => {
  it.each(SAID)("hears what %j asks for", (prompt, expected) => {
    expect(readScene(prompt, 1)).toMatchObject(expected);
  });

  it("does not hear words inside other words", () => {
    const brief = readScene("a discarded panther in Seattle, carefully staged", 1);
    expect(brief.place).toBe("abstract");
    expect(brief.subjects).toEqual([]);
  });

  it("hears plurals and capitals", () => {
    expect(readScene("LIGHTHOUSES", 1).subjects).toEqual(["lighthouse"]);
    expect(readScene("Foxes on beaches", 1).place).toBe("sea");
  });

  it("makes something of every prompt, and always the same thing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer(), (prompt, seed) => {
        const brief = readScene(prompt, seed);
        expect(PLACES).toContain(brief.place);
        expect(TIMES).toContain(brief.time);
        expect(WEATHERS).toContain(brief.weather);
        expect(MOVES).toContain(brief.move);
        expect(readScene(prompt, seed)).toEqual(brief);
      }),
      { numRuns: 200 },
    );
  });

  it("gives another picture for another seed or another prompt", () => {
    expect(readScene("rain", 1).seed).not.toBe(readScene("rain", 2).seed);
    expect(readScene("rain", 1).seed).not.toBe(readScene("raim", 1).seed);
  });
});
