import { mix, rgb, lit } from "../color.ts";
import { fbm, smoothstep } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintMist } from "../paint/mist.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { drawConifer } from "../paint/trees.ts";
import { facets, sharpRidge, softRidge, surface } from "../paint/surface.ts";
import { paintWater } from "../paint/water.ts";
import { drawHouse, drawPerson } from "../subjects/figures.ts";
import { boat } from "../subjects/movers.ts";
import type { Layer, Part, World } from "../World.ts";

/** One range of peaks; snow lies where it is high and not too steep. */
function range(
  world: World,
  index: number,
  options: {
    readonly depth: number;
    readonly base: number;
    readonly rise: number;
    readonly wave: number;
    readonly snow: number;
    readonly mist: number;
    readonly bottom: number;
  },
): Layer {
  const { palette, brief, noise, unit } = world;
  const { depth, base, rise, wave, snow, mist, bottom } = options;
  const ridge = sharpRidge(world, `range${index}`, base, rise, wave);
  const face = facets(world, `face${index}`, 3.2);
  const [dark, stone, light] = surface(world, brief.autumn ? "#7a6a62" : "#626b80", depth);
  const white = mix(
    mix(lit(rgb("#fbf7f2"), mix(palette.ambient, rgb("#ffffff"), 0.45)), palette.haze, (1 - depth) ** 1.5 * 0.7),
    palette.sun,
    0.12,
  );
  const colors =
    snow > 0 ? ([mix(dark, stone, 0.35), mix(stone, light, 0.15), white] as const) : ([dark, stone, light] as const);
  return paintTerrain(world, {
    depth,
    ridge,
    shade: (x, below) => {
      const sun = face(x, below);
      if (snow <= 0) return 0.46 + sun * 0.42 - below * 0.35;
      const line = snow * (0.7 + 0.6 * fbm(noise, (x / unit) * 7, below * 9 + index, 3));
      const covered = 1 - smoothstep(line * 0.7, line, below + Math.max(0, -sun) * 0.16);
      return (0.24 + sun * 0.3) * (1 - covered) + covered * (0.78 + sun * 0.5);
    },
    colors,
    mist: { color: palette.haze, from: rise * 0.3, to: rise * 1.15, most: mist },
    bottom,
  });
}

/** Wooded slopes of conifers along a soft skyline. */
export function pineSlope(
  world: World,
  part: string,
  options: {
    readonly depth: number;
    readonly base: number;
    readonly rise: number;
    readonly tall: number;
    readonly count: number;
    readonly mist: number;
    readonly bottom?: number;
    readonly sides?: boolean;
    readonly waterline?: number;
  },
): Layer {
  const { unit, width, brief, palette, sun, height } = world;
  const { depth, base, rise, tall, count, mist, bottom = height, sides = false, waterline } = options;
  const soft = softRidge(world, part, base, rise, 1.6);
  const slope = sides
    ? (x: number): number => soft(x) - unit * 0.34 * Math.abs((x - width / 2) / (width / 2)) ** 2.2 + unit * 0.1
    : soft;
  // A shore keeps its trees dry.
  const ridge = waterline === undefined ? slope : (x: number): number => Math.min(slope(x), waterline - unit * 0.012);
  const colors = surface(world, brief.snowy ? "#56697a" : brief.autumn ? "#9a5f2e" : "#3f5f4c", depth);
  const snow = brief.snowy
    ? mix(lit(rgb("#f4f7fb"), mix(palette.ambient, rgb("#ffffff"), 0.35)), palette.haze, (1 - depth) * 0.6)
    : undefined;
  const ground = brief.snowy ? surface(world, "#e6edf5", depth) : colors;
  return paintTerrain(world, {
    depth,
    ridge,
    shade: (x, below) => (brief.snowy ? 0.6 : 0.3) + 0.2 * fbm(world.noise, (x / unit) * 8, below * 14, 3),
    colors: ground,
    mist: { color: palette.haze, from: 0.03, to: 0.32, most: mist },
    bottom,
    onTop: ({ ctx }) => {
      const random = randomFor(brief.seed, `${part}pines`);
      const stands = Array.from({ length: count }, () => ({
        x: random.between(-0.45, 1.45) * width,
        sink: random.next() ** 1.6 * unit * 0.13 * (0.4 + depth),
        tall: tall * unit * random.between(0.5, 1.15),
      }))
        .filter(({ x }) => !sides || Math.abs(x - width / 2) > width * 0.17 + unit * 0.05)
        .toSorted((a, b) => a.sink - b.sink);
      for (const stand of stands) {
        const kind =
          brief.autumn && random.chance(0.55)
            ? surface(world, random.pick(["#c9752b", "#d99a36", "#a8432a"]), depth)
            : colors;
        drawConifer(ctx, random, {
          x: stand.x,
          y: Math.min(ridge(stand.x) + stand.sink + 2, waterline ?? Number.POSITIVE_INFINITY),
          tall: stand.tall,
          side: sun.x < stand.x ? -1 : 1,
          colors: kind,
          snow,
        });
      }
    },
  });
}

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

/** A near rise where somebody lives or stands. */
function knoll(world: World, x: number): Layer {
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

/** A lake that holds the mountains upside down. */
export function lake(world: World, behind: readonly Part[]): Part[] {
  const { horizon, height, unit, brief, width } = world;
  const snow = brief.snowy ? 0.28 : 0.1;
  const parts: Part[] = [
    range(world, 4, {
      depth: 0.14,
      base: horizon + unit * 0.05,
      rise: 0.42,
      wave: 0.9,
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
