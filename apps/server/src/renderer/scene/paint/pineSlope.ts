import { mix, rgb, lit } from "../color.ts";
import { fbm } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintTerrain } from "./terrain.ts";
import { drawConifer } from "./trees.ts";
import { softRidge, surface } from "./surface.ts";
import type { Layer, World } from "../World.ts";

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
