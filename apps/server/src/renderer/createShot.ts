import type { SKRSContext2D } from "@napi-rs/canvas";
import type { RenderRequest } from "./protocol.ts";
import { loadReference } from "./loadReference.ts";
import { buildScene } from "./scene/buildScene.ts";
import { drawParts } from "./scene/drawParts.ts";
import { createLens } from "./scene/lens.ts";
import { readScene } from "./scene/readScene.ts";
import { createSlate } from "./slate.ts";

/** A set, lit and framed: everything is painted, and any moment of it can be drawn. */
export interface Shot {
  drawFrame(ctx: SKRSContext2D, frame: number, frames: number): void;
}

/** A still shows the scene a moment after it began, so that what moves is in the middle of moving. */
const STILL_SECONDS = 1.2;

export async function createShot(request: RenderRequest, framesPerSecond: number): Promise<Shot> {
  const { width, height } = request;
  const durationMs = request.type === "video" ? request.durationMs : 0;
  const brief = readScene(request.prompt, request.seed);
  const { world, parts } =
    request.inputPath === null
      ? buildScene(brief, { width, height, durationMs })
      : await loadReference(request.inputPath, brief, { width, height, durationMs });
  const lens = createLens(width, height, brief.seed, {
    grain: request.inputPath === null ? 1 : 0.4,
    mono: brief.hues.includes("mono"),
  });
  const slate = request.slate ? createSlate(request, brief.move) : null;
  return {
    drawFrame(ctx, frame, frames) {
      const seconds = STILL_SECONDS + frame / framesPerSecond;
      drawParts(ctx, parts, world.camera, { at: frames > 1 ? frame / (frames - 1) : 0.5, seconds });
      lens.draw(ctx, frame);
      slate?.draw(ctx, frame);
    },
  };
}
