import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, lit, mix, rgb } from "../color.ts";
import { randomFor } from "../random.ts";
import type { Actor, World } from "../World.ts";

/** Paints a subject standing at (x, y), `tall` pixels high. */
export type Stand = (
  ctx: SKRSContext2D,
  world: World,
  at: { readonly x: number; readonly y: number; readonly tall: number },
) => void;

export const drawLighthouse: Stand = (ctx, world, { x, y, tall }) => {
  const { palette, sun } = world;
  const w = tall * 0.13;
  const side = sun.x < x ? -1 : 1;
  const white = lit(rgb("#f4ede0"), mix(palette.ambient, rgb("#ffffff"), 0.25));
  const red = lit(rgb("#c8452f"), mix(palette.ambient, rgb("#ffffff"), 0.2));
  const tower = (from: number, to: number, color: ReturnType<typeof rgb>): void => {
    const half = (at: number): number => w * (0.62 - 0.24 * at);
    ctx.fillStyle = css(color);
    ctx.beginPath();
    ctx.moveTo(x - half(from), y - tall * 0.8 * from);
    ctx.lineTo(x - half(to), y - tall * 0.8 * to);
    ctx.lineTo(x + half(to), y - tall * 0.8 * to);
    ctx.lineTo(x + half(from), y - tall * 0.8 * from);
    ctx.fill();
  };
  tower(0, 1, white);
  tower(0.18, 0.4, red);
  tower(0.6, 0.82, red);
  const shade = ctx.createLinearGradient(x - w * 0.6, 0, x + w * 0.6, 0);
  shade.addColorStop(side > 0 ? 0 : 1, css(palette.ink, 0.62));
  shade.addColorStop(0.55, css(palette.ink, 0.16));
  shade.addColorStop(side > 0 ? 1 : 0, css(palette.sun, 0.28));
  ctx.fillStyle = shade;
  ctx.beginPath();
  ctx.moveTo(x - w * 0.62, y);
  ctx.lineTo(x - w * 0.38, y - tall * 0.8);
  ctx.lineTo(x + w * 0.38, y - tall * 0.8);
  ctx.lineTo(x + w * 0.62, y);
  ctx.fill();
  const ink = css(mix(palette.ink, palette.haze, 0.08));
  ctx.fillStyle = ink;
  ctx.fillRect(x - w * 0.56, y - tall * 0.825, w * 1.12, tall * 0.025);
  ctx.fillStyle = css(mix(palette.accent, rgb("#fff6d6"), 0.55));
  ctx.fillRect(x - w * 0.27, y - tall * 0.915, w * 0.54, tall * 0.09);
  ctx.fillStyle = ink;
  for (const bar of [-0.27, -0.05, 0.19]) ctx.fillRect(x + w * bar, y - tall * 0.915, w * 0.07, tall * 0.09);
  ctx.beginPath();
  ctx.moveTo(x - w * 0.4, y - tall * 0.913);
  ctx.quadraticCurveTo(x, y - tall * 0.985, x + w * 0.4, y - tall * 0.913);
  ctx.fill();
  ctx.fillRect(x - w * 0.02, y - tall, w * 0.04, tall * 0.06);
  for (const at of [0.28, 0.52]) ctx.fillRect(x - w * 0.07, y - tall * at, w * 0.14, tall * 0.045);
};

