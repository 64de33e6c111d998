import { createWorld } from "./createWorld.ts";
import { paintAurora } from "./paint/aurora.ts";
import { paintMist } from "./paint/mist.ts";
import { paintClouds, paintSky, paintStars } from "./paint/sky.ts";
import { choosePalette } from "./palette.ts";
import { coast } from "./places/coast.ts";
import { abstract } from "./places/abstract.ts";
import { desert } from "./places/desert.ts";
import { room } from "./places/room.ts";
import { space } from "./places/space.ts";
import { lake } from "./places/lake.ts";
import { mountains } from "./places/mountains.ts";
import { snowfield } from "./places/snowfield.ts";
import { city } from "./places/city.ts";
import { street } from "./places/street.ts";
import { field } from "./places/field.ts";
import { forest } from "./places/forest.ts";
import { randomFor } from "./random.ts";
import type { Place, SceneBrief } from "./SceneBrief.ts";
import { balloons, birds, lanterns, train } from "./subjects/movers.ts";
import { weatherParts } from "./weather.ts";
import type { Part, World } from "./World.ts";

export interface Scene {
  readonly world: World;
  /** From the farthest to the nearest. */
  readonly parts: readonly Part[];
}

/** Height of the horizon, as a share of the picture. */
const HORIZON = {
  sea: 0.58,
  mountains: 0.56,
  forest: 0.66,
  desert: 0.52,
  city: 0.68,
  street: 0.62,
  field: 0.55,
  lake: 0.56,
  river: 0.56,
  snowfield: 0.5,
  space: 0.8,
  room: 0.6,
  abstract: 0.48,
} as const satisfies Record<Place, number>;

const BUILDERS = {
  sea: coast,
  mountains,
  forest,
  desert,
  city,
  street,
  field,
  lake,
  river: lake,
  snowfield,
  space,
  room,
  abstract,
} as const satisfies Record<Place, (world: World, behind: readonly Part[]) => Part[]>;

export interface SceneOptions {
  readonly width: number;
  readonly height: number;
  /** 0 for a still picture: nothing beyond the frame is painted. */
  readonly durationMs: number;
}

/** Builds the whole set. The same brief and size give the same set, to the pixel. */
export function buildScene(brief: SceneBrief, { width, height, durationMs }: SceneOptions): Scene {
  const random = randomFor(brief.seed, "set");
  const horizon = Math.round(height * (HORIZON[brief.place] + random.between(-0.03, 0.03)));
  const world = createWorld(brief, choosePalette(brief), { width, height, durationMs, horizon });
  const dark = brief.time === "night" || brief.time === "blue";
  const closed = ["rain", "storm", "fog"].includes(brief.weather) || brief.neon;
  const starry = brief.place === "space" || (dark && !closed);
  const cover = { clear: 0.16, cloudy: 0.72, rain: 0.95, snow: 0.8, fog: 0.5, storm: 1.1, wind: 0.55 }[brief.weather];
  const sky: Part[] = [paintSky(world, { disc: brief.place !== "space" && !(brief.place === "street" && brief.neon) })];
  if (starry) sky.push(...paintStars(world, brief.place === "space" || brief.time === "night" ? 1 : 0.45));
  if (brief.aurora && brief.place !== "room") sky.push(paintAurora(world));
  if (brief.place !== "space" && !(brief.neon && brief.place === "street"))
    sky.push(paintClouds(world, brief.time === "night" ? cover * 0.8 : cover));
  const set = BUILDERS[brief.place](world, sky);
  const parts: Part[] = [...sky];
  // A balloon hangs before the sky and behind the near ground; indoors it is seen through the window.
  const middle = set.findIndex((part) => part.depth > 0.33);
  const flying: Part[] = [];
  if (brief.subjects.includes("birds")) flying.push(birds(world));
  if (brief.subjects.includes("balloon")) flying.push(balloons(world));
  if (brief.subjects.includes("train") && !["city", "street", "room", "space"].includes(brief.place)) {
    const bank = set.findIndex((part) => part.depth > 0.52);
    set.splice(
      bank < 0 ? set.length : bank,
      0,
      train(world, { y: horizon + (height - horizon) * 0.3, tall: world.unit * 0.062, depth: 0.5 }),
    );
  }
  parts.push(...set.slice(0, Math.max(0, middle)), ...flying, ...set.slice(Math.max(0, middle)));
  if (brief.weather === "fog" && brief.place !== "room" && brief.place !== "space") {
    parts.splice(
      Math.max(1, parts.length - 2),
      0,
      paintMist(world, "fog", { depth: 0.72, middle: horizon + (height - horizon) * 0.25, thick: 0.5, most: 0.85 }),
    );
  }
  if (brief.subjects.includes("lantern")) parts.push(lanterns(world));
  if (brief.place !== "room" && brief.place !== "space") parts.push(...weatherParts(world));
  return { world, parts };
}
