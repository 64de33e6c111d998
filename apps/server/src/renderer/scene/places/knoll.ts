import { fbm } from "../noise.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { softRidge, surface } from "../paint/surface.ts";
import { drawHouse, drawPerson } from "../subjects/figures.ts";
import type { Layer, World } from "../World.ts";

/** A near rise where somebody lives or stands. */
export function knoll(world: World, x: number): Layer {
  const { height, unit, brief, palette } = world;
  const line = softRidge(world, "knoll", 0, 0.03, 3);
  const ridge = (px: number): number =>
    height * 0.94 - unit * 0.07 * Math.exp(-(((px - x) / (unit * 0.45)) ** 2)) + line(px);
  return paintTerrain(world, {
    depth: 0.85,
    ridge,
    shade: (px, below) => 0.5 - below * 1.2 + 0.25 * fbm(world.noise, (px / unit) * 9, below * 20, 3),
    colors: surface(world, brief.snowy ? "#e6edf5" : "#6d7a4a", 0.95),
    bottom: height,
    mist: { color: palette.haze, from: 0.5, to: 0.8, most: 0 },
    onTop: ({ ctx }) => {
      if (brief.subjects.includes("house"))
        drawHouse(ctx, world, { x: x - unit * 0.06, y: ridge(x) + unit * 0.01, tall: unit * 0.11 });
      if (brief.subjects.includes("person"))
        drawPerson(ctx, world, { x: x + unit * 0.1, y: ridge(x + unit * 0.1) + unit * 0.008, tall: unit * 0.14 });
    },
  });
}
