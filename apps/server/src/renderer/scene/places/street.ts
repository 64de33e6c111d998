import { css, mix, rgb } from "../color.ts";
import { randomFor } from "../random.ts";
import { paintBuildings } from "../paint/buildings.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { surface } from "../paint/surface.ts";
import { paintWater } from "../paint/water.ts";
import { drawPerson } from "../subjects/figures.ts";
import { car, train } from "../subjects/movers.ts";
import type { Actor, Part, World } from "../World.ts";

/** A street between houses, wet when it rains, receding to the light at its end. */
export function street(world: World, behind: readonly Part[]): Part[] {
  const { horizon, height, unit, width, brief, palette } = world;
  const own = brief.neon ? "#4b4470" : brief.time === "day" || brief.time === "dawn" ? "#a08d80" : "#675b63";
  const reach = Math.min(width, unit * 1.15);
  const parts: Part[] = [];
  const rows = [
    { depth: 0.08, gap: 0.055, low: 0.1, high: 0.3, narrow: 0.03, wide: 0.07 },
    { depth: 0.2, gap: 0.09, low: 0.16, high: 0.34, narrow: 0.05, wide: 0.09 },
    { depth: 0.34, gap: 0.18, low: 0.24, high: 0.46, narrow: 0.08, wide: 0.13 },
    { depth: 0.52, gap: 0.3, low: 0.4, high: 0.66, narrow: 0.12, wide: 0.19 },
    { depth: 0.76, gap: 0.46, low: 0.75, high: 1.05, narrow: 0.2, wide: 0.32 },
  ];
  for (const [index, row] of rows.entries()) {
    const foot = horizon + unit * (0.008 + 0.34 * row.depth ** 1.6);
    parts.push(
      paintBuildings(world, {
        part: `row${index}`,
        depth: row.depth,
        ground: foot,
        low: row.low,
        high: row.high,
        narrow: row.narrow,
        wide: row.wide,
        gap: row.gap * reach,
        own,
        misty: 0.72 * (1 - row.depth),
      }),
    );
    if (index === 1) parts.push(glow(world));
  }
  const wet = brief.weather === "rain" || brief.weather === "storm" || brief.neon;
  const road = (x: number): number =>
    horizon +
    unit * 0.012 +
    unit * 0.3 * Math.min(1, Math.max(0, (Math.abs(x - width / 2) - reach * 0.05) / (reach * 0.46))) ** 1.55;
  if (wet) {
    const water = paintWater(world, [...behind, ...parts], {
      top: horizon + unit * 0.012,
      bottom: height,
      depth: 0.5,
      mirror: 0.85,
      rough: 0.62,
      tint: brief.neon ? "#241a44" : "#4a4f5c",
    });
    parts.splice(2, 0, ...water);
  } else {
    parts.splice(
      1,
      0,
      paintTerrain(world, {
        depth: 0.4,
        ridge: () => horizon + unit * 0.01,
        shade: (x, below) =>
          0.62 -
          below * 0.55 -
          0.25 * Math.min(1, Math.abs(x - width / 2) / reach / (0.1 + below)) +
          world.noise((x / unit) * 30, below * 60) * 0.08,
        colors: surface(world, "#8a7f7c", 0.75),
        mist: { color: palette.haze, from: -0.1, to: 0.12, most: 0 },
        bottom: height,
      }),
    );
  }
  if (brief.subjects.includes("train"))
    parts.push(train(world, { y: horizon - unit * 0.1, tall: unit * 0.07, depth: 0.5 }));
  if (wet) parts.push(sheen(world, road));
  if (brief.subjects.includes("car"))
    parts.push(car(world, { x: width * 0.5 + unit * 0.1, y: height * 0.84, size: unit * 0.27, depth: 0.68 }));
  if (brief.subjects.includes("person")) {
    const x = width * 0.5 - unit * 0.06;
    parts.push({
      kind: "actor",
      depth: 0.66,
      draw: (ctx) => drawPerson(ctx, world, { x, y: height * 0.885, tall: unit * 0.29 }),
    });
  }
  parts.push(...wires(world));
  return parts;
}

