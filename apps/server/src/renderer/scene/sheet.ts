import { createCanvas } from "@napi-rs/canvas";
import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import type { Layer, World } from "./World.ts";

/** A transparent sheet for one layer; its context counts in pixels of the frame. */
export interface Sheet {
  readonly canvas: Canvas;
  readonly ctx: SKRSContext2D;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly depth: number;
}

/** `from` and `to` bound what will be painted, top to bottom: smaller sheets are faster to move. */
export function createSheet(world: World, depth: number, from = 0, to = world.height): Sheet {
  const margin = world.camera.margin(depth);
  const left = -margin.x;
  const top = Math.max(-margin.y, Math.floor(from) - 2);
  const right = world.width + margin.x;
  const bottom = Math.max(
    top + 4,
    Math.min(world.height + margin.y, Math.ceil(to) + 2 + (to >= world.height ? margin.y : 0)),
  );
  const canvas = createCanvas(right - left, bottom - top);
  const ctx = canvas.getContext("2d");
  ctx.translate(-left, -top);
  return { canvas, ctx, left, right, top, bottom, depth };
}

export function toLayer(sheet: Sheet, options: Partial<Pick<Layer, "drift" | "alpha" | "blend">> = {}): Layer {
  return {
    kind: "layer",
    depth: sheet.depth,
    canvas: sheet.canvas,
    left: sheet.left,
    top: sheet.top,
    drift: 0,
    alpha: 1,
    blend: "source-over",
    ...options,
  };
}

/** Calls `shade` with the frame coordinates and the four bytes' offset of every pixel, then puts the pixels back. */
export function eachPixel(
  sheet: Sheet,
  shade: (x: number, y: number, bytes: Uint8ClampedArray, at: number) => void,
): void {
  const { width, height } = sheet.canvas;
  const pixels = sheet.ctx.getImageData(0, 0, width, height);
  const bytes = pixels.data;
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      shade(column + sheet.left, row + sheet.top, bytes, at);
      at += 4;
    }
  }
  sheet.ctx.putImageData(pixels, 0, 0);
}
