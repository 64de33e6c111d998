import { lit, mix, rgb } from "../color.ts";
import type { Rgb } from "../color.ts";
import { fbm, ridged } from "../noise.ts";
import { randomFor } from "../random.ts";
import type { World } from "../World.ts";

/** Shadow, body and light of a surface of its own colour, at a depth: light tints it, distance fades it into haze. */
export function surface(world: World, own: string, depth: number, contrast = 1): readonly [Rgb, Rgb, Rgb] {
  const { palette } = world;
  const air = (1 - depth) ** 1.5 * (world.brief.weather === "fog" ? 0.97 : 0.86);
  const body = lit(rgb(own), palette.ambient);
  const dark = mix(mix(body, palette.ink, 0.72 * contrast), palette.haze, air);
  const base = mix(mix(body, palette.ink, 0.22 * contrast), palette.haze, air);
  const light = mix(mix(body, palette.sun, 0.34 * contrast), palette.haze, air * 0.9);
  return [dark, base, light];
}

/** Round skylines: hills, dunes' shoulders, far coasts. `rise` in units. */
export function softRidge(world: World, part: string, base: number, rise: number, wave: number): (x: number) => number {
  const at = randomFor(world.brief.seed, part).between(0, 200);
  return (x) => base - rise * world.unit * (0.5 + 1.05 * fbm(world.noise, (x / world.unit) * wave + at, at * 0.37, 3));
}

/** Broken skylines: peaks and cliffs. */
export function sharpRidge(
  world: World,
  part: string,
  base: number,
  rise: number,
  wave: number,
  octaves = 6,
): (x: number) => number {
  const at = randomFor(world.brief.seed, part).between(0, 200);
  return (x) => {
    const px = (x / world.unit) * wave + at;
    const crest = ridged(world.noise, px, at * 0.53, octaves);
    return base - rise * world.unit * (crest ** 1.3 * 1.12 - 0.12 + 0.08 * fbm(world.noise, px * 6, at, 3));
  };
}

/** Facets of rock: which way each face of the mountain looks, lit from the sun's side. About [-1, 1]. */
export function facets(world: World, part: string, scale: number): (x: number, below: number) => number {
  const at = randomFor(world.brief.seed, part).between(0, 200);
  const side = world.sun.x < world.width / 2 ? -1 : 1;
  const height = (px: number, py: number): number =>
    ridged(world.noise, px + 0.35 * world.noise(px * 2.1, py * 2.1), py, 4);
  return (x, below) => {
    const px = (x / world.unit) * scale + at;
    const py = below * scale * 0.62 + at;
    return (height(px + side * 0.09, py - 0.05) - height(px, py)) * -3.4;
  };
}
