import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix } from "../color.ts";
import { fbm, smoothstep, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import type { Actor, Layer, Part, World } from "../World.ts";
import { createRamp, putRamp } from "./ramp.ts";

/** The vault, with its light, and the sun or moon where there is one. */
export function paintSky(
  world: World,
  { disc = true, to = world.height }: { readonly disc?: boolean; readonly to?: number } = {},
): Layer {
  const { palette, sun, unit, horizon, brief } = world;
  const sheet = createSheet(world, 0, -world.height, to);
  const { ctx } = sheet;
  const vault = ctx.createLinearGradient(0, Math.min(sheet.top, 0), 0, horizon);
  // Many mixed stops, because a canvas mixes in sRGB, which greys the middle of a sunset.
  for (let step = 0; step <= 24; step += 1) {
    const at = step / 24;
    const part = Math.min(2, Math.floor(at * 3));
    vault.addColorStop(
      at,
      css(mix(palette.sky[part] ?? palette.haze, palette.sky[part + 1] ?? palette.haze, at * 3 - part)),
    );
  }
  ctx.fillStyle = vault;
  ctx.fillRect(sheet.left, sheet.top, sheet.canvas.width, sheet.canvas.height);
  const overcast = brief.weather === "storm" || brief.weather === "rain";
  const strength = overcast ? 0.3 : brief.time === "night" ? 0.42 : 0.8;
  for (const [radius, alpha] of [
    [1.25, 0.34],
    [0.55, 0.4],
    [0.2, 0.5],
  ] as const) {
    const glow = ctx.createRadialGradient(sun.x, sun.y, 0, sun.x, sun.y, radius * unit);
    for (let step = 0; step <= 10; step += 1) {
      const fall = (1 - step / 10) ** 2.2;
      glow.addColorStop(step / 10, css(mix(palette.sun, palette.sky[3], 0.35), alpha * strength * fall));
    }
    ctx.globalCompositeOperation = brief.time === "night" ? "screen" : "source-over";
    ctx.fillStyle = glow;
    ctx.fillRect(sheet.left, sheet.top, sheet.canvas.width, sheet.canvas.height);
  }
  ctx.globalCompositeOperation = "source-over";
  if (disc && !overcast && brief.weather !== "fog") paintDisc(world, ctx);
  const seed = brief.seed ^ 0x51ab;
  eachPixel(sheet, (x, y, bytes, at) => {
    const dot = (speck(x, y, seed) - 0.5) * 13;
    bytes[at] = (bytes[at] ?? 0) + dot;
    bytes[at + 1] = (bytes[at + 1] ?? 0) + dot;
    bytes[at + 2] = (bytes[at + 2] ?? 0) + dot;
  });
  return toLayer(sheet);
}

function paintDisc(world: World, ctx: SKRSContext2D): void {
  const { palette, sun, unit, brief } = world;
  const moonlit = brief.time === "night" || brief.time === "blue" || brief.subjects.includes("moon");
  const size =
    unit *
    (moonlit ? 0.055 : brief.place === "abstract" ? 0.13 : 0.062) *
    (brief.subjects.includes("moon") || brief.subjects.includes("sun") ? 1.45 : 1);
  ctx.fillStyle = css(palette.sun);
  ctx.beginPath();
  ctx.arc(sun.x, sun.y, size, 0, Math.PI * 2);
  ctx.fill();
  if (!moonlit) return;
  ctx.save();
  ctx.clip();
  ctx.fillStyle = css(mix(palette.sun, palette.sky[1], 0.3), 0.55);
  for (const [dx, dy, r] of [
    [-0.3, -0.2, 0.26],
    [0.25, 0.1, 0.34],
    [-0.15, 0.45, 0.2],
    [0.4, -0.42, 0.14],
    [-0.55, 0.2, 0.12],
  ] as const) {
    ctx.beginPath();
    ctx.arc(sun.x + dx * size, sun.y + dy * size, r * size, 0, Math.PI * 2);
    ctx.fill();
  }
  ctx.restore();
}

/** Stars that twinkle a little, and the faint band of the galaxy. */
export function paintStars(world: World, amount: number): Part[] {
  const { palette, unit, brief, noise } = world;
  const sheet = createSheet(world, 0, -world.height, world.horizon);
  const seed = brief.seed ^ 0x77aa;
  const tilt = randomFor(brief.seed, "galaxy").between(-0.7, 0.7);
  const middle = world.horizon * 0.4;
  eachPixel(sheet, (x, y, bytes, at) => {
    const off = (y - middle - (x - world.width / 2) * tilt) / unit;
    const band = Math.exp(-off * off * 14) * (0.45 + 0.75 * fbm(noise, (x / unit) * 4 + 3, (y / unit) * 4, 4));
    const dust = Math.max(0, band) * 0.62 * amount;
    const veil = 1 - smoothstep(0.55, 1, y / world.horizon);
    const dot = speck(x, y, seed);
    const star = dot > 0.99955 - 0.0011 * Math.max(0, band) ? 0.4 + speck(y, x, seed) * 0.5 : 0;
    const alpha = Math.min(1, (dust * (0.7 + dot * 0.5) + star) * veil * amount);
    bytes[at] = palette.sun[0];
    bytes[at + 1] = palette.sun[1];
    bytes[at + 2] = 236;
    bytes[at + 3] = alpha * 255;
  });
  const random = randomFor(brief.seed, "stars");
  const bright = Array.from({ length: Math.round(70 * amount) }, () => ({
    x: random.between(-0.2, 1.2) * world.width,
    y: random.next() ** 1.3 * world.horizon * 0.85,
    r: unit * random.between(0.0009, 0.0023),
    phase: random.between(0, 6.28),
    speed: random.between(1.2, 3.4),
  }));
  const twinkle: Actor = {
    kind: "actor",
    depth: 0,
    draw(ctx, seconds) {
      ctx.fillStyle = css(palette.sun);
      for (const star of bright) {
        ctx.globalAlpha = 0.62 + 0.34 * Math.sin(star.phase + seconds * star.speed);
        ctx.beginPath();
        ctx.arc(star.x, star.y, star.r, 0, Math.PI * 2);
        ctx.fill();
      }
      ctx.globalAlpha = 1;
    },
  };
  return [toLayer(sheet), twinkle];
}

/** Clouds by noise, stretched flat toward the horizon and lit from the sun's side. */
export function paintClouds(world: World, cover: number): Layer {
  const { palette, unit, noise, brief, sun } = world;
  const sheet = createSheet(world, 0.04, -world.height, world.horizon);
  const ramp = createRamp(palette.cloudDark, mix(palette.cloudDark, palette.cloudLight, 0.55), palette.cloudLight);
  const offset = randomFor(brief.seed, "clouds").between(0, 90);
  const seed = brief.seed ^ 0xc10d;
  const storm = brief.weather === "storm";
  const density = (x: number, y: number): number => {
    const far = Math.max(0.12, 1 - y / world.horizon);
    const px = (x / unit) * (1.5 / (0.35 + far)) + offset;
    const py = (y / unit) * (5.2 / (0.25 + far)) + offset;
    return fbm(noise, px + 0.6 * noise(px * 0.6, py * 0.6), py, 5);
  };
  eachPixel(sheet, (x, y, bytes, at) => {
    const here = density(x, y);
    const edge = 0.34 - cover * 0.5;
    const dot = speck(x, y, seed) - 0.5;
    const thick = smoothstep(edge, edge + 0.24, here + dot * 0.035);
    if (thick <= 0) return;
    const towards = Math.max(-1, Math.min(1, (sun.x - x) / (unit * 0.4))) * unit * 0.014;
    const light =
      0.62 + (here - density(x + towards, y - unit * 0.02)) * 2.4 - (here - edge) * (storm ? 1.3 : 0.55) + dot * 0.16;
    const low = smoothstep(0.7, 1, y / world.horizon);
    putRamp(bytes, at, ramp, light, palette.haze, low * 0.6);
    bytes[at + 3] = 255 * thick * (0.94 - low * 0.55);
  });
  return toLayer(sheet);
}
