import { css, mix, rgb } from "../color.ts";
import { randomFor } from "../random.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { drawGrass } from "../paint/trees.ts";
import { facets, sharpRidge, softRidge, surface } from "../paint/surface.ts";
import { paintWater } from "../paint/water.ts";
import { drawLighthouse, drawPerson, lighthouseBeam } from "../subjects/figures.ts";
import { boat } from "../subjects/movers.ts";
import type { Part, World } from "../World.ts";

/** Open sea: headlands in the haze, a rock where the lighthouse stands, a cliff at our feet. */
export function coast(world: World, behind: readonly Part[]): Part[] {
  const { unit, width, height, horizon, brief, sun, palette } = world;
  const random = randomFor(brief.seed, "coast");
  const away = sun.x < width / 2 ? 1 : -1;
  const rock = facets(world, "rock", 5.5);
  const parts: Part[] = [];
  for (const [index, depth] of [0.12, 0.2].entries()) {
    const line = softRidge(world, `headland${index}`, horizon, 0.13 - index * 0.05, 1.1);
    const from = width / 2 + away * unit * (0.02 + index * 0.3);
    parts.push(
      paintTerrain(world, {
        depth,
        ridge: (x) => {
          const inland = Math.min(1, Math.max(0, ((x - from) * away) / (unit * 0.55)));
          return horizon + 3 + (line(x) - horizon) * inland ** 0.65;
        },
        shade: (x, below) => 0.5 + rock(x * 0.7, below) * 0.32,
        colors: surface(world, "#6d6a72", depth + 0.12),
        mist: { color: palette.haze, from: 0.01, to: 0.12, most: 0.75 },
        bottom: horizon + 4,
      }),
    );
  }
  const rough = brief.weather === "storm" ? 1 : brief.weather === "wind" || brief.weather === "rain" ? 0.75 : 0.42;
  parts.push(
    ...paintWater(world, [...behind, ...parts], {
      top: horizon,
      bottom: height,
      depth: 0.3,
      mirror: 0.3 - rough * 0.2,
      rough,
      tint: "#4f8494",
    }),
  );
  if (brief.subjects.includes("boat")) {
    parts.push(
      boat(world, {
        x: width / 2 - away * unit * random.between(0.05, 0.2),
        y: horizon + (height - horizon) * 0.24,
        size: unit * 0.13,
        depth: 0.36,
      }),
    );
  }
  const rockX = width / 2 + away * Math.min(width * 0.27, unit * 0.42);
  const broken = sharpRidge(world, "stack", 0, 0.055, 7, 4);
  const stackTop = (x: number): number => {
    const off = Math.abs(x - rockX) / unit;
    const body = 0.105 * Math.max(0, 1 - (off / 0.27) ** 1.7) - (off > 0.26 ? (off - 0.26) * 0.8 : 0);
    return (
      horizon +
      (height - horizon) * 0.16 -
      body * unit +
      (off < 0.055 ? 0 : broken(x) * Math.min(1, (off - 0.055) * 9) * (off < 0.3 ? 1 : 0))
    );
  };
  const stackBottom = horizon + (height - horizon) * 0.2;
  const waterline = (x: number): number =>
    stackBottom - unit * 0.03 * Math.min(1.6, Math.abs(x - rockX) / (unit * 0.3)) ** 2;
  if (brief.subjects.includes("lighthouse") || random.chance(0.4)) {
    const tall = unit * 0.36;
    parts.push(
      paintTerrain(world, {
        depth: 0.45,
        ridge: (x) => (stackTop(x) < waterline(x) ? stackTop(x) : height * 2),
        shade: (x, below) => 0.42 + rock(x, below) * 0.5 - below * 1.4,
        colors: surface(world, "#57504f", 0.66),
        mist: { color: palette.haze, from: 0.06, to: 0.17, most: 0.55 },
        bottom: stackBottom,
        grain: 0.34,
        onTop: ({ ctx, left, right, bottom }) => {
          if (brief.subjects.includes("lighthouse"))
            drawLighthouse(ctx, world, { x: rockX, y: stackTop(rockX) + unit * 0.012, tall });
          // The rock ends where the water's curve laps it.
          ctx.globalCompositeOperation = "destination-out";
          ctx.beginPath();
          ctx.moveTo(left, bottom);
          for (let x = left; x <= right; x += 2)
            ctx.lineTo(x, waterline(x) + Math.sin(x / (unit * 0.011)) * unit * 0.0016);
          ctx.lineTo(right, bottom);
          ctx.fill();
          ctx.globalCompositeOperation = "source-over";
        },
      }),
    );
    parts.push(surf(world, { x: rockX, wide: unit * 0.29, waterline }));
    if (brief.subjects.includes("lighthouse"))
      parts.push(lighthouseBeam(world, { x: rockX, y: stackTop(rockX) + unit * 0.012 - tall * 0.87, depth: 0.45 }));
  }
  const edge = sharpRidge(world, "cliff", 0, 0.05, 5, 5);
  const cliff = (x: number): number => {
    const inland = Math.min(1.25, Math.max(0, ((width / 2 - away * width * 0.02 - x) * away) / (width * 0.55)));
    return (
      height * (1.3 - 0.27 * Math.min(1, inland * 9)) -
      inland ** 0.75 * Math.min(unit * 0.3, height * 0.3) +
      edge(x) * 0.7
    );
  };
  parts.push(
    paintTerrain(world, {
      depth: 0.85,
      ridge: cliff,
      shade: (x, below) => 0.36 + rock(x * 0.8, below) * 0.42 - below * 0.9 + Math.max(0, 0.1 - below) * 2,
      colors: surface(world, "#5a5a48", 0.97, 1.15),
      bottom: height,
      grain: 0.36,
      onTop: ({ ctx, left, right }) => {
        const [dark, base, light] = surface(world, "#6a6f45", 0.97);
        const from = away > 0 ? left : width * 0.5;
        drawGrass(ctx, randomFor(brief.seed, "cliffgrass"), {
          from,
          to: away > 0 ? width * 0.5 : right,
          ground: cliff,
          tall: unit * 0.06,
          count: 520,
          colors: [dark, base, light],
          seedHeads: brief.subjects.includes("flowers") ? palette.accent : undefined,
        });
        if (!brief.subjects.includes("person")) return;
        const x = width / 2 - away * width * 0.24;
        drawPerson(ctx, world, { x, y: cliff(x) + unit * 0.015, tall: unit * 0.2 });
      },
    }),
  );
  return [...parts, foam(world, cliff)];
}