/** The light at the end of the street. */
function glow(world: World): Actor {
  const { width, horizon, unit, palette, brief } = world;
  const color = brief.neon ? rgb("#ff6fb0") : mix(palette.sky[3], palette.sun, 0.5);
  return {
    kind: "actor",
    depth: 0.2,
    draw(ctx) {
      const light = ctx.createRadialGradient(width / 2, horizon, 0, width / 2, horizon, unit * 0.5);
      for (let step = 0; step <= 8; step += 1) light.addColorStop(step / 8, css(color, 0.62 * (1 - step / 8) ** 2.2));
      ctx.globalCompositeOperation = "screen";
      ctx.fillStyle = light;
      ctx.fillRect(width / 2 - unit * 0.5, horizon - unit * 0.5, unit, unit);
    },
  };
}

/** Coloured light lying on the wet road, trembling. */
function sheen(world: World, road: (x: number) => number): Actor {
  const { unit, width, height, brief, palette } = world;
  const random = randomFor(brief.seed, "sheen");
  const colors = brief.neon
    ? ["#ff3d81", "#29e6e0", "#ffb02e", "#9b5cff"]
    : ["#ffcf8a", "#ffe3b0", "#ffb870", "#ffd9a0"];
  const strokes = Array.from({ length: 46 }, () => {
    const x = width / 2 + (random.next() + random.next() - 1) * Math.min(width, unit * 1.1) * 0.55;
    return {
      x,
      y: road(x) + random.next() ** 0.8 * (height - road(x)),
      color: rgb(colors[random.whole(0, 3)] ?? "#ffffff"),
      long: random.between(0.025, 0.1),
      phase: random.between(0, 6.28),
    };
  });
  return {
    kind: "actor",
    depth: 0.5,
    draw(ctx, seconds) {
      ctx.globalCompositeOperation = "screen";
      for (const stroke of strokes) {
        const near = 0.35 + (stroke.y - world.horizon) / Math.max(1, height - world.horizon);
        ctx.fillStyle = css(
          mix(stroke.color, palette.haze, 0.12),
          0.16 + 0.12 * Math.sin(stroke.phase + seconds * 2.2),
        );
        ctx.beginPath();
        ctx.ellipse(
          stroke.x + Math.sin(seconds * 1.6 + stroke.phase) * unit * 0.003,
          stroke.y,
          unit * 0.009 * near,
          unit * stroke.long * near,
          0,
          0,
          Math.PI * 2,
        );
        ctx.fill();
        ctx.beginPath();
        ctx.ellipse(stroke.x, stroke.y, unit * 0.032 * near, unit * 0.005 * near, 0, 0, Math.PI * 2);
        ctx.fill();
      }
    },
  };
}

/** Wires across the street: the nearest thing to the lens. */
function wires(world: World): Part[] {
  const { width, unit, palette, brief, horizon } = world;
  const random = randomFor(brief.seed, "wires");
  const lines = Array.from({ length: 4 }, () => ({
    a: random.between(0.05, 0.32) * horizon,
    b: random.between(0.05, 0.4) * horizon,
    sag: random.between(0.04, 0.12),
  }));
  return [
    {
      kind: "actor",
      depth: 0.9,
      draw(ctx) {
        ctx.strokeStyle = css(palette.ink, 0.8);
        ctx.lineWidth = unit * 0.0024;
        ctx.beginPath();
        for (const line of lines) {
          ctx.moveTo(-width * 0.4, line.a);
          ctx.quadraticCurveTo(width / 2, (line.a + line.b) / 2 + unit * line.sag, width * 1.4, line.b);
        }
        ctx.stroke();
      },
    },
  ];
}
