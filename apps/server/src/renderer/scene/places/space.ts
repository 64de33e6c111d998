import { mix, rgb, shift } from "../color.ts";
import { fbm, smoothstep, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { facets, sharpRidge, surface } from "../paint/surface.ts";
import { createRamp, putRamp } from "../paint/ramp.ts";
import { paintMist } from "../paint/mist.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import { drawPerson } from "../subjects/figures.ts";
import type { Layer, Part, World } from "../World.ts";

/** A planet with a ring, nebulae, and the ground of another world. */
export function space(world: World): Part[] {
  const { height, unit, width, brief, palette, noise } = world;
  const random = randomFor(brief.seed, "space");
  const cloud = createSheet(world, 0.03);
  const tones = [
    shift(palette.sky[2], { light: 0.14, chroma: 1.7 }),
    shift(palette.sky[3], { light: 0.12, chroma: 1.5, turn: random.between(60, 140) }),
  ] as const;
  const seed = brief.seed ^ 0x5e11;
  const lean = random.between(0.2, 0.7);
  eachPixel(cloud, (x, y, bytes, at) => {
    const px = (x / unit) * 1.5 + 7;
    const py = (y / unit) * 1.5 + (x / unit) * lean;
    const body = fbm(noise, px + fbm(noise, py * 1.4, px, 3) * 1.2, py, 5);
    const dot = speck(x, y, seed);
    const tone = smoothstep(-0.3, 0.3, noise(px * 0.7, py * 0.9 + 40));
    const color = mixFast(tones[0], tones[1], tone);
    bytes[at] = color[0];
    bytes[at + 1] = color[1];
    bytes[at + 2] = color[2];
    bytes[at + 3] = 190 * smoothstep(-0.12, 0.62, body) * (0.75 + dot * 0.5);
  });
  const parts: Part[] = [toLayer(cloud)];
  parts.push(
    planet(world, {
      x: width * random.between(0.58, 0.7),
      y: height * 0.34,
      size: Math.min(width, height) * 0.24,
      ring: random.chance(0.75),
      own: random.pick(["#d98f5c", "#6f9fc4", "#c46f8a", "#8fae86"]),
      part: "planet",
      depth: 0.1,
    }),
  );
  parts.push(
    planet(world, {
      x: width * random.between(0.16, 0.3),
      y: height * random.between(0.16, 0.28),
      size: Math.min(width, height) * 0.05,
      ring: false,
      own: "#cfc6b8",
      part: "moon",
      depth: 0.06,
    }),
  );
  const face = facets(world, "crag", 4.5);
  for (const [index, depth] of [0.35, 0.6, 0.92].entries()) {
    const ridge = sharpRidge(
      world,
      `crag${index}`,
      height * (0.86 + index * 0.1),
      0.2 - index * 0.045,
      1.6 + index * 0.3,
      5,
    );
    parts.push(
      paintTerrain(world, {
        depth,
        ridge,
        shade: (x, below) => 0.46 + face(x, below) * 0.45 - below * 0.6,
        colors: surface(world, "#5a5470", depth),
        mist: { color: mix(palette.haze, tones[1], 0.4), from: 0.05, to: 0.26, most: 0.6 * (1 - depth) },
        bottom: height,
        onTop: ({ ctx }) => {
          if (index === 1 && brief.subjects.includes("person"))
            drawPerson(ctx, world, { x: width * 0.34, y: ridge(width * 0.34) + unit * 0.01, tall: unit * 0.16 });
        },
      }),
    );
    if (index < 2)
      parts.push(
        paintMist(world, `dust${index}`, {
          depth: depth + 0.05,
          middle: height * (0.88 + index * 0.08),
          thick: 0.08,
          most: 0.4,
          color: mix(palette.haze, tones[1], 0.5),
        }),
      );
  }
  return parts;
}

const mixFast = (
  a: readonly [number, number, number],
  b: readonly [number, number, number],
  t: number,
): [number, number, number] => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];

function planet(
  world: World,
  at: {
    readonly x: number;
    readonly y: number;
    readonly size: number;
    readonly ring: boolean;
    readonly own: string;
    readonly part: string;
    readonly depth: number;
  },
): Layer {
  const { noise, palette, brief } = world;
  const { x: cx, y: cy, size, ring, own, part, depth } = at;
  const sheet = createSheet(world, depth, cy - size * 1.3, cy + size * 1.3);
  const color = rgb(own);
  const ramp = createRamp(
    mix(color, palette.ink, 0.93),
    mix(color, palette.ink, 0.3),
    mix(color, rgb("#fff2dc"), 0.62),
  );
  const offset = randomFor(brief.seed, part).between(0, 60);
  const seed = brief.seed ^ 0x91a7;
  const tilt = -0.32;
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  eachPixel(sheet, (x, y, bytes, pixel) => {
    const px = (x - cx) / size;
    const py = (y - cy) / size;
    const out = px * px + py * py;
    const dot = speck(x, y, seed) - 0.5;
    if (out < 1.02) {
      const z = Math.sqrt(Math.max(0, 1 - out));
      const band = px * sin + py * cos;
      const swirl = fbm(noise, band * 6.5 + offset, (px * cos) / (0.4 + z) + offset, 4);
      const light = -px * 0.66 - py * 0.4 + z * 0.52;
      putRamp(
        bytes,
        pixel,
        ramp,
        light * 0.86 + 0.08 + swirl * 0.3 + Math.sin(band * 17 + swirl * 4) * 0.05 + dot * 0.24,
        palette.sky[3],
        Math.max(0, out - 0.8) * 1.3 * Math.max(0, light),
      );
      bytes[pixel + 3] = 255 * (1 - smoothstep(1 - 3 / size, 1, Math.sqrt(out)));
    } else {
      const halo = Math.exp(-(Math.sqrt(out) - 1) * 11) * 0.32 * Math.max(0, 0.35 - px * 0.6 - py * 0.4);
      bytes[pixel] = palette.sky[3][0];
      bytes[pixel + 1] = palette.sky[3][1];
      bytes[pixel + 2] = palette.sky[3][2];
      bytes[pixel + 3] = 255 * halo;
    }
    if (!ring) return;
    const rx = px * cos - py * sin;
    const ry = (px * sin + py * cos) * 4.2;
    const span = Math.sqrt(rx * rx + ry * ry);
    if (span < 1.28 || span > 2.05 || (out < 1 && ry < 0)) return;
    const lines = 0.5 + 0.5 * noise(span * 24, 3) + dot * 0.5;
    const alpha = Math.max(0, lines) * smoothstep(1.28, 1.36, span) * (1 - smoothstep(1.92, 2.05, span)) * 0.9;
    const shadow = rx > 0.1 && ry < 0.6 && Math.abs(rx - 0.9) < 0.55 && out < 1.7 ? 0.4 : 1;
    const tone = mix(color, rgb("#fff0da"), 0.55);
    const keep = 1 - alpha;
    for (let channel = 0; channel < 3; channel += 1)
      bytes[pixel + channel] = (bytes[pixel + channel] ?? 0) * keep + (tone[channel] ?? 0) * alpha * shadow;
    bytes[pixel + 3] = Math.max(bytes[pixel + 3] ?? 0, 255 * alpha);
  });
  return toLayer(sheet);
}
