import { createCanvas } from "@napi-rs/canvas";
import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import { speck } from "./noise.ts";

/** What the lens and the print add to every frame. */
export interface Lens {
  draw(ctx: SKRSContext2D, frame: number): void;
}

export interface LensOptions {
  readonly grain?: number;
  /** Black and white stock. */
  readonly mono?: boolean;
}

/** A soft vignette and the grain of the stock, which boils on twos as drawn film does. */
export function createLens(
  width: number,
  height: number,
  seed: number,
  { grain = 1, mono = false }: LensOptions = {},
): Lens {
  const vignette = createCanvas(width, height);
  const dark = vignette.getContext("2d");
  const far = Math.hypot(width, height) / 2;
  const fall = dark.createRadialGradient(width / 2, height * 0.48, far * 0.5, width / 2, height * 0.48, far * 1.04);
  for (let step = 0; step <= 8; step += 1) fall.addColorStop(step / 8, `rgba(14,8,22,${0.34 * (step / 8) ** 1.8})`);
  dark.fillStyle = fall;
  dark.fillRect(0, 0, width, height);
  const size = 256;
  const tiles: Canvas[] = [0, 1, 2].map((index) => {
    const tile = createCanvas(size, size);
    const ctx = tile.getContext("2d");
    const pixels = ctx.createImageData(size, size);
    for (let at = 0; at < size * size; at += 1) {
      const dot = speck(at % size, Math.floor(at / size), seed + index * 101) - 0.5;
      pixels.data.set(dot > 0 ? [255, 246, 228] : [20, 10, 30], at * 4);
      pixels.data[at * 4 + 3] = Math.abs(dot) * 24 * grain;
    }
    ctx.putImageData(pixels, 0, 0);
    return tile;
  });
  return {
    draw(ctx, frame) {
      if (mono) {
        ctx.globalCompositeOperation = "saturation";
        ctx.globalAlpha = 0.93;
        ctx.fillStyle = "#808080";
        ctx.fillRect(0, 0, width, height);
        ctx.globalAlpha = 1;
        ctx.globalCompositeOperation = "source-over";
      }
      const tile = tiles[Math.floor(frame / 2) % tiles.length];
      const pattern = tile ? ctx.createPattern(tile, "repeat") : null;
      if (pattern) {
        ctx.fillStyle = pattern;
        ctx.fillRect(0, 0, width, height);
      }
      ctx.drawImage(vignette, 0, 0);
    },
  };
}
