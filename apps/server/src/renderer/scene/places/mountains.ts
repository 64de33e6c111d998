import { randomFor } from "../random.ts";
import { paintMist } from "../paint/mist.ts";
import type { Part, World } from "../World.ts";
import { pineSlope } from "../paint/pineSlope.ts";
import { range } from "../paint/range.ts";
import { knoll } from "./knoll.ts";

/** Ranges behind ranges, mist between them, pines before us. */
export function mountains(world: World): Part[] {
  const { horizon, height, unit, brief, width } = world;
  const parts: Part[] = [];
  const snow = brief.snowy ? 0.3 : brief.time === "day" || randomFor(brief.seed, "caps").chance(0.6) ? 0.12 : 0;
  parts.push(
    range(world, 0, {
      depth: 0.1,
      base: horizon + unit * 0.06,
      rise: 0.34,
      wave: 1.1,
      snow: snow * 0.9,
      mist: 0.75,
      bottom: horizon + unit * 0.3,
    }),
  );
  parts.push(
    range(world, 1, {
      depth: 0.24,
      base: horizon + unit * 0.12,
      rise: 0.46,
      wave: 0.85,
      snow,
      mist: 0.85,
      bottom: horizon + unit * 0.45,
    }),
  );
  parts.push(paintMist(world, "pass", { depth: 0.3, middle: horizon + unit * 0.09, thick: 0.13, most: 0.75 }));
  parts.push(
    range(world, 2, {
      depth: 0.4,
      base: horizon + unit * 0.26,
      rise: 0.3,
      wave: 1.5,
      snow: brief.snowy ? 0.12 : 0,
      mist: 0.8,
      bottom: height,
    }),
  );
  parts.push(
    pineSlope(world, "slope0", { depth: 0.55, base: height * 0.8, rise: 0.12, tall: 0.085, count: 190, mist: 0.75 }),
  );
  parts.push(paintMist(world, "valley", { depth: 0.6, middle: height * 0.83, thick: 0.1, most: 0.55 }));
  parts.push(
    pineSlope(world, "slope1", {
      depth: 0.75,
      base: height * 0.92,
      rise: 0.1,
      tall: 0.15,
      count: 90,
      mist: 0.35,
      sides: true,
    }),
  );
  if (brief.subjects.includes("house") || brief.subjects.includes("person")) parts.push(knoll(world, width * 0.5));
  parts.push(
    pineSlope(world, "slope2", {
      depth: 0.97,
      base: height * 1.06,
      rise: 0.06,
      tall: 0.4,
      count: 26,
      mist: 0,
      sides: true,
    }),
  );
  return parts;
}
