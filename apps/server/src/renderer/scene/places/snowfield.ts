import { fbm } from "../noise.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { softRidge, surface } from "../paint/surface.ts";
import type { Part, World } from "../World.ts";
import { pineSlope } from "../paint/pineSlope.ts";
import { range } from "../paint/range.ts";
import { knoll } from "./knoll.ts";

/** Pale ground, blue shadows, a few dark trees. */
export function snowfield(world: World): Part[] {
  const { horizon, height, unit, palette } = world;
  const parts: Part[] = [
    range(world, 7, {
      depth: 0.14,
      base: horizon + unit * 0.07,
      rise: 0.28,
      wave: 1.2,
      snow: 0.32,
      mist: 0.8,
      bottom: horizon + unit * 0.2,
    }),
  ];
  parts.push(
    pineSlope(world, "far", { depth: 0.3, base: horizon + unit * 0.07, rise: 0.05, tall: 0.05, count: 190, mist: 0.8 }),
  );
  for (const [index, depth] of [0.45, 0.62].entries()) {
    const ridge = softRidge(
      world,
      `drift${index}`,
      horizon + (height - horizon) * (0.34 + index * 0.26),
      0.08,
      1 - index * 0.25,
    );
    parts.push(
      paintTerrain(world, {
        depth,
        ridge,
        shade: (x, below, slope) =>
          0.62 +
          slope * 0.5 * (world.sun.x < world.width / 2 ? 1 : -1) -
          below * 0.7 +
          0.3 * fbm(world.noise, (x / unit) * 2.2, below * 13 + index * 7, 4),
        colors: surface(world, "#e8eef6", depth + 0.15, 0.8),
        mist: { color: palette.haze, from: 0.12, to: 0.4, most: 0.3 },
        bottom: height,
      }),
    );
  }
  parts.push(
    knoll(world, world.width * 0.56),
    pineSlope(world, "near", {
      depth: 0.95,
      base: height * 1.07,
      rise: 0.06,
      tall: 0.44,
      count: 22,
      mist: 0,
      sides: true,
    }),
  );
  return parts;
}
