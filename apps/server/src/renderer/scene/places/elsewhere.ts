import { css, mix, rgb, shift } from "../color.ts";
import { fbm, smoothstep, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { facets, sharpRidge, softRidge, surface } from "../paint/surface.ts";
import { createRamp, putRamp } from "../paint/ramp.ts";
import { paintMist } from "../paint/mist.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import { drawPerson } from "../subjects/figures.ts";
import type { Layer, Part, World } from "../World.ts";

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
          const bright = smoothstep(-0.05, 0.05, flank - crest + 0.42 + side * slope * 0.55);
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
  const { noise, palette, brief, unit } = world;
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
  void unit;
  return toLayer(sheet);
}

/** A room and the world through its window. */
export function room(world: World): Part[] {
  const { width, height, unit, palette, brief, sun } = world;
  const random = randomFor(brief.seed, "room");
  const floorY = height * 0.86;
  const pane = {
    x: width / 2 - Math.min(width * 0.3, unit * 0.5),
    y: height * 0.13,
    w: Math.min(width * 0.6, unit),
    h: height * 0.56,
  };
  const outside: Part[] = [0.1, 0.2, 0.3].map((depth, index) =>
    paintTerrain(world, {
      depth,
      ridge: (index === 0 ? sharpRidge : softRidge)(
        world,
        `outside${index}`,
        pane.y + pane.h * (0.78 + index * 0.16),
        0.2 - index * 0.03,
        1.2 + index * 0.4,
      ),
      shade: (x, below) => 0.5 - below * 0.8 + 0.2 * fbm(world.noise, (x / unit) * 6, below * 18 + index, 3),
      colors: surface(world, ["#6d7788", "#6c7f78", "#4f6b4a"][index] ?? "#6d7788", depth + 0.15),
      mist: { color: palette.haze, from: 0.04, to: 0.22, most: 0.75 },
      bottom: height,
    }),
  );
  const sheet = createSheet(world, 0.6);
  const { ctx } = sheet;
  const [wallDark, wall, wallLight] = surface(
    world,
    random.pick(["#b98f74", "#7f8f92", "#a88a96", "#8c8a6a"]),
    0.96,
    1,
  );
  ctx.fillStyle = css(mix(wall, wallDark, 0.55));
  ctx.fillRect(sheet.left, sheet.top, sheet.canvas.width, sheet.canvas.height);
  const spill = ctx.createRadialGradient(
    width / 2,
    pane.y + pane.h * 0.5,
    unit * 0.1,
    width / 2,
    pane.y + pane.h * 0.5,
    unit * 0.95,
  );
  for (let step = 0; step <= 8; step += 1) spill.addColorStop(step / 8, css(wallLight, 0.6 * (1 - step / 8) ** 1.6));
  ctx.fillStyle = spill;
  ctx.fillRect(sheet.left, sheet.top, sheet.canvas.width, sheet.canvas.height);
  const [floorDark, floor, floorLight] = surface(world, "#8a5f42", 0.97);
  ctx.fillStyle = css(mix(floor, floorDark, 0.6));
  ctx.fillRect(sheet.left, floorY, sheet.canvas.width, sheet.bottom - floorY);
  ctx.fillStyle = css(mix(wallDark, palette.ink, 0.3));
  ctx.fillRect(sheet.left, floorY - unit * 0.02, sheet.canvas.width, unit * 0.02);
  const skew = (sun.x < width / 2 ? 1 : -1) * unit * 0.16;
  for (const half of [0, 1]) {
    const x = pane.x + half * pane.w * 0.5 + skew * 0.4;
    const light = ctx.createLinearGradient(0, floorY, 0, height);
    light.addColorStop(0, css(mix(floorLight, palette.sun, 0.6), brief.weather === "rain" ? 0.25 : 0.7));
    light.addColorStop(1, css(floorLight, 0.05));
    ctx.fillStyle = light;
    ctx.beginPath();
    ctx.moveTo(x + pane.w * 0.03, floorY);
    ctx.lineTo(x + pane.w * 0.47, floorY);
    ctx.lineTo(x + pane.w * 0.47 + skew * 1.4, height * 1.05);
    ctx.lineTo(x + pane.w * 0.03 + skew * 1.4, height * 1.05);
    ctx.fill();
  }
  ctx.clearRect(pane.x, pane.y, pane.w, pane.h);
  const frame = css(mix(wallDark, palette.ink, 0.45));
  ctx.fillStyle = frame;
  const bar = unit * 0.016;
  ctx.fillRect(pane.x - bar, pane.y - bar, pane.w + bar * 2, bar * 1.4);
  ctx.fillRect(pane.x - bar, pane.y, bar * 1.4, pane.h);
  ctx.fillRect(pane.x + pane.w - bar * 0.4, pane.y, bar * 1.4, pane.h);
  ctx.fillRect(pane.x + pane.w / 2 - bar / 2, pane.y, bar, pane.h);
  ctx.fillRect(pane.x, pane.y + pane.h * 0.32, pane.w, bar * 0.7);
  ctx.fillStyle = css(mix(wallLight, palette.sun, 0.25));
  ctx.fillRect(pane.x - bar * 3, pane.y + pane.h - bar * 0.3, pane.w + bar * 6, bar * 1.6);
  for (const side of [-1, 1])
    curtain(world, ctx, side < 0 ? pane.x - unit * 0.03 : pane.x + pane.w + unit * 0.03, side, pane);
  const seed = brief.seed ^ 0x400d;
  eachPixel(sheet, (x, y, bytes, at) => {
    if (bytes[at + 3] === 0) return;
    const dot = (speck(x, y, seed) - 0.5) * 20 + fbm(world.noise, (x / unit) * 5, (y / unit) * 5, 3) * 9;
    for (let channel = 0; channel < 3; channel += 1) bytes[at + channel] = (bytes[at + channel] ?? 0) + dot;
  });
  return [...outside, toLayer(sheet), furniture(world)];
}

