import { css } from "../color.ts";
import { randomFor } from "../random.ts";
import { paintBuildings } from "../paint/buildings.ts";
import { paintMist } from "../paint/mist.ts";
import { paintTerrain } from "../paint/terrain.ts";
import { surface } from "../paint/surface.ts";
import { paintWater } from "../paint/water.ts";
import { drawPerson } from "../subjects/figures.ts";
import { boat, train } from "../subjects/movers.ts";
import type { Part, World } from "../World.ts";

/** A skyline over water or roofs. */
export function city(world: World, behind: readonly Part[]): Part[] {
  const { horizon, height, unit, width, brief } = world;
  const own = brief.time === "day" || brief.time === "dawn" ? "#8f97a3" : "#5d6273";
  const parts: Part[] = [
    paintBuildings(world, {
      part: "far",
      depth: 0.1,
      ground: horizon,
      low: 0.05,
      high: 0.3,
      narrow: 0.025,
      wide: 0.06,
      own,
    }),
    paintBuildings(world, {
      part: "mid",
      depth: 0.22,
      ground: horizon,
      low: 0.08,
      high: 0.46,
      narrow: 0.035,
      wide: 0.08,
      own,
    }),
    paintBuildings(world, {
      part: "front",
      depth: 0.36,
      ground: horizon,
      low: 0.05,
      high: 0.26,
      narrow: 0.05,
      wide: 0.11,
      own,
      misty: 0.28,
    }),
  ];
  const wet = paintWater(world, [...behind, ...parts], {
    top: horizon,
    bottom: height,
    depth: 0.38,
    mirror: 0.72,
    rough: 0.4,
    tint: "#3f5f77",
  });
  parts.push(
    ...wet,
    paintMist(world, "river", { depth: 0.4, middle: horizon + unit * 0.005, thick: 0.035, most: 0.5 }),
  );
  if (brief.subjects.includes("train"))
    parts.push(train(world, { y: horizon + (height - horizon) * 0.22, tall: unit * 0.055, depth: 0.5 }));
  if (brief.subjects.includes("boat"))
    parts.push(boat(world, { x: width * 0.4, y: horizon + (height - horizon) * 0.34, size: unit * 0.11, depth: 0.45 }));
  const roof = (x: number): number => {
    const step = Math.floor((x / unit) * 2.6 + 40);
    const random = randomFor(brief.seed, `roof${step}`);
    return height * 1.02 - unit * random.between(0.13, 0.25) * (0.75 + (0.5 * Math.abs(x - width / 2)) / (width / 2));
  };
  parts.push(
    paintTerrain(world, {
      depth: 0.92,
      ridge: roof,
      shade: (_, below) => 0.34 + Math.max(0, 0.03 - below) * 9 - below * 0.6,
      colors: surface(world, "#4a4653", 1, 1.15),
      bottom: height,
      onTop: ({ ctx }) => {
        const random = randomFor(brief.seed, "rooftops");
        ctx.fillStyle = css(surface(world, "#3a3742", 1, 1.2)[0]);
        for (let x = -width * 0.4; x < width * 1.4; x += unit * random.between(0.07, 0.2)) {
          const y = roof(x) + 2;
          const kind = random.whole(0, 3);
          if (kind === 0) {
            ctx.fillRect(x, y - unit * 0.11, unit * 0.003, unit * 0.11);
            for (const bar of [0.1, 0.085, 0.07])
              ctx.fillRect(x - unit * 0.02, y - unit * bar, unit * 0.043, unit * 0.0025);
          } else if (kind === 1) {
            ctx.fillRect(x, y - unit * 0.035, unit * 0.05, unit * 0.036);
          } else if (kind === 2) {
            ctx.fillRect(x, y - unit * 0.045, unit * 0.004, unit * 0.045);
            ctx.fillRect(x + unit * 0.03, y - unit * 0.045, unit * 0.004, unit * 0.045);
            ctx.beginPath();
            ctx.roundRect(x - unit * 0.006, y - unit * 0.085, unit * 0.046, unit * 0.045, unit * 0.006);
            ctx.fill();
          }
        }
        if (brief.subjects.includes("person"))
          drawPerson(ctx, world, { x: width * 0.3, y: roof(width * 0.3) + 2, tall: unit * 0.2 });
      },
    }),
  );
  return parts;
}
