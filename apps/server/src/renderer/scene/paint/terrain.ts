import type { Rgb } from "../color.ts";
import { smoothstep, speck } from "../noise.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import type { Sheet } from "../sheet.ts";
import type { Layer, World } from "../World.ts";
import { createRamp, putRamp } from "./ramp.ts";

export interface Terrain {
  readonly depth: number;
  /** The skyline, in pixels of the frame, for a place along the frame. */
  readonly ridge: (x: number) => number;
  /** Light on the ground, 0 to 1, at a point `below` the skyline. `slope` is the skyline's, rightward and down positive. */
  readonly shade: (x: number, below: number, slope: number) => number;
  readonly colors: readonly [dark: Rgb, base: Rgb, light: Rgb];
  /** Mist that gathers below the skyline: from none at `from` to `most` at `to` (in units). */
  readonly mist?: { readonly color: Rgb; readonly from: number; readonly to: number; readonly most: number };
  /** How far down it must reach, in pixels of the frame. */
  readonly bottom: number;
  /** How coarse the printed grain is, 0 to 1. */
  readonly grain?: number;
  /** Paints on the finished ground, before it becomes a layer. */
  readonly onTop?: (sheet: Sheet, ridge: (x: number) => number) => void;
}

/** Ground from its skyline down, shaded point by point and printed with grain. */
export function paintTerrain(world: World, terrain: Terrain): Layer {
  const { depth, ridge, shade, mist, bottom, grain = 0.3 } = terrain;
  const margin = world.camera.margin(depth);
  const first = -margin.x;
  const skyline = new Float32Array(world.width + margin.x * 2 + 2);
  let highest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < skyline.length; index += 1) {
    const y = ridge(first + index);
    skyline[index] = y;
    if (y < highest) highest = y;
  }
  const room = terrain.onTop ? world.unit * 0.34 : 0;
  const sheet = createSheet(world, depth, highest - room, bottom);
  const ramp = createRamp(...terrain.colors);
  const seed = world.brief.seed ^ Math.round(depth * 9973);
  const veil = mist?.color ?? terrain.colors[1];
  eachPixel(sheet, (x, y, bytes, at) => {
    const top = skyline[x - first] ?? 0;
    const cover = y + 1 - top;
    if (cover <= 0) return;
    const below = Math.max(0, y - top) / world.unit;
    const slope = (skyline[x - first + 1] ?? top) - top;
    const dot = speck(x, y, seed) - 0.5;
    const light = shade(x, below, slope) + dot * grain;
    const veiled = mist ? mist.most * smoothstep(mist.from, mist.to, below + dot * 0.03) : 0;
    putRamp(bytes, at, ramp, light, veil, veiled);
    bytes[at + 3] = cover >= 1 ? 255 : cover * 255;
  });
  terrain.onTop?.(sheet, ridge);
  return toLayer(sheet);
}
