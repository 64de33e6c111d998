import { mix } from "../color.ts";
import { fbm } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { drawBroadleaf, drawGrass } from "../paint/trees.ts";
import { softRidge, surface } from "../paint/surface.ts";
import { drawHouse, drawPerson } from "../subjects/figures.ts";
import type { Part, World } from "../World.ts";
import { pineSlope } from "../paint/pineSlope.ts";

/** Rolling ground: grass or crops in the wind, a tree, a house, far woods. */
export function field(world: World): Part[] {
  const { horizon, height, unit, width, brief, palette, sun } = world;
  const random = randomFor(brief.seed, "field");
  const away = sun.x < width / 2 ? 1 : -1;
  const own = brief.autumn
    ? "#b98a3f"
    : brief.snowy
      ? "#e6edf5"
      : brief.hues.includes("yellow") || brief.time === "golden"
        ? "#b59a45"
        : brief.hues.includes("purple")
          ? "#7f6fae"
          : "#7b9a4c";
  const parts: Part[] = [];
  parts.push(
    paintTerrain(world, {
      depth: 0.12,
      ridge: softRidge(world, "downs", horizon + unit * 0.01, 0.16, 1.2),
      shade: (x, below, slope) => 0.5 + slope * 0.5 * away - below * 0.6,
      colors: surface(world, "#6c8090", 0.2),
      mist: { color: palette.haze, from: 0.02, to: 0.16, most: 0.75 },
      bottom: horizon + unit * 0.1,
    }),
    pineSlope(world, "farwood", {
      depth: 0.22,
      base: horizon + unit * 0.035,
      rise: 0.05,
      tall: 0.04,
      count: 150,
      mist: 0.75,
      bottom: horizon + unit * 0.2,
    }),
  );
  for (const [index, depth] of [0.35, 0.5, 0.66].entries()) {
    const base = horizon + (height - horizon) * (0.2 + index * 0.24);
    const ridge = softRidge(world, `hill${index}`, base, 0.16 - index * 0.015, 0.75 + index * 0.1);
    parts.push(
      paintTerrain(world, {
        depth,
        ridge,
        shade: (x, below, slope) => {
          const rows = Math.sin((below * 60) / (0.35 + below * 2) + x / (unit * 0.09)) * 0.05;
          return (
            0.56 -
            slope * 0.85 * away -
            below * 0.75 +
            0.26 * fbm(world.noise, (x / unit) * 5, below * 24 + index * 5, 4) +
            rows
          );
        },
        colors: surface(world, index === 1 && !brief.snowy ? mixHex(own) : own, depth + 0.12),
        mist: { color: palette.haze, from: 0.08, to: 0.3, most: 0.4 * (1 - depth) },
        bottom: height,
        onTop: ({ ctx }) => {
          if (index === 1 && brief.subjects.includes("house")) {
            const x = width / 2 - away * unit * 0.16;
            drawHouse(ctx, world, { x, y: ridge(x) + unit * 0.012, tall: unit * 0.12 });
          }
          if (index !== 2) return;
          const x = width / 2 + away * Math.min(width * 0.26, unit * 0.34);
          const crown = surface(
            world,
            brief.subjects.includes("blossom")
              ? "#f2b3c4"
              : brief.autumn
                ? "#cf7430"
                : brief.snowy
                  ? "#dfe6ee"
                  : "#557a3e",
            0.86,
          );
          if (brief.subjects.includes("tree") || brief.subjects.includes("blossom") || random.chance(0.65))
            drawBroadleaf(ctx, randomFor(brief.seed, "oak"), {
              x,
              y: ridge(x) + unit * 0.02,
              tall: unit * 0.33,
              side: -away,
              crown,
              trunk: surface(world, "#4d3a30", 0.86)[0],
            });
          if (brief.subjects.includes("person"))
            drawPerson(ctx, world, {
              x: width / 2 - away * unit * 0.08,
              y: ridge(width / 2 - away * unit * 0.08) + unit * 0.014,
              tall: unit * 0.16,
            });
        },
      }),
    );
  }
  const near = softRidge(world, "near", height * 1.0, 0.06, 1.1);
  const bloom =
    brief.subjects.includes("flowers") || brief.subjects.includes("blossom")
      ? palette.accent
      : mix(palette.sun, palette.accent, 0.4);
  parts.push(
    paintTerrain(world, {
      depth: 0.95,
      ridge: near,
      shade: (x, below) => 0.4 - below * 1.5 + 0.3 * fbm(world.noise, (x / unit) * 10, below * 30, 3),
      colors: surface(world, own, 1, 1.2),
      bottom: height,
      onTop: ({ ctx, left, right }) =>
        drawGrass(ctx, randomFor(brief.seed, "grass"), {
          from: left,
          to: right,
          ground: near,
          tall: unit * 0.17,
          count: 760,
          colors: surface(world, own, 1, 1.25),
          seedHeads: brief.snowy ? undefined : brief.hues.includes("purple") ? surface(world, "#a78be0", 1)[2] : bloom,
        }),
    }),
  );
  return parts;
}

/** The second field bears another crop. */
function mixHex(own: string): string {
  return own === "#7b9a4c" ? "#9aa650" : own === "#b59a45" ? "#8f9a4a" : own;
}
