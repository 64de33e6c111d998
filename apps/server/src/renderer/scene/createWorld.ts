import { createCamera } from "./camera.ts";
import { createNoise } from "./noise.ts";
import type { Palette } from "./palette.ts";
import { randomFor } from "./random.ts";
import type { SceneBrief, TimeOfDay } from "./SceneBrief.ts";
import type { World } from "./World.ts";

/** How high the sun or moon stands, as a share of the sky. */
const SUN_HEIGHT = { dawn: 0.2, day: 0.8, golden: 0.16, dusk: 0.1, blue: 0.62, night: 0.66 } as const satisfies Record<
  TimeOfDay,
  number
>;

export interface WorldOptions {
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly horizon: number;
}

export function createWorld(
  brief: SceneBrief,
  palette: Palette,
  { width, height, durationMs, horizon }: WorldOptions,
): World {
  const random = randomFor(brief.seed, "sun");
  const aside = random.chance(0.5) ? random.between(0.24, 0.36) : random.between(0.64, 0.76);
  const high =
    brief.place === "abstract" ? Math.min(0.52, Math.max(0.34, SUN_HEIGHT[brief.time])) : SUN_HEIGHT[brief.time];
  return {
    brief,
    palette,
    camera: createCamera({ move: brief.move, width, height, focusY: horizon, durationMs, still: durationMs === 0 }),
    width,
    height,
    unit: Math.sqrt(width * height) * 0.8,
    horizon,
    sun: { x: width * (brief.place === "street" ? 0.5 : aside), y: horizon * (1 - high) },
    noise: createNoise(brief.seed),
  };
}
