import { fbm, smoothstep } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { facets, sharpRidge, softRidge, surface } from "../paint/surface.ts";
import { drawPerson } from "../subjects/figures.ts";
import type { Part, World } from "../World.ts";

/** Dunes: a lit and a shaded flank, wind ripples, mesas far off. */
export function desert(world: World): Part[] {
  const { horizon, height, unit, width, sun, palette, brief } = world;
  const side = sun.x < width / 2 ? -1 : 1;
  const own = brief.hues.includes("red") ? "#c9694a" : "#d9a066";
  const rock = facets(world, "mesa", 5);
  const table = sharpRidge(world, "table", 0, 0.05, 2.2, 3);
  const random = randomFor(brief.seed, "mesas");
  const mesas = Array.from({ length: 4 }, (_, index) => ({
    x: width * (0.1 + 0.27 * index + random.between(-0.06, 0.06)),
    wide: unit * random.between(0.07, 0.16),
    tall: unit * random.between(0.07, 0.17),
  }));
  const parts: Part[] = [
    paintTerrain(world, {
      depth: 0.14,
      ridge: (x) => {
        let rise = unit * 0.012;
        for (const mesa of mesas)
          rise = Math.max(
            rise,
            mesa.tall * (1 - smoothstep(mesa.wide, mesa.wide * 1.5, Math.abs(x - mesa.x))) + table(x) * 0.12,
          );
        return horizon - rise;
      },
      shade: (x, below) => 0.48 + rock(x, below) * 0.3 + Math.sin(below * 190) * 0.05,
      colors: surface(world, "#a8604c", 0.3),
      mist: { color: palette.haze, from: 0.03, to: 0.17, most: 0.7 },
      bottom: horizon + unit * 0.1,
    }),
  ];
  for (const [index, depth] of [0.28, 0.44, 0.62, 0.84].entries()) {
    const base = horizon + (height - horizon) * (0.16 + index * 0.24);
    const line = softRidge(world, `dune${index}`, base, 0.2, 0.62 + index * 0.08);
    const crest = randomFor(brief.seed, `crest${index}`).between(0.2, 0.5);
    parts.push(
      paintTerrain(world, {
        depth,
        ridge: line,
        shade: (x, below, slope) => {
          // The crest wanders down the face: one flank in the sun, the other in its own shadow.
          const flank = fbm(
            world.noise,
            (x / unit) * 1.25 + index * 13 - side * below * 1.8,
            below * 0.5 + index * 3,
            2,
          );
          const bright = smoothstep(-0.028, 0.028, flank - crest + 0.42 + side * slope * 0.55);
          const ripple =
            Math.sin(below * 130 + fbm(world.noise, (x / unit) * 3, below * 6, 2) * 11) *
            0.055 *
            Math.min(1, below * 9);
          return 0.24 + bright * 0.5 + ripple + Math.max(0, 0.05 - below) * 3 - below * 0.28;
        },
        colors: surface(world, own, depth + 0.12, 0.95),
        mist: { color: palette.haze, from: 0.1, to: 0.45, most: 0.36 * (1 - depth) },
        bottom: height,
        onTop: ({ ctx }) => {
          if (index === 2 && brief.subjects.includes("person"))
            drawPerson(ctx, world, { x: width * 0.45, y: line(width * 0.45) + unit * 0.006, tall: unit * 0.11 });
        },
      }),
    );
  }
  return parts;
}
