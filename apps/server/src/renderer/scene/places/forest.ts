import { css, mix } from "../color.ts";
import { fbm, speck } from "../noise.ts";
import { randomFor } from "../random.ts";
import { paintMist } from "../paint/mist.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { drawGrass } from "../paint/trees.ts";
import { softRidge, surface } from "../paint/surface.ts";
import { createSheet, eachPixel, toLayer } from "../sheet.ts";
import { drawHouse, drawPerson } from "../subjects/figures.ts";
import type { Layer, Part, World } from "../World.ts";

/** Tall trunks standing in a row at one depth. */
function trunks(
  world: World,
  index: number,
  options: { readonly depth: number; readonly count: number; readonly thick: number; readonly ground: number },
): Layer {
  const { unit, width, brief, palette, sun } = world;
  const { depth, count, thick, ground } = options;
  const sheet = createSheet(world, depth, -world.height, world.height);
  const { ctx } = sheet;
  const random = randomFor(brief.seed, `trunks${index}`);
  const [dark, base, light] = surface(world, brief.snowy ? "#6a6b75" : "#57483f", depth);
  const leaf = surface(world, brief.autumn ? "#c3742d" : brief.snowy ? "#dfe8f0" : "#4c7048", depth);
  for (let trunk = 0; trunk < count; trunk += 1) {
    let x = ((trunk + random.between(0.1, 0.9)) / count) * width * 1.9 - width * 0.45;
    // Leave a clearing for the light and whoever walks there.
    if (depth > 0.35 && Math.abs(x - width / 2) < unit * 0.2 * (0.5 + depth))
      x += Math.sign(x - width / 2 || 1) * unit * 0.22;
    const wide = thick * unit * random.between(0.6, 1.3);
    const lean = random.between(-0.03, 0.03) * unit;
    const bark = ctx.createLinearGradient(x - wide, 0, x + wide, 0);
    const toSun = sun.x < x;
    bark.addColorStop(0, css(toSun ? light : dark));
    bark.addColorStop(0.45, css(mix(base, dark, 0.35)));
    bark.addColorStop(1, css(toSun ? dark : light));
    ctx.fillStyle = bark;
    ctx.beginPath();
    ctx.moveTo(x - wide * 0.85, ground + unit * 0.06);
    ctx.quadraticCurveTo(x - wide * 0.45, ground - unit * 0.05, x - wide * 0.38 + lean, sheet.top);
    ctx.lineTo(x + wide * 0.38 + lean, sheet.top);
    ctx.quadraticCurveTo(x + wide * 0.45, ground - unit * 0.05, x + wide * 0.95, ground + unit * 0.06);
    ctx.fill();
    ctx.strokeStyle = css(mix(base, dark, 0.6));
    ctx.lineCap = "round";
    for (let branch = random.whole(1, 4); branch > 0; branch -= 1) {
      const y = random.between(0.02, 0.5) * ground;
      const way = random.chance(0.5) ? 1 : -1;
      const long = unit * random.between(0.05, 0.17) * (0.4 + depth);
      ctx.lineWidth = wide * random.between(0.07, 0.16);
      ctx.beginPath();
      ctx.moveTo(x + lean * (1 - y / ground), y);
      ctx.quadraticCurveTo(x + way * long * 0.5, y - long * 0.1, x + way * long, y - long * 0.42);
      ctx.stroke();
    }
  }
  const dabs = Math.round(900 + 700 * depth);
  for (let dab = 0; dab < dabs; dab += 1) {
    const x = random.between(-0.45, 1.45) * width;
    const hang =
      (0.5 + 0.5 * fbm(world.noise, (x / unit) * 3 + index * 9, index, 3)) * ground * 0.34 * (0.6 + depth * 0.5);
    const y = random.next() ** 1.5 * hang;
    ctx.fillStyle = css(mix(leaf[0], random.chance(0.3) ? leaf[2] : leaf[1], random.next() * 0.8), 0.9);
    ctx.beginPath();
    const size = unit * random.between(0.008, 0.02) * (0.45 + depth);
    ctx.ellipse(x, y, size * 1.5, size * 0.8, random.between(-0.9, 0.9), 0, Math.PI * 2);
    ctx.fill();
  }
  const seed = brief.seed ^ (index * 7717);
  eachPixel(sheet, (x, y, bytes, at) => {
    if (bytes[at + 3] === 0) return;
    const dot = speck(x, y, seed) - 0.5;
    const veil = 0.55 * (1 - depth) * Math.max(0, y / ground) ** 2;
    for (let channel = 0; channel < 3; channel += 1) {
      const value = bytes[at + channel] ?? 0;
      bytes[at + channel] = value + ((palette.haze[channel] ?? 0) - value) * veil + dot * 22;
    }
  });
  return toLayer(sheet);
}