function curtain(
  world: World,
  ctx: ReturnType<typeof createSheet>["ctx"],
  x: number,
  side: number,
  pane: { readonly y: number; readonly h: number },
): void {
  const { unit, palette } = world;
  const [dark, base, light] = surface(world, "#d9c3ae", 0.96);
  for (let fold = 0; fold < 6; fold += 1) {
    const left = x + side * (fold - 2.2) * unit * 0.026;
    const cloth = ctx.createLinearGradient(left - unit * 0.014, 0, left + unit * 0.014, 0);
    cloth.addColorStop(0, css(dark, 0.97));
    cloth.addColorStop(0.5, css(fold % 2 ? base : mix(light, palette.sun, 0.15), 0.97));
    cloth.addColorStop(1, css(dark, 0.97));
    ctx.fillStyle = cloth;
    ctx.beginPath();
    ctx.moveTo(left - unit * 0.015, pane.y - unit * 0.06);
    ctx.lineTo(left + unit * 0.015, pane.y - unit * 0.06);
    ctx.quadraticCurveTo(
      left + unit * 0.012,
      pane.y + pane.h * 0.6,
      left + unit * 0.018 + side * unit * 0.012,
      pane.y + pane.h + unit * 0.12,
    );
    ctx.lineTo(left - unit * 0.018 + side * unit * 0.012, pane.y + pane.h + unit * 0.12);
    ctx.quadraticCurveTo(left - unit * 0.012, pane.y + pane.h * 0.6, left - unit * 0.015, pane.y - unit * 0.06);
    ctx.fill();
  }
}

