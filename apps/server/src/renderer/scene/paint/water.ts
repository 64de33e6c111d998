import { createCanvas } from "@napi-rs/canvas";
import { css, lit, mix, rgb } from "../color.ts";
import { fbm, smoothstep, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import type { Actor, Part, World } from "../World.ts";
import { createCamera } from "../camera.ts";
import { drawParts } from "../drawParts.ts";
import { createRamp, putRamp } from "./ramp.ts";

export interface Water {
  /** The far shore. */
  readonly top: number;
  readonly bottom: number;
  readonly depth: number;
  /** How much of what stands beyond is mirrored, 0 to 1. */
  readonly mirror: number;
  /** 0 is a pond at dawn, 1 an open sea. */
  readonly rough: number;
  readonly tint?: string;
}

/** Water with perspective: mirrors what lies beyond the shore, waves shorter toward it, and the sun's path. */
export function paintWater(world: World, beyond: readonly Part[], water: Water): Part[] {
  const { palette, unit, noise, brief, sun } = world;
  const { top, bottom, depth, mirror, rough } = water;
  const sheet = createSheet(world, depth, top, bottom);
  const offset = randomFor(brief.seed, "water").between(0, 100);
  const deep = mix(lit(rgb(water.tint ?? "#5d8fa0"), palette.ambient), palette.ink, 0.42);
  const skyAt = (y: number): ReturnType<typeof mix> => {
    const up = Math.min(1, ((y - top) / Math.max(1, world.height - top)) * 1.15);
    return up < 0.4
      ? mix(palette.sky[3], palette.sky[2], up / 0.4)
      : mix(palette.sky[2], palette.sky[1], (up - 0.4) / 0.6);
  };
  const rows = Array.from({ length: sheet.canvas.height }, (_, row) => {
    const y = row + sheet.top;
    const near = Math.max(0, (y - top) / Math.max(1, world.height - top));
    return createRamp(
      mix(deep, palette.ink, 0.35 * near),
      mix(skyAt(y), deep, 0.3 + 0.38 * near * (0.5 + rough * 0.5)),
      mix(skyAt(y), palette.sun, 0.34),
    );
  });
  const shore = createRamp(deep, palette.haze, palette.sun);
  const seed = brief.seed ^ 0x3a7e;
  const overcast = ["rain", "storm", "fog"].includes(brief.weather);
  const path = overcast ? 0.18 : 1;
  eachPixel(sheet, (x, y, bytes, at) => {
    if (y < top) return;
    const near = (y - top) / Math.max(1, world.height - top) + 0.02;
    const px = ((x - world.width / 2) / unit) * (1.5 / (near + 0.1)) + offset;
    const py = Math.log(near + 0.015) * 9 + offset;
    const wave = fbm(noise, px, py * 1.7, 4);
    const ripple = noise(px * 2.6, py * 5.2);
    const dot = speck(x, y, seed) - 0.5;
    const width = (0.035 + near * 0.2) * unit;
    const off = (x - sun.x) / width;
    const column = Math.exp(-off * off) * path;
    const glint = column * smoothstep(0.06, 0.3, wave + ripple * 0.28 + column * 0.22 + dot * 0.12);
    const light = 0.5 + (wave * 0.42 + ripple * 0.12) * (0.35 + rough * 0.75) + dot * 0.16;
    putRamp(bytes, at, rows[y - sheet.top] ?? shore, light, palette.sun, glint * 0.85);
    bytes[at + 3] = 255;
  });
  if (mirror > 0) paintMirror(world, sheet, beyond, water);
  return [toLayer(sheet), glitter(world, water, path)];
}

/** Draws what stands beyond the shore upside down, row by row, each pushed aside by its ripple. */
function paintMirror(
  world: World,
  sheet: ReturnType<typeof createSheet>,
  beyond: readonly Part[],
  { top, mirror, rough }: Water,
): void {
  const { noise, unit, brief } = world;
  const left = -sheet.left;
  const picture = createCanvas(sheet.canvas.width, Math.max(2, Math.ceil(top)));
  const mirrored = picture.getContext("2d");
  mirrored.translate(left, 0);
  const still = createCamera({
    move: "static",
    width: world.width,
    height: world.height,
    focusY: world.horizon,
    durationMs: 0,
    still: true,
  });
  drawParts(mirrored, beyond, still, { at: 0, seconds: 0 });
  const offset = randomFor(brief.seed, "mirror").between(0, 100);
  const span = Math.max(1, world.height - top);
  const { ctx } = sheet;
  const reach = Math.min(sheet.bottom, top + span * 0.98);
  for (let y = Math.ceil(top); y < reach; y += 1) {
    const near = (y - top) / span;
    const push = noise(offset, Math.log(near + 0.02) * 26) * unit * (0.004 + near * 0.05) * (0.25 + rough);
    const source = top - (y - top) * 1.02 - 1 + noise(offset + 9, Math.log(near + 0.02) * 30) * unit * 0.012 * near;
    if (source < 0 || source >= top - 1) continue;
    ctx.globalAlpha = mirror * (1 - 0.75 * near);
    ctx.drawImage(picture, 0, source, picture.width, 1, sheet.left + push, y, picture.width, 1);
  }
  ctx.globalAlpha = 1;
}

/** Short strokes of light that come and go. */
function glitter(world: World, { top, bottom, depth }: Water, path: number): Actor {
  const { unit, sun, palette } = world;
  const random = randomFor(world.brief.seed, "glitter");
  const strokes = Array.from({ length: 110 }, () => {
    const near = random.next() ** 1.5;
    const spread = (random.next() + random.next() + random.next() - 1.5) * (0.05 + near * 0.3);
    const loose = random.chance(0.25);
    return {
      x: loose ? random.between(-0.1, 1.1) * world.width : sun.x + spread * unit,
      y: top + 2 + near * (bottom - top - 4),
      long: unit * (0.006 + near * 0.05) * random.between(0.5, 1.4),
      thick: unit * (0.0011 + near * 0.0034),
      phase: random.between(0, 6.28),
      speed: random.between(0.9, 2.6),
      most: (loose ? 0.3 : 0.95) * (0.3 + 0.7 * path),
    };
  });
  return {
    kind: "actor",
    depth,
    draw(ctx, seconds) {
      ctx.fillStyle = css(palette.sun);
      for (const stroke of strokes) {
        const shine = Math.sin(stroke.phase + seconds * stroke.speed);
        if (shine <= 0) continue;
        ctx.globalAlpha = shine * shine * stroke.most;
        const long = stroke.long * (0.5 + shine * 0.5);
        ctx.beginPath();
        ctx.ellipse(
          stroke.x + Math.sin(seconds * 0.7 + stroke.phase) * unit * 0.004,
          stroke.y,
          long,
          stroke.thick,
          0,
          0,
          Math.PI * 2,
        );
        ctx.fill();
      }
      ctx.globalAlpha = 1;
    },
  };
}