/** Shafts of light through the canopy. */
function shafts(world: World): Part {
  const { sun, unit, height, palette, brief } = world;
  const random = randomFor(brief.seed, "shafts");
  const beams = Array.from({ length: 7 }, () => ({
    turn: random.between(0.25, 1.05) * (sun.x < world.width / 2 ? 1 : -1),
    wide: random.between(0.03, 0.1),
    phase: random.between(0, 6.28),
    most: random.between(0.1, 0.24),
  }));
  const strength = brief.time === "night" || brief.weather === "rain" || brief.weather === "storm" ? 0.3 : 1;
  return {
    kind: "actor",
    depth: 0.5,
    draw(ctx, seconds) {
      ctx.globalCompositeOperation = "screen";
      for (const beam of beams) {
        ctx.save();
        ctx.translate(sun.x, Math.min(sun.y, height * 0.1) - unit * 0.25);
        ctx.rotate(-beam.turn);
        const light = ctx.createLinearGradient(0, 0, 0, height * 1.25);
        const alpha = beam.most * strength * (0.75 + 0.25 * Math.sin(beam.phase + seconds * 0.7));
        light.addColorStop(0, css(palette.sun, 0));
        light.addColorStop(0.28, css(palette.sun, alpha));
        light.addColorStop(1, css(palette.sun, 0));
        ctx.fillStyle = light;
        ctx.beginPath();
        ctx.moveTo(-unit * beam.wide * 0.3, 0);
        ctx.lineTo(unit * beam.wide * 0.3, 0);
        ctx.lineTo(unit * beam.wide * 1.7, height * 1.25);
        ctx.lineTo(-unit * beam.wide * 1.7, height * 1.25);
        ctx.fill();
        ctx.restore();
      }
    },
  };
}

/** Inside a wood: trunks behind trunks, light between them, ferns at our feet. */
export function forest(world: World): Part[] {
  const { height, unit, width, brief, palette } = world;
  const parts: Part[] = [];
  for (const [index, depth] of [0.12, 0.3, 0.5].entries()) {
    const ground = height * (0.7 + index * 0.07);
    parts.push(trunks(world, index, { depth, count: 26 - index * 5, thick: 0.014 + index * 0.014, ground }));
    parts.push(
      paintTerrain(world, {
        depth: depth + 0.02,
        ridge: softRidge(world, `floor${index}`, ground + unit * 0.02, 0.05, 2),
        shade: (x, below) => 0.55 - below * 0.8 + 0.32 * fbm(world.noise, (x / unit) * 6, below * 22 + index, 4),
        colors: surface(world, brief.snowy ? "#e4ebf3" : brief.autumn ? "#b06a35" : "#5f7747", depth + 0.1),
        mist: { color: palette.haze, from: 0.02, to: 0.2, most: 0.55 * (1 - depth) },
        bottom: height,
      }),
      paintMist(world, `between${index}`, {
        depth: depth + 0.05,
        middle: ground,
        thick: 0.12,
        most: 0.62 - index * 0.16,
      }),
    );
  }
  parts.push(shafts(world));
  const floor = softRidge(world, "floor", height * 0.93, 0.05, 1.6);
  parts.push(
    paintTerrain(world, {
      depth: 0.8,
      ridge: floor,
      shade: (x, below) => 0.5 - below * 1.1 + 0.36 * fbm(world.noise, (x / unit) * 8, below * 25, 4),
      colors: surface(world, brief.snowy ? "#e4ebf3" : brief.autumn ? "#a55d2c" : "#4d6a3c", 0.95),
      bottom: height,
      onTop: ({ ctx, left, right }) => {
        if (brief.subjects.includes("house"))
          drawHouse(ctx, world, { x: width * 0.5, y: floor(width * 0.5) + unit * 0.01, tall: unit * 0.17 });
        if (brief.subjects.includes("person"))
          drawPerson(ctx, world, { x: width * 0.52, y: floor(width * 0.52) + unit * 0.02, tall: unit * 0.21 });
        drawGrass(ctx, randomFor(brief.seed, "ferns"), {
          from: left,
          to: right,
          ground: floor,
          tall: unit * 0.07,
          count: 620,
          colors: surface(world, brief.snowy ? "#c4cfdb" : "#557a43", 0.95),
          seedHeads: brief.subjects.includes("flowers") ? palette.accent : undefined,
        });
      },
    }),
    trunks(world, 9, { depth: 0.98, count: 5, thick: 0.085, ground: height * 1.05 }),
  );
  return parts;
}