/** The lamp's beam, turning; brighter the darker it is. */
export function lighthouseBeam(
  world: World,
  at: { readonly x: number; readonly y: number; readonly depth: number },
): Actor {
  const { palette, unit } = world;
  const strength = palette.dark ? 0.62 : 0.34;
  return {
    kind: "actor",
    depth: at.depth,
    draw(ctx, seconds) {
      ctx.globalCompositeOperation = "screen";
      const lamp = mix(palette.accent, rgb("#fff6d6"), 0.6);
      for (const half of [0, Math.PI]) {
        const turn = 0.62 + seconds * 0.8 + half;
        const [across, towards] = [Math.cos(turn), Math.sin(turn)];
        const reach = unit * 1.5 * Math.abs(across) + unit * 0.12;
        const side = Math.sign(across) || 1;
        const wide = unit * 0.12 * (1 + 0.7 * towards);
        const beam = ctx.createLinearGradient(at.x, 0, at.x + side * reach, 0);
        for (let step = 0; step <= 8; step += 1)
          beam.addColorStop(step / 8, css(lamp, strength * (1 - step / 8) ** 1.7));
        ctx.fillStyle = beam;
        ctx.beginPath();
        ctx.moveTo(at.x, at.y - unit * 0.004);
        ctx.lineTo(at.x + side * reach, at.y - wide);
        ctx.lineTo(at.x + side * reach, at.y + wide * 0.6);
        ctx.lineTo(at.x, at.y + unit * 0.004);
        ctx.fill();
      }
      const glow = ctx.createRadialGradient(at.x, at.y, 0, at.x, at.y, unit * 0.1);
      for (let step = 0; step <= 6; step += 1) glow.addColorStop(step / 6, css(lamp, 0.85 * (1 - step / 6) ** 2.4));
      ctx.fillStyle = glow;
      ctx.fillRect(at.x - unit * 0.1, at.y - unit * 0.1, unit * 0.2, unit * 0.2);
    },
  };
}

export const drawHouse: Stand = (ctx, world, { x, y, tall }) => {
  const { palette, sun } = world;
  const side = sun.x < x ? -1 : 1;
  const wide = tall * 1.3;
  const wall = lit(rgb("#cdb79a"), palette.ambient);
  const roof = mix(lit(rgb("#9c4b3c"), palette.ambient), palette.ink, 0.2);
  const gable = x + side * wide * 0.24;
  ctx.fillStyle = css(mix(wall, palette.ink, 0.5));
  ctx.fillRect(x - wide * 0.5, y - tall * 0.5, wide, tall * 0.55);
  ctx.fillStyle = css(mix(wall, palette.ink, 0.16));
  ctx.beginPath();
  ctx.moveTo(gable - wide * 0.26, y + tall * 0.05);
  ctx.lineTo(gable - wide * 0.26, y - tall * 0.5);
  ctx.lineTo(gable, y - tall * 0.9);
  ctx.lineTo(gable + wide * 0.26, y - tall * 0.5);
  ctx.lineTo(gable + wide * 0.26, y + tall * 0.05);
  ctx.fill();
  ctx.fillStyle = css(world.brief.snowy ? mix(lit(rgb("#f3f6fa"), palette.ambient), palette.ink, 0.05) : roof);
  ctx.beginPath();
  ctx.moveTo(gable, y - tall * 0.96);
  ctx.lineTo(x - side * wide * 0.42, y - tall * 0.96);
  ctx.lineTo(x - side * wide * 0.56, y - tall * 0.44);
  ctx.lineTo(gable - side * wide * 0.24, y - tall * 0.44);
  ctx.fill();
  ctx.strokeStyle = ctx.fillStyle;
  ctx.lineWidth = tall * 0.065;
  ctx.beginPath();
  ctx.moveTo(gable - wide * 0.3, y - tall * 0.43);
  ctx.lineTo(gable, y - tall * 0.93);
  ctx.lineTo(gable + wide * 0.3, y - tall * 0.43);
  ctx.stroke();
  ctx.fillStyle = css(mix(wall, palette.ink, 0.55));
  ctx.fillRect(x - side * wide * 0.26, y - tall * 1.14, wide * 0.09, tall * 0.22);
  const pane =
    palette.dark || world.brief.time === "golden"
      ? mix(palette.accent, rgb("#fff0c8"), 0.35)
      : mix(palette.ink, palette.sky[1], 0.3);
  ctx.fillStyle = css(pane);
  ctx.fillRect(gable - wide * 0.07, y - tall * 0.5, wide * 0.14, tall * 0.2);
  ctx.fillRect(x - side * wide * 0.38, y - tall * 0.32, wide * 0.11, tall * 0.17);
  ctx.fillRect(x - side * wide * 0.18, y - tall * 0.32, wide * 0.11, tall * 0.17);
  ctx.fillStyle = css(mix(palette.ink, wall, 0.2));
  ctx.fillRect(gable - wide * 0.06, y - tall * 0.2, wide * 0.12, tall * 0.25);
  if (!palette.dark) return;
  const glow = ctx.createRadialGradient(gable, y - tall * 0.3, 0, gable, y - tall * 0.3, tall * 1.7);
  for (let step = 0; step <= 6; step += 1) glow.addColorStop(step / 6, css(palette.accent, 0.3 * (1 - step / 6) ** 2));
  ctx.globalCompositeOperation = "screen";
  ctx.fillStyle = glow;
  ctx.fillRect(x - tall * 2.4, y - tall * 2.2, tall * 4.8, tall * 4);
  ctx.globalCompositeOperation = "source-over";
};

