import type { SKRSContext2D } from "@napi-rs/canvas";
import { weatherParts } from "../weather.ts";
import { css, mix, rgb } from "../color.ts";
import { fbm, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { sharpRidge, softRidge, surface } from "../paint/surface.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import { drawPerson } from "../subjects/figures.ts";
import type { Layer, Part, World } from "../World.ts";

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
  return [...outside, ...weatherParts(world).filter(({ depth }) => depth < 0.9), toLayer(sheet), furniture(world)];
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
  if (palette.dark) drawLamp(world, ctx, { x: table.x - table.w * 0.3, y: table.y });
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

/** After dark the room has a light of its own. */
function drawLamp(world: World, ctx: SKRSContext2D, { x, y }: { readonly x: number; readonly y: number }): void {
  const { unit, palette } = world;
  const warm = mix(palette.accent, rgb("#fff2d0"), 0.45);
  ctx.fillStyle = css(mix(palette.ink, palette.accent, 0.18));
  ctx.fillRect(x - unit * 0.03, y - unit * 0.008, unit * 0.06, unit * 0.008);
  ctx.fillRect(x - unit * 0.003, y - unit * 0.11, unit * 0.006, unit * 0.105);
  ctx.fillStyle = css(warm);
  ctx.beginPath();
  ctx.moveTo(x - unit * 0.03, y - unit * 0.18);
  ctx.lineTo(x + unit * 0.03, y - unit * 0.18);
  ctx.lineTo(x + unit * 0.058, y - unit * 0.1);
  ctx.lineTo(x - unit * 0.058, y - unit * 0.1);
  ctx.fill();
  const glow = ctx.createRadialGradient(x, y - unit * 0.13, 0, x, y - unit * 0.13, unit * 0.62);
  for (let step = 0; step <= 10; step += 1)
    glow.addColorStop(step / 10, css(palette.accent, 0.5 * (1 - step / 10) ** 2.1));
  ctx.globalCompositeOperation = "screen";
  ctx.fillStyle = glow;
  ctx.fillRect(x - unit * 0.62, y - unit * 0.75, unit * 1.24, unit * 1.24);
  ctx.globalCompositeOperation = "source-over";
}
