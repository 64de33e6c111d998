import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix } from "../color.ts";
import type { Rgb } from "../color.ts";
import type { Random } from "../random.ts";

export type Colors = readonly [dark: Rgb, base: Rgb, light: Rgb];

/** A conifer standing at (x, y); jagged, lit along one side. */
export function drawConifer(
  ctx: SKRSContext2D,
  random: Random,
  at: {
    readonly x: number;
    readonly y: number;
    readonly tall: number;
    readonly side: number;
    readonly colors: Colors;
    readonly snow?: Rgb | undefined;
  },
): void {
  const { x, y, tall, side, colors, snow } = at;
  const wide = tall * random.between(0.15, 0.22);
  const tiers = Math.max(6, Math.min(15, Math.round(tall / 7)));
  const edge = (sign: number): [number, number][] => {
    const points: [number, number][] = [];
    for (let tier = 0; tier < tiers; tier += 1) {
      const down = (tier + 1) / tiers;
      const out = wide * down ** 0.85 * random.between(0.72, 1.12);
      points.push([x + sign * out, y - tall * (1 - down * 0.93) + tall * 0.012]);
      points.push([x + sign * out * 0.5, y - tall * (1 - down * 0.93) - tall * 0.008]);
    }
    return points;
  };
  const [left, right] = [edge(-1), edge(1)];
  const fill = (points: readonly (readonly [number, number])[], color: Rgb): void => {
    ctx.fillStyle = css(color);
    ctx.beginPath();
    for (const [px, py] of points) ctx.lineTo(px, py);
    ctx.closePath();
    ctx.fill();
  };
  ctx.fillStyle = css(colors[0]);
  ctx.fillRect(x - tall * 0.011, y - tall * 0.12, tall * 0.022, tall * 0.13);
  fill([[x, y - tall], ...left, ...right.toReversed()], mix(colors[0], colors[1], 0.45));
  fill([[x, y - tall], ...(side > 0 ? right : left), [x, y - tall * 0.07]], mix(colors[1], colors[2], 0.3));
  if (!snow) return;
  ctx.strokeStyle = css(snow, 0.85);
  ctx.lineCap = "round";
  for (const points of [left, right]) {
    for (let index = 0; index < points.length - 2; index += 2) {
      const tip = points[index];
      const inner = points[index + 1];
      if (!tip || !inner || random.chance(0.25)) continue;
      ctx.lineWidth = tall * 0.016;
      ctx.beginPath();
      ctx.moveTo(inner[0], inner[1] + tall * 0.004);
      ctx.lineTo(tip[0] * 0.9 + inner[0] * 0.1, tip[1] - tall * 0.004);
      ctx.stroke();
    }
  }
}

/** A broad-leaved tree: a leaning trunk, branches, and a crown of many dabs, dark below and lit from one side. */
export function drawBroadleaf(
  ctx: SKRSContext2D,
  random: Random,
  at: {
    readonly x: number;
    readonly y: number;
    readonly tall: number;
    readonly side: number;
    readonly crown: Colors;
    readonly trunk: Rgb;
  },
): void {
  const { x, y, tall, side, crown, trunk } = at;
  const lean = random.between(-0.05, 0.05) * tall;
  ctx.strokeStyle = css(trunk);
  ctx.lineCap = "round";
  const limb = (x0: number, y0: number, x1: number, y1: number, thick: number): void => {
    ctx.lineWidth = thick;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.quadraticCurveTo((x0 + x1) / 2 + lean * 0.4, (y0 + y1) / 2, x1, y1);
    ctx.stroke();
  };
  ctx.fillStyle = css(trunk);
  ctx.beginPath();
  ctx.moveTo(x - tall * 0.05, y);
  ctx.quadraticCurveTo(x - tall * 0.02, y - tall * 0.1, x - tall * 0.018 + lean, y - tall * 0.45);
  ctx.lineTo(x + tall * 0.018 + lean, y - tall * 0.45);
  ctx.quadraticCurveTo(x + tall * 0.02, y - tall * 0.1, x + tall * 0.055, y);
  ctx.fill();
  const clumps = Array.from({ length: 13 }, (_, index) => {
    const angle = (index / 13) * Math.PI * 2 + random.between(-0.2, 0.2);
    const out = index < 4 ? random.between(0, 0.12) : random.between(0.16, 0.3);
    return {
      x: x + lean + Math.cos(angle) * out * tall * 1.25,
      y: y - tall * 0.66 + Math.sin(angle) * out * tall * 0.85,
      r: tall * random.between(0.1, 0.165),
    };
  });
  for (const clump of clumps) limb(x + lean * 0.7, y - tall * 0.34, clump.x, clump.y, tall * 0.012);
  const dabs = Math.round(240 + Math.min(520, tall * 2));
  for (let index = 0; index < dabs; index += 1) {
    const clump = clumps[Math.floor((index / dabs) * clumps.length * 3) % clumps.length] ?? clumps[0];
    if (!clump) continue;
    const angle = random.between(0, Math.PI * 2);
    const out = Math.sqrt(random.next()) * clump.r;
    const px = clump.x + Math.cos(angle) * out;
    const py = clump.y + Math.sin(angle) * out * 0.9;
    const light =
      0.5 +
      ((px - x - lean) / (tall * 0.42)) * 0.42 * side -
      ((py - (y - tall * 0.66)) / (tall * 0.3)) * 0.42 -
      (Math.sin(angle) * out) / clump.r / 4 +
      random.between(-0.2, 0.2);
    ctx.fillStyle = css(
      light < 0.5
        ? mix(crown[0], crown[1], Math.max(0, light * 2))
        : mix(crown[1], crown[2], Math.min(1, light * 2 - 1)),
    );
    ctx.beginPath();
    const size = tall * random.between(0.012, 0.026);
    ctx.ellipse(px, py, size * 1.4, size, random.between(-0.8, 0.8), 0, Math.PI * 2);
    ctx.fill();
  }
}

/** Blades of grass along the lower edge, out of focus with nearness only in that they are dark. */
export function drawGrass(
  ctx: SKRSContext2D,
  random: Random,
  at: {
    readonly from: number;
    readonly to: number;
    readonly ground: (x: number) => number;
    readonly tall: number;
    readonly count: number;
    readonly colors: Colors;
    readonly seedHeads?: Rgb | undefined;
  },
): void {
  const { from, to, ground, tall, count, colors, seedHeads } = at;
  ctx.lineCap = "round";
  for (let index = 0; index < count; index += 1) {
    const x = random.between(from, to);
    const y = ground(x) + tall * random.between(0.02, 0.4);
    const high = tall * random.between(0.35, 1) * (0.7 + 0.3 * Math.sin(x / tall));
    const bend = high * random.between(-0.35, 0.5);
    ctx.strokeStyle = css(mix(colors[0], random.chance(0.18) ? colors[2] : colors[1], random.next() * 0.75));
    ctx.lineWidth = tall * random.between(0.014, 0.03);
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.quadraticCurveTo(x + bend * 0.2, y - high * 0.6, x + bend, y - high);
    ctx.stroke();
    if (!seedHeads || !random.chance(0.16)) continue;
    ctx.fillStyle = css(mix(seedHeads, colors[0], random.next() * 0.35));
    ctx.beginPath();
    ctx.ellipse(
      x + bend,
      y - high,
      tall * random.between(0.035, 0.07),
      tall * random.between(0.03, 0.05),
      random.between(-0.6, 0.6),
      0,
      Math.PI * 2,
    );
    ctx.fill();
  }
}