/** A person seen from behind, with a coat and perhaps an umbrella. */
export const drawPerson: Stand = (ctx, world, { x, y, tall }) => {
  const { palette, brief, sun } = world;
  const random = randomFor(brief.seed, "person");
  const side = sun.x < x ? -1 : 1;
  const coat = mix(
    palette.ink,
    lit(rgb(random.pick(["#a33b32", "#33475b", "#c7923e", "#3d5a46"])), palette.ambient),
    0.62,
  );
  const ink = css(mix(palette.ink, palette.haze, 0.06));
  ctx.fillStyle = ink;
  ctx.beginPath();
  ctx.roundRect(x - tall * 0.068, y - tall * 0.3, tall * 0.056, tall * 0.3, tall * 0.02);
  ctx.roundRect(x + tall * 0.014, y - tall * 0.3, tall * 0.056, tall * 0.295, tall * 0.02);
  ctx.fill();
  const body = (): void => {
    ctx.beginPath();
    ctx.moveTo(x - tall * 0.045, y - tall * 0.84);
    ctx.bezierCurveTo(
      x - tall * 0.13,
      y - tall * 0.82,
      x - tall * 0.12,
      y - tall * 0.5,
      x - tall * 0.135,
      y - tall * 0.22,
    );
    ctx.quadraticCurveTo(x, y - tall * 0.17, x + tall * 0.145, y - tall * 0.22);
    ctx.bezierCurveTo(
      x + tall * 0.12,
      y - tall * 0.5,
      x + tall * 0.13,
      y - tall * 0.82,
      x + tall * 0.045,
      y - tall * 0.84,
    );
    ctx.fill();
  };
  ctx.fillStyle = css(coat);
  body();
  const shade = ctx.createLinearGradient(x - tall * 0.13, 0, x + tall * 0.13, 0);
  shade.addColorStop(side > 0 ? 0 : 1, css(palette.ink, 0.7));
  shade.addColorStop(0.7, css(palette.ink, 0.1));
  shade.addColorStop(side > 0 ? 1 : 0, css(palette.sun, 0.5));
  ctx.fillStyle = shade;
  body();
  ctx.fillStyle = ink;
  ctx.beginPath();
  ctx.ellipse(x, y - tall * 0.91, tall * 0.058, tall * 0.072, 0, 0, Math.PI * 2);
  ctx.fill();
  if (brief.weather !== "rain" && brief.weather !== "storm") return;
  const canopy = mix(
    lit(rgb(random.pick(["#d8433b", "#e0a030", "#2f7f86"])), mix(palette.ambient, rgb("#ffffff"), 0.3)),
    palette.ink,
    0.08,
  );
  ctx.fillStyle = css(canopy);
  ctx.beginPath();
  ctx.moveTo(x - tall * 0.34, y - tall * 0.9);
  ctx.bezierCurveTo(x - tall * 0.3, y - tall * 1.17, x + tall * 0.34, y - tall * 1.17, x + tall * 0.38, y - tall * 0.9);
  for (let scallop = 3; scallop >= 0; scallop -= 1) {
    const from = x - tall * 0.34 + scallop * tall * 0.18;
    ctx.quadraticCurveTo(from + tall * 0.09, y - tall * 0.95, from, y - tall * 0.9);
  }
  ctx.fill();
  ctx.strokeStyle = ink;
  ctx.lineWidth = tall * 0.012;
  ctx.beginPath();
  ctx.moveTo(x + tall * 0.03, y - tall * 1.13);
  ctx.lineTo(x + tall * 0.06, y - tall * 0.6);
  ctx.stroke();
};