/** A table with a lamp, a cup and a plant against the light; perhaps someone at the window. */
function furniture(world: World): Layer {
  const { width, height, unit, palette, brief } = world;
  const sheet = createSheet(world, 0.9);
  const { ctx } = sheet;
  const [dark, base] = surface(world, "#5a4036", 1, 1.2);
  const side = world.sun.x < width / 2 ? 1 : -1;
  const table = { x: width / 2 + side * Math.min(width * 0.24, unit * 0.36), y: height * 0.76, w: unit * 0.44 };
  if (brief.subjects.includes("person"))
    drawPerson(ctx, world, {
      x: width / 2 - side * unit * 0.12,
      y: height * 0.95,
      tall: Math.min(height * 0.62, unit * 0.56),
    });
  ctx.fillStyle = css(mix(dark, base, 0.25));
  ctx.fillRect(table.x - table.w / 2, table.y, table.w, unit * 0.022);
  for (const leg of [-0.44, 0.41])
    ctx.fillRect(table.x + table.w * leg, table.y, unit * 0.018, height - table.y + unit);
  ctx.fillStyle = css(mix(base, palette.sun, 0.3), 0.8);
  ctx.fillRect(table.x - table.w / 2, table.y, table.w, Math.max(1, unit * 0.003));
  const pot = table.x + table.w * 0.22;
  ctx.strokeStyle = css(mix(rgb("#3d5c45"), palette.ink, 0.35));
  ctx.fillStyle = ctx.strokeStyle;
  const random = randomFor(brief.seed, "plant");
  for (let leaf = 0; leaf < 16; leaf += 1) {
    const bend = random.between(-0.15, 0.15) * unit;
    const tall = unit * random.between(0.11, 0.25);
    ctx.lineWidth = unit * 0.003;
    ctx.beginPath();
    ctx.moveTo(pot, table.y - unit * 0.06);
    ctx.quadraticCurveTo(pot + bend * 0.2, table.y - tall * 0.8, pot + bend, table.y - tall);
    ctx.stroke();
    ctx.beginPath();
    ctx.ellipse(pot + bend, table.y - tall, unit * 0.03, unit * 0.012, Math.atan2(-tall * 0.4, bend), 0, Math.PI * 2);
    ctx.fill();
  }
  ctx.fillStyle = css(mix(rgb("#b5603f"), palette.ink, 0.42));
  ctx.beginPath();
  ctx.moveTo(pot - unit * 0.042, table.y - unit * 0.075);
  ctx.lineTo(pot + unit * 0.042, table.y - unit * 0.075);
  ctx.lineTo(pot + unit * 0.03, table.y);
  ctx.lineTo(pot - unit * 0.03, table.y);
  ctx.fill();
  const cup = table.x - table.w * 0.16;
  ctx.fillStyle = css(mix(rgb("#e8ddca"), palette.ink, 0.34));
  ctx.beginPath();
  ctx.roundRect(cup, table.y - unit * 0.04, unit * 0.042, unit * 0.04, [0, 0, unit * 0.014, unit * 0.014]);
  ctx.fill();
  ctx.fillStyle = css(mix(rgb("#a14b3f"), palette.ink, 0.3));
  ctx.fillRect(table.x - table.w * 0.44, table.y - unit * 0.016, unit * 0.1, unit * 0.016);
  ctx.fillStyle = css(mix(rgb("#3f6573"), palette.ink, 0.25));
  ctx.fillRect(table.x - table.w * 0.42, table.y - unit * 0.029, unit * 0.085, unit * 0.013);
  return toLayer(sheet);
}

/** No word known: bands of colour like a coast remembered, one great sun. Distinct for every prompt. */
export function abstract(world: World): Part[] {
  const { height, unit, width, horizon, palette, brief, sun } = world;
  const random = randomFor(brief.seed, "abstract");
  const hues = [
    palette.sky[2],
    palette.sky[1],
    shift(palette.accent, { turn: random.between(-40, 40), chroma: 0.85 }),
    palette.sky[0],
    palette.ink,
  ] as const;
  const sharp = random.chance(0.3);
  const bands = random.whole(5, 7);
  return Array.from({ length: bands }, (_, index) => {
    const at = index / (bands - 1);
    const depth = 0.1 + 0.85 * at;
    const base = horizon - unit * 0.02 + (height - horizon) * 1.02 * at ** 1.1;
    const line = (sharp && index % 2 === 0 ? sharpRidge : softRidge)(
      world,
      `band${index}`,
      base,
      random.between(0.13, 0.27),
      random.between(0.5, 1.15),
    );
    const own = mix(
      hues[Math.min(3, Math.floor(at * 4))] ?? hues[0],
      hues[Math.min(4, Math.floor(at * 4) + 1)] ?? hues[4],
      (at * 4) % 1,
    );
    const tone = index % 3 === 1 ? mix(own, hues[2], 0.38) : own;
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
          slope * 0.5 * (sun.x < width / 2 ? -1 : 1) +
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
