import { mix, rgb, lit } from "../color.ts";
import { fbm, smoothstep } from "../noise.ts";
import { paintTerrain } from "./terrain.ts";
import { facets, sharpRidge, surface } from "./surface.ts";
import type { Layer, World } from "../World.ts";

/** One range of peaks; snow lies where it is high and not too steep. */
export function range(
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
