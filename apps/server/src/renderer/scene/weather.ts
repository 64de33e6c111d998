import { css, mix, rgb } from "./color.ts";
import { randomFor } from "./random.ts";
import type { Actor, Part, World } from "./World.ts";

/** What falls or flies through the air before the lens, in three depths. */
export function weatherParts(world: World): Part[] {
  const { weather } = world.brief;
  const blossom = world.brief.subjects.includes("blossom");
  const parts: Part[] = [];
  if (weather === "rain" || weather === "storm") parts.push(rain(world, 0.35, 130, 0.5), rain(world, 0.95, 60, 1));
  if (weather === "snow") parts.push(snow(world, 0.3, 130, 0.45), snow(world, 0.7, 70, 1), snow(world, 1, 14, 2.6));
  if (blossom) parts.push(petals(world, "#f6b8c8", 40));
  else if (world.brief.autumn) parts.push(petals(world, "#d9772f", 26));
  else if (weather === "wind") parts.push(petals(world, "#e8d9b0", 18));
  return parts;
}

/** Falls that start again above when they have left below; all positions follow from the time alone. */
function falling(
  world: World,
  part: string,
  count: number,
): { readonly x: number; readonly y: number; readonly size: number; readonly phase: number }[] {
  const random = randomFor(world.brief.seed, part);
  return Array.from({ length: count }, () => ({
    x: random.between(-0.3, 1.3),
    y: random.next(),
    size: random.between(0.6, 1.4),
    phase: random.between(0, 6.28),
  }));
}

function rain(world: World, depth: number, count: number, strong: number): Actor {
  const { width, height, unit, palette, brief } = world;
  const drops = falling(world, `rain${depth}`, count);
  const slant = brief.weather === "storm" ? 0.34 : 0.14;
  const color = css(mix(palette.sky[3], rgb("#ffffff"), 0.45));
  return {
    kind: "actor",
    depth,
    draw(ctx, seconds) {
      ctx.strokeStyle = color;
      ctx.lineCap = "round";
      ctx.lineWidth = unit * 0.0016 * (0.55 + strong * 0.6);
      ctx.globalAlpha = 0.17 + 0.13 * strong;
      ctx.beginPath();
      for (const drop of drops) {
        const y = (((drop.y + seconds * (1.5 + strong * 0.7) * (0.85 + drop.size * 0.15)) % 1) * 1.3 - 0.15) * height;
        const long = unit * 0.05 * strong * drop.size + unit * 0.016;
        const x = drop.x * width - (y - height / 2) * slant;
        ctx.moveTo(x, y);
        ctx.lineTo(x - long * slant, y + long);
      }
      ctx.stroke();
    },
  };
}

function snow(world: World, depth: number, count: number, size: number): Actor {
  const { width, height, unit, palette } = world;
  const flakes = falling(world, `snow${depth}`, count);
  const color = css(mix(palette.sun, rgb("#ffffff"), 0.6));
  return {
    kind: "actor",
    depth,
    draw(ctx, seconds) {
      ctx.fillStyle = color;
      ctx.globalAlpha = size > 2 ? 0.26 : 0.78;
      ctx.beginPath();
      for (const flake of flakes) {
        const y = (((flake.y + seconds * (0.06 + 0.05 * size) * flake.size) % 1) * 1.2 - 0.1) * height;
        const x =
          flake.x * width + Math.sin(flake.phase + seconds * 0.9) * unit * 0.02 * size - seconds * unit * 0.012 * size;
        const radius = unit * 0.0032 * size * flake.size;
        ctx.moveTo(x + radius, y);
        ctx.arc(x, y, radius, 0, Math.PI * 2);
      }
      ctx.fill();
    },
  };
}

function petals(world: World, own: string, count: number): Actor {
  const { width, height, unit, palette } = world;
  const all = falling(world, "petals", count);
  const colors = [css(mix(rgb(own), palette.sun, 0.25), 0.92), css(mix(rgb(own), palette.ink, 0.22), 0.92)];
  return {
    kind: "actor",
    depth: 0.8,
    draw(ctx, seconds) {
      for (const [index, petal] of all.entries()) {
        const y =
          (((petal.y + seconds * 0.075 * petal.size) % 1) * 1.2 - 0.1) * height +
          Math.sin(petal.phase + seconds * 1.3) * unit * 0.02;
        const x = (((((petal.x + 0.3 + seconds * 0.05 * petal.size) % 1.6) + 1.6) % 1.6) - 0.3) * width;
        ctx.fillStyle = colors[index % 2] ?? "";
        ctx.beginPath();
        ctx.ellipse(
          x,
          y,
          unit * 0.0095 * petal.size,
          unit * 0.0052 * petal.size * (0.35 + 0.65 * Math.abs(Math.sin(petal.phase + seconds * 2.2))),
          petal.phase + seconds * 1.1,
          0,
          Math.PI * 2,
        );
        ctx.fill();
      }
    },
  };
}
