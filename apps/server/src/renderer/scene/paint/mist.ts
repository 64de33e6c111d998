import type { Rgb } from "../color.ts";
import { fbm, smoothstep, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import type { Layer, World } from "../World.ts";

/** A bank of mist, thickest at `middle` (pixels of the frame), `thick` units high. It drifts and repeats sideways. */
export function paintMist(
  world: World,
  part: string,
  options: {
    readonly depth: number;
    readonly middle: number;
    readonly thick: number;
    readonly most: number;
    readonly color?: Rgb;
  },
): Layer {
  const { unit, noise, brief, palette } = world;
  const { depth, middle, thick, most, color = palette.haze } = options;
  const sheet = createSheet(world, depth, middle - thick * unit * 1.1, middle + thick * unit * 1.1);
  const random = randomFor(brief.seed, part);
  const offset = random.between(0, 100);
  const seed = brief.seed ^ 0x4157 ^ Math.round(depth * 1e4);
  const width = sheet.canvas.width;
  eachPixel(sheet, (x, y, bytes, at) => {
    const off = (y - middle) / (thick * unit);
    // Two samples a sheet's width apart, crossfaded, so that its ends meet when it drifts.
    const blend = (x - sheet.left) / width;
    const sample = (px: number): number => fbm(noise, (px / unit) * 1.3 + offset, (y / unit) * 4.4 + offset, 4);
    const wisp = sample(x) * (1 - blend) + sample(x - width) * blend;
    const body = Math.max(0, 1 - off * off) ** 1.4;
    const dot = speck(x, y, seed) - 0.5;
    const alpha = most * body * smoothstep(-0.42, 0.45, wisp + dot * 0.05);
    bytes[at] = color[0];
    bytes[at + 1] = color[1];
    bytes[at + 2] = color[2];
    bytes[at + 3] = Math.max(0, alpha * 255 + dot * 4);
  });
  const windy = brief.weather === "wind" || brief.weather === "storm" ? 3 : 1;
  return toLayer(sheet, { drift: unit * random.between(0.006, 0.016) * windy * (random.chance(0.5) ? 1 : -1) });
}
