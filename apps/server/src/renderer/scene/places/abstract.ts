import { mix, shift } from "../color.ts";
import { fbm } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { sharpRidge, softRidge } from "../paint/surface.ts";
import type { Part, World } from "../World.ts";

/** No word known: bands of colour like a coast remembered, one great sun. Distinct for every prompt. */
export function abstract(world: World): Part[] {
  const { height, unit, width, horizon, palette, brief, sun } = world;
  const random = randomFor(brief.seed, "abstract");
  const accent = shift(palette.accent, { turn: random.between(-30, 40), chroma: 0.9 });
  const accented = random.whole(1, 3);
  const sharp = random.chance(0.3);
  const bands = random.whole(5, 7);
  return Array.from({ length: bands }, (_, index) => {
    const at = index / (bands - 1);
    const depth = 0.1 + 0.85 * at;
    const base = horizon - unit * 0.02 + (height - horizon) * 1.02 * at ** 1.1;
    const broken = sharp && index % 2 === 0;
    const line = (broken ? sharpRidge : softRidge)(
      world,
      `band${index}`,
      base,
      random.between(0.13, 0.27),
      random.between(0.5, 1.15),
    );
    // Neighbours on the palette only: mixing opposites gives grey, so the accent keeps a band to itself.
    const own =
      at < 0.5
        ? mix(palette.sky[2], palette.sky[1], at * 2)
        : mix(palette.sky[1], mix(palette.sky[0], palette.ink, 0.4), at * 2 - 1);
    const tone =
      index === accented
        ? mix(accent, palette.haze, 0.2 * (1 - at))
        : index === accented + 2
          ? shift(own, { light: 0.1, chroma: 1.2 })
          : own;
    const wave = random.between(7, 16);
    const stripes = random.chance(0.45);
    return paintTerrain(world, {
      depth,
      ridge: line,
      shade: (x, below, slope) => {
        const contour = stripes
          ? Math.sin(below * wave * 9 + fbm(world.noise, (x / unit) * 1.6, below * 3 + index, 3) * 6) * 0.1
          : 0;
        return (
          0.62 -
          below * 1.5 -
          (broken ? 0 : slope * 0.5 * (sun.x < width / 2 ? -1 : 1)) +
          fbm(world.noise, (x / unit) * 2.2, below * 9 + index * 11, 4) * 0.34 +
          contour
        );
      },
      colors: [mix(tone, palette.ink, 0.5), tone, mix(tone, palette.sun, 0.5)],
      mist: { color: mix(palette.haze, tone, 0.2), from: 0.1, to: 0.36, most: 0.55 * (1 - at) },
      bottom: height,
      grain: 0.46,
    });
  });
}