/** White water around the foot of the rock, and its shadow on the sea. */
function surf(
  world: World,
  {
    x: middle,
    wide,
    waterline,
  }: { readonly x: number; readonly wide: number; readonly waterline: (x: number) => number },
): Part {
  const { unit, palette } = world;
  return {
    kind: "actor",
    depth: 0.45,
    draw(ctx, seconds) {
      for (const [index, [alpha, thick, low]] of (
        [
          [0.3, 0.012, 0.01],
          [0.6, 0.0035, 0.001],
          [0.3, 0.0025, 0.011],
        ] as const
      ).entries()) {
        ctx.strokeStyle = index === 0 ? css(palette.ink) : css(mix(palette.sky[3], rgb("#ffffff"), 0.55));
        ctx.globalAlpha = alpha * (0.8 + 0.2 * Math.sin(seconds * 1.3 + index));
        ctx.lineWidth = unit * thick;
        ctx.lineCap = "round";
        ctx.beginPath();
        const reach = wide * (0.93 + 0.03 * Math.sin(seconds * 1.1 + index * 2));
        for (let x = middle - reach; x <= middle + reach; x += unit * 0.008) {
          const y = waterline(x) + unit * (low + 0.0022 * Math.sin(x / (unit * 0.021) + seconds * 1.7 + index * 2));
          ctx.lineTo(x, y);
        }
        ctx.stroke();
      }
    },
  };
}

/** Lines of surf running along the foot of the cliff. */
function foam(world: World, cliff: (x: number) => number): Part {
  const { unit, height, horizon, width, palette, brief } = world;
  const random = randomFor(brief.seed, "foam");
  const bands = Array.from({ length: 9 }, (_, index) => ({
    y: horizon + (height - horizon) * (0.2 + 0.085 * index),
    x: random.between(0, width),
    long: unit * random.between(0.1, 0.3),
    phase: random.between(0, 6.28),
  }));
  return {
    kind: "actor",
    depth: 0.5,
    draw(ctx, seconds) {
      ctx.strokeStyle = css(mix(palette.sky[3], rgb("#ffffff"), 0.5));
      ctx.lineCap = "round";
      for (const band of bands) {
        const y = band.y + Math.sin(seconds * 0.9 + band.phase) * unit * 0.004;
        if (y > cliff(band.x) - unit * 0.02) continue;
        ctx.globalAlpha = 0.2 + 0.16 * Math.sin(seconds * 1.1 + band.phase);
        ctx.lineWidth = unit * 0.0032;
        ctx.beginPath();
        ctx.moveTo(band.x - band.long / 2, y);
        ctx.bezierCurveTo(
          band.x - band.long * 0.2,
          y - unit * 0.006,
          band.x + band.long * 0.2,
          y + unit * 0.006,
          band.x + band.long / 2,
          y,
        );
        ctx.stroke();
      }
    },
  };
}
