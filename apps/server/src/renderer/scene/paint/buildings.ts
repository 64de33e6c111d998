import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, rgb, shift } from "../color.ts";
import type { Rgb } from "../color.ts";
import { smoothstep, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import type { Random } from "../random.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import type { Layer, World } from "../World.ts";
import { surface } from "./surface.ts";

const NEON = ["#ff3d81", "#29e6e0", "#ffb02e", "#9b5cff", "#ff5a36", "#3d8bff"] as const;

export interface Block {
  readonly depth: number;
  /** Where the houses stand. */
  readonly ground: number;
  /** Lowest and highest roof, in units above the ground. */
  readonly low: number;
  readonly high: number;
  /** Narrowest and widest front, in units. */
  readonly narrow: number;
  readonly wide: number;
  /** The side of the street to leave free: houses stand only further than this from the middle, in pixels. */
  readonly gap?: number;
  readonly own: string;
  readonly part: string;
  readonly misty?: number;
}

/** A row of houses or towers with lit windows, their feet in the haze. */
export function paintBuildings(world: World, block: Block): Layer {
  const { unit, width, brief, palette } = world;
  const { depth, ground, low, high, narrow, wide, gap = 0, part, misty = 0.7 } = block;
  const sheet = createSheet(world, depth, ground - (high + 0.14) * unit, gap > 0 ? ground : world.height);
  const { ctx } = sheet;
  // Lit walls stand out of the haze sooner than hills do.
  const colors = surface(world, block.own, depth + (1 - depth) * 0.24);
  const random = randomFor(brief.seed, part);
  const sunSide = world.sun.x < width / 2 ? -1 : 1;
  const house = (x: number, span: number, tall: number): void => {
    const own = randomFor(brief.seed, `${part}${Math.round((x / unit) * 50)}`);
    const top = ground - tall * unit;
    const tone = mix(colors[1], own.chance(0.5) ? colors[0] : colors[2], own.between(0, 0.42));
    ctx.fillStyle = css(tone);
    ctx.fillRect(x, top, span, sheet.bottom - top);
    drawRoof(ctx, own, { x, top, span, unit, color: css(tone), dark: css(mix(tone, palette.ink, 0.4)), tall });
    const shadow = ctx.createLinearGradient(x, 0, x + span, 0);
    shadow.addColorStop(sunSide > 0 ? 0 : 1, css(colors[0], 0.75));
    shadow.addColorStop(0.5, css(colors[0], 0.12));
    shadow.addColorStop(sunSide > 0 ? 1 : 0, css(colors[2], palette.dark ? 0.12 : 0.42));
    ctx.fillStyle = shadow;
    ctx.fillRect(x, top, span, sheet.bottom - top);
    drawWindows(ctx, own, world, {
      x,
      top,
      span,
      depth,
      foot: gap > 0 ? ground - unit * 0.07 * (0.4 + depth) : Number.POSITIVE_INFINITY,
      tone,
    });
    if (gap > 0) drawShop(ctx, own, world, { x, span, ground, depth });
    if (brief.neon && depth > 0.3) drawSigns(ctx, own, world, { x, top, span, depth, inner: gap > 0 });
  };
  if (gap > 0) {
    for (const side of [-1, 1]) {
      let edge = width / 2 + side * gap;
      while (side < 0 ? edge > -width * 0.5 : edge < width * 1.5) {
        const span = random.between(narrow, wide) * unit;
        house(side < 0 ? edge - span : edge, span + 1, random.between(low, high));
        edge += side * span;
      }
    }
  } else {
    let x = -width * 0.5;
    while (x < width * 1.5) {
      const span = random.between(narrow, wide) * unit;
      const swell = 0.55 + 0.45 * world.noise((x / unit) * 0.8 + depth * 40, depth * 17);
      const tall = low + (high - low) * Math.min(1, Math.max(0, swell * random.between(0.45, 1.15)));
      house(x, span + 1, tall);
      x += span + (random.chance(0.2) ? random.between(0, narrow) * unit * 0.5 : 0);
    }
  }
  const seed = brief.seed ^ Math.round(depth * 7919);
  eachPixel(sheet, (x, y, bytes, at) => {
    if (bytes[at + 3] === 0) return;
    const dot = speck(x, y, seed) - 0.5;
    const veil = misty * smoothstep(-high * unit * 0.75, high * unit * 0.02, y - ground + dot * unit * 0.05);
    for (let channel = 0; channel < 3; channel += 1) {
      const value = bytes[at + channel] ?? 0;
      bytes[at + channel] = value + ((palette.haze[channel] ?? 0) - value) * veil + dot * 15;
    }
  });
  return toLayer(sheet);
}

function drawRoof(
  ctx: SKRSContext2D,
  random: Random,
  at: {
    readonly x: number;
    readonly top: number;
    readonly span: number;
    readonly unit: number;
    readonly color: string;
    readonly dark: string;
    readonly tall: number;
  },
): void {
  const { x, top, span, unit, color, dark, tall } = at;
  ctx.fillStyle = color;
  const kind = random.whole(0, 5);
  if (kind === 0 && tall > 0.25) {
    ctx.fillRect(x + span * 0.2, top - unit * 0.022, span * 0.6, unit * 0.024);
    ctx.fillRect(x + span * 0.36, top - unit * 0.042, span * 0.28, unit * 0.024);
    ctx.fillRect(x + span * 0.49, top - unit * 0.1, Math.max(1, unit * 0.0032), unit * 0.06);
  } else if (kind === 1) {
    ctx.beginPath();
    ctx.moveTo(x, top + 1);
    ctx.lineTo(x + span * random.between(0.3, 0.7), top - unit * 0.03);
    ctx.lineTo(x + span, top + 1);
    ctx.fill();
  } else if (kind === 2) {
    ctx.fillRect(x + span * 0.15, top - unit * 0.026, span * 0.22, unit * 0.028);
    ctx.fillStyle = dark;
    ctx.fillRect(x + span * 0.6, top - unit * 0.018, span * 0.18, unit * 0.02);
  } else if (kind === 3 && tall > 0.4) {
    ctx.fillRect(x + span * 0.3, top - unit * 0.07, Math.max(1, unit * 0.003), unit * 0.075);
    ctx.fillRect(x + span * 0.62, top - unit * 0.045, Math.max(1, unit * 0.003), unit * 0.05);
  }
}

function drawWindows(
  ctx: SKRSContext2D,
  random: Random,
  world: World,
  at: {
    readonly x: number;
    readonly top: number;
    readonly span: number;
    readonly depth: number;
    readonly foot: number;
    readonly tone: Rgb;
  },
): void {
  const { palette, unit, height } = world;
  const { x, top, span, depth, foot, tone } = at;
  const cell = unit * (0.011 + depth * 0.024);
  const columns = Math.max(2, Math.floor(span / (cell * 1.35)));
  const step = span / columns;
  const litShare = palette.dark ? random.between(0.12, 0.5) : 0.05;
  const pane = css(mix(tone, palette.dark ? palette.ink : palette.sky[1], palette.dark ? 0.35 : 0.3), 0.75);
  const lamp = shift(palette.accent, { light: 0.04 });
  const glow = [
    css(lamp),
    css(mix(lamp, rgb("#fff4d8"), 0.5)),
    css(mix(lamp, palette.sky[2], 0.5)),
    css(mix(lamp, rgb("#ff8a5c"), 0.35)),
  ];
  const strip = random.chance(0.25);
  for (let y = top + cell; y < Math.min(height * 1.1, top + unit * 1.6, foot - cell); y += cell * 1.55) {
    const rowDark = random.chance(0.14);
    for (let column = 0; column < columns; column += 1) {
      const shines = !rowDark && random.chance(litShare);
      ctx.fillStyle = shines ? (glow[random.whole(0, 3)] ?? pane) : pane;
      ctx.globalAlpha = shines ? random.between(0.55, 1) * (0.5 + depth * 0.5) : 0.55;
      if (strip) ctx.fillRect(x + step * column + 1, y, step - 1, cell * 0.6);
      else ctx.fillRect(x + step * column + step * 0.22, y, step * 0.56, cell * 0.85);
    }
  }
  ctx.globalAlpha = 1;
}

/** The ground floor of a street: a lit shop window under an awning, or a dark door. */
function drawShop(
  ctx: SKRSContext2D,
  random: Random,
  world: World,
  {
    x,
    span,
    ground,
    depth,
  }: { readonly x: number; readonly span: number; readonly ground: number; readonly depth: number },
): void {
  const { unit, palette, brief } = world;
  const tall = unit * 0.085 * (0.35 + depth);
  const open = random.chance(palette.dark ? 0.75 : 0.5);
  const warm = mix(palette.accent, rgb("#fff0d0"), 0.35);
  const color = brief.neon ? rgb(random.pick(NEON)) : warm;
  ctx.fillStyle = css(
    open ? mix(color, palette.haze, (1 - depth) * 0.4) : mix(palette.ink, palette.haze, (1 - depth) * 0.5),
    open ? 0.85 : 0.7,
  );
  ctx.fillRect(x + span * 0.1, ground - tall, span * 0.56, tall * 0.86);
  ctx.fillStyle = css(mix(palette.ink, palette.haze, (1 - depth) * 0.5), 0.8);
  ctx.fillRect(x + span * 0.72, ground - tall * 0.95, span * 0.18, tall * 0.95);
  for (const bar of [0.28, 0.46]) ctx.fillRect(x + span * bar, ground - tall, Math.max(1, unit * 0.002), tall * 0.86);
  ctx.fillStyle = css(
    mix(
      mix(rgb(random.pick(["#b8473a", "#2f6f73", "#c9953f", "#56517f"])), palette.ink, palette.dark ? 0.45 : 0.12),
      palette.haze,
      (1 - depth) * 0.5,
    ),
  );
  ctx.beginPath();
  ctx.moveTo(x + span * 0.08, ground - tall * 1.28);
  ctx.lineTo(x + span * 0.68, ground - tall * 1.28);
  ctx.lineTo(x + span * 0.71, ground - tall * 0.95);
  ctx.lineTo(x + span * 0.05, ground - tall * 0.95);
  ctx.fill();
}

function drawSigns(
  ctx: SKRSContext2D,
  random: Random,
  world: World,
  at: {
    readonly x: number;
    readonly top: number;
    readonly span: number;
    readonly depth: number;
    readonly inner: boolean;
  },
): void {
  const { unit, width } = world;
  const { x, top, span, depth } = at;
  const count = random.whole(1, depth > 0.6 ? 3 : 2);
  const faces = x + span / 2 < width / 2 ? x + span : x;
  for (let index = 0; index < count; index += 1) {
    const color = rgb(random.pick(NEON));
    const tall = unit * random.between(0.07, 0.2) * (0.5 + depth);
    const wide = unit * random.between(0.025, 0.04) * (0.5 + depth);
    const left = at.inner
      ? faces === x
        ? x - wide * 0.7
        : x + span - wide * 0.3
      : x + random.between(0.1, 0.8) * span;
    const y = Math.max(top + unit * 0.05, world.horizon - unit * random.between(0.08, 0.5) * (0.5 + depth));
    ctx.save();
    ctx.shadowColor = css(color);
    ctx.shadowBlur = unit * 0.05;
    ctx.fillStyle = css(mix(color, rgb("#12081f"), 0.62), 0.94);
    ctx.fillRect(left, y, wide, tall);
    ctx.shadowBlur = unit * 0.03;
    ctx.strokeStyle = css(mix(color, rgb("#ffffff"), 0.25));
    ctx.lineWidth = Math.max(1, unit * 0.0035);
    ctx.strokeRect(left, y, wide, tall);
    // Strokes that look like writing from across the street, in no language.
    ctx.lineWidth = Math.max(1, unit * 0.0042);
    ctx.strokeStyle = css(mix(color, rgb("#ffffff"), 0.55));
    for (let line = y + wide * 0.55; line < y + tall - wide * 0.4; line += wide * 0.8) {
      ctx.beginPath();
      ctx.moveTo(left + wide * 0.25, line);
      ctx.lineTo(left + wide * 0.75, line);
      if (random.chance(0.7)) {
        ctx.moveTo(left + wide * 0.5, line - wide * 0.22);
        ctx.lineTo(left + wide * random.between(0.3, 0.7), line + wide * 0.24);
      }
      if (random.chance(0.5)) ctx.rect(left + wide * 0.3, line - wide * 0.16, wide * 0.4, wide * 0.3);
      ctx.stroke();
    }
    ctx.restore();
  }
}
