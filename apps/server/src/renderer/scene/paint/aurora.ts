import { rgb, shift } from "../color.ts";
import { fbm, smoothstep, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import type { Layer, World } from "../World.ts";

/** Curtains of light: each hangs from a wandering line, bright below and torn into rays above. */
export function paintAurora(world: World): Layer {
  const { unit, noise, brief, horizon } = world;
  const sheet = createSheet(world, 0.02, -world.height, horizon);
  const random = randomFor(brief.seed, "aurora");
  const green = shift(rgb("#4ef0a8"), { turn: random.between(-14, 14) });
  const violet = shift(rgb("#9a6cf0"), { turn: random.between(-20, 20) });
  const curtains = Array.from({ length: 3 }, (_, index) => ({
    at: random.between(0, 90),
    foot: horizon * (0.78 - index * 0.2),
    tall: unit * random.between(0.3, 0.5),
    bright: 1 - index * 0.22,
  }));
  const seed = brief.seed ^ 0xa070;
  eachPixel(sheet, (x, y, bytes, at) => {
    const px = x / unit;
    let [glow, high] = [0, 0];
    for (const { at: offset, foot, tall, bright } of curtains) {
      const line = foot + unit * 0.26 * fbm(noise, px * 1.5 + offset, offset, 3);
      const up = (line - y) / tall;
      if (up < -0.06 || up > 1) continue;
      const rays = 0.45 + 0.75 * fbm(noise, px * 16 + offset + up * 0.7, offset + up * 0.5, 3);
      const patch = smoothstep(-0.35, 0.4, fbm(noise, px * 1.1 + offset * 2, offset, 2));
      const light = bright * patch * Math.max(0, rays) * smoothstep(-0.06, 0.05, up) * (1 - up) ** 1.7;
      glow += light;
      high += light * up;
    }
    if (glow <= 0) return;
    const tint = Math.min(1, (high / glow) * 1.9);
    for (let channel = 0; channel < 3; channel += 1) {
      bytes[at + channel] = (green[channel] ?? 0) * (1 - tint) + (violet[channel] ?? 0) * tint;
    }
    bytes[at + 3] = Math.min(225, glow * 250 * (0.9 + 0.2 * speck(x, y, seed)));
  });
  return toLayer(sheet, { blend: "screen" });
}
