import { paintMist } from "../paint/mist.ts";
import { paintWater } from "../paint/water.ts";
import { boat } from "../subjects/movers.ts";
import type { Part, World } from "../World.ts";
import { pineSlope } from "../paint/pineSlope.ts";
import { range } from "../paint/range.ts";
import { knoll } from "./knoll.ts";

/** A lake that holds the mountains upside down. */
export function lake(world: World, behind: readonly Part[]): Part[] {
  const { horizon, height, unit, brief, width } = world;
  const snow = brief.snowy ? 0.28 : 0.1;
  const parts: Part[] = [
    range(world, 4, {
      depth: 0.14,
      base: horizon + unit * 0.05,
      rise: 0.44,
      wave: 1.25,
      snow,
      mist: 0.6,
      bottom: horizon + 3,
    }),
    range(world, 5, {
      depth: 0.26,
      base: horizon + unit * 0.06,
      rise: 0.26,
      wave: 1.35,
      snow: snow * 0.6,
      mist: 0.75,
      bottom: horizon + 3,
    }),
    pineSlope(world, "shore", {
      depth: 0.3,
      base: horizon + unit * 0.006,
      rise: 0.06,
      tall: 0.06,
      count: 430,
      mist: 0.6,
      bottom: horizon + 2,
      waterline: horizon,
    }),
  ];
  const calm = brief.weather === "wind" || brief.weather === "storm" ? 0.7 : 0.16;
  const water = paintWater(world, [...behind, ...parts], {
    top: horizon,
    bottom: height,
    depth: 0.32,
    mirror: 0.88 - calm * 0.5,
    rough: calm,
    tint: "#466f7c",
  });
  parts.push(
    ...water,
    paintMist(world, "lakemist", { depth: 0.34, middle: horizon + unit * 0.01, thick: 0.05, most: 0.6 }),
  );
  if (brief.subjects.includes("boat"))
    parts.push(
      boat(world, { x: width * 0.44, y: horizon + (height - horizon) * 0.36, size: unit * 0.12, depth: 0.45 }),
    );
  if (brief.subjects.includes("house") || brief.subjects.includes("person")) parts.push(knoll(world, width * 0.66));
  parts.push(
    pineSlope(world, "near", {
      depth: 0.95,
      base: height * 1.1,
      rise: 0.06,
      tall: 0.42,
      count: 24,
      mist: 0,
      sides: true,
    }),
  );
  return parts;
}
